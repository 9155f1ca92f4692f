/// Why a password is not taken.
package enum PasswordRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case tooShort(minimumCharacters: Int)
    case tooLong(maximumBytes: Int)
    case knownToEverybody
    case tooCommon

    package var description: String {
        switch self {
        case .tooShort(let minimum):
            "the password is too short: take at least \(minimum) characters; a few words that do not belong together "
                + "are easy to remember"
        case .tooLong(let maximum):
            "the password is too long: take at most \(maximum) bytes, which are 64 letters or more"
        case .knownToEverybody:
            "the password is what everybody knows of the account, such as its email address: take another one"
        case .tooCommon: "the password is one of those that are tried first: take another one"
        }
    }
}

package import Coverage

/// Why nobody is signed in.
package enum SignInRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which of the two is not told: whether there is an account is nobody's business.
    case wrongEmailOrPassword
    /// Nobody signs in with a password here.
    case noPasswords
    /// Passwords were tried too often, on this account or from this address.
    case tooManyAttempts(retryAfterSeconds: Int64)
    /// Told only to who has the right password.
    case disabled
    /// The account's operator or library has left the consortium; told only to who has the right password.
    case departed
    /// The way to the identity provider and back took too long, was gone before, or was begun in another browser.
    case visitOver
    /// The provider vouches for this email address, and nobody here has an account with it.
    case unknownPerson(EmailAddress)
    /// The provider vouches for no email address, by which an account could be found.
    case unknownAddress
    /// The account with this email address is linked to somebody else at the provider.
    case linkedToAnother(EmailAddress)

    package var description: String {
        switch self {
        case .wrongEmailOrPassword: "the email address or the password is not right"
        case .noPasswords: "nobody signs in with a password here: sign in with the consortium's provider"
        case .tooManyAttempts(let seconds):
            "passwords were tried too often: try again in "
                + (seconds < 60 ? "a minute" : "\((seconds + 59) / 60) minutes")
        case .disabled: "this account is disabled: ask your coordinator"
        case .departed: "this account belongs to somebody who has left the consortium: ask your coordinator"
        case .visitOver: "this sign-in was begun too long ago, used already, or begun in another browser: begin again"
        case .unknownPerson(let email): "nobody with the address \(email) has an account: ask your coordinator"
        case .unknownAddress: "the provider vouches for no email address: ask whoever runs it"
        case .linkedToAnother(let email):
            "the account of \(email) is linked to somebody else at the provider: ask your coordinator to unlink it"
        }
    }
}

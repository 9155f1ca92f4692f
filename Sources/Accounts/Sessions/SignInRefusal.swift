/// Why nobody is signed in.
package enum SignInRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which of the two is not told: whether there is an account is nobody's business.
    case wrongEmailOrPassword
    /// Passwords were tried too often, on this account or from this address.
    case tooManyAttempts(retryAfterSeconds: Int64)
    /// Told only to who has the right password.
    case disabled
    /// The account's operator or library has left the consortium; told only to who has the right password.
    case departed

    package var description: String {
        switch self {
        case .wrongEmailOrPassword: "the email address or the password is not right"
        case .tooManyAttempts(let seconds):
            "passwords were tried too often: try again in "
                + (seconds < 60 ? "a minute" : "\((seconds + 59) / 60) minutes")
        case .disabled: "this account is disabled: ask your coordinator"
        case .departed: "this account belongs to somebody who has left the consortium: ask your coordinator"
        }
    }
}

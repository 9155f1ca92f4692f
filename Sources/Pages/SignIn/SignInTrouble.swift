import Accounts
import HTTPTypes

/// Why somebody is not signed in, as a page tells it.
struct SignInTrouble: Hashable, Sendable {
    var words: String
    var status: HTTPResponse.Status
    var retryAfterSeconds: Int64?

    init(_ words: String, _ status: HTTPResponse.Status, retryAfterSeconds: Int64? = nil) {
        self.words = words
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
    }

    init(_ refusal: SignInRefusal) {
        switch refusal {
        case .wrongEmailOrPassword:
            self.init(
                "The email address or the password is not right. Look at both again; for a password that is lost your "
                    + "coordinator can send you a link.", .unprocessableContent)
        case .noPasswords:
            self.init(
                "Nobody signs in with a password here. Sign in with your consortium’s account instead.", .forbidden)
        case .tooManyAttempts(let seconds):
            self.init(
                "Passwords were tried too often. Wait \(Self.wait(seconds)), then try again.", .tooManyRequests,
                retryAfterSeconds: seconds)
        case .disabled:
            self.init("This account is disabled. Ask your coordinator.", .forbidden)
        case .departed:
            self.init(
                "This account belongs to somebody who has left the consortium. Ask your coordinator if that is not so.",
                .forbidden)
        case .visitOver:
            self.init(
                "This sign-in was begun more than ten minutes ago, was used already, or was begun in another browser. "
                    + "Begin it again.", .unprocessableContent)
        case .unknownPerson(let email):
            self.init(
                "Nobody has an account with the address \(email). Ask your consortium’s coordinator to invite you under "
                    + "it.", .forbidden)
        case .unknownAddress:
            self.init(
                "Your account was found by no email address, for the place where you signed in confirms none. Ask its "
                    + "help desk to confirm your address.", .forbidden)
        case .linkedToAnother(let email):
            self.init(
                "The account of \(email) belongs to another sign-in of the same address. Ask your consortium’s "
                    + "coordinator to unlink it, then try again.", .forbidden)
        }
    }

    static let busy = SignInTrouble(
        "Many people sign in at this moment. Try again in a few seconds.", .serviceUnavailable, retryAfterSeconds: 5)

    private static func wait(_ seconds: Int64) -> String {
        seconds <= 60 ? "a minute" : "\((seconds + 59) / 60) minutes"
    }
}

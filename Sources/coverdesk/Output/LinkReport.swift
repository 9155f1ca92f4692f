import API
import Accounts
import Coverage
import Storage

/// A link under which a password is set, as JSON.
struct LinkReport: Encodable {
    let number: Int
    let email: String
    let purpose: String
    let address: String
    let expiresAt: String

    init(_ link: IssuedLink, _ address: String) {
        number = link.account.number
        email = link.account.email.text
        purpose = link.purpose.rawValue
        self.address = address
        expiresAt = link.expiresAt.rfc3339
    }
}

import Accounts
import Testing

@Suite("Secrets")
struct SecretTests {
    private let secret = SecretText.make(of: RandomSource { Array(repeating: 0xFB, count: $0) })

    @Test("one is 43 characters that an address can hold, and can be read again")
    func isText() {
        #expect(secret.text == "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s")
        #expect(SecretText(secret.text) == secret)
        #expect(secret.hash.count == 32)
    }

    @Test("of the system's bits no two are the same")
    func differs() {
        #expect(SecretText.make(of: .system) != SecretText.make(of: .system))
    }

    @Test(
        "what can be none is not looked up",
        arguments: ["", "x", String(repeating: "a", count: 44), String(repeating: "/", count: 43), "\0"])
    func refuses(text: String) {
        #expect(SecretText(text) == nil)
    }

    @Test("forms carry a token that belongs to one session and does not tell its secret")
    func signsForms() {
        let other = SecretText.make(of: .system)
        #expect(secret.accepts(formToken: secret.formToken))
        #expect(!secret.accepts(formToken: other.formToken))
        #expect(!secret.accepts(formToken: ""))
        #expect(!secret.accepts(formToken: secret.text))
        #expect(!secret.formToken.contains(secret.text))
    }

    @Test("a log that a secret or a password gets into does not tell it")
    func keepsQuiet() {
        #expect(!"\(secret)".contains(secret.text))
        #expect(Password("seven quiet reading rooms").map { "\($0)" } == "a password")
    }

    @Test(
        "clients are told apart by address, those of IPv6 by network",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("2001:db8:1:2::9", "2001:db8:1:2"),
            ("2001:DB8::7", "2001:db8:0:0"), ("::1", "0:0:0:0"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ])
    func networks(address: String, network: String) {
        #expect(AttemptSubjects.network(of: address) == network)
    }
}

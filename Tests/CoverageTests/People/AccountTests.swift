import Coverage
import Testing

@Suite("Accounts")
struct AccountTests {
    @Test(
        "an email address is read whatever its capitals, without the spaces around it",
        arguments: [
            ("Ada@Example.ORG", "ada@example.org"), ("  ada@example.org ", "ada@example.org"),
            ("ada+desk@example.org", "ada+desk@example.org"), ("zoë@bücherei.example", "zoë@bücherei.example"),
        ])
    func reads(text: String, address: String) {
        #expect(EmailAddress(text)?.text == address)
    }

    @Test(
        "what is no email address is none",
        arguments: [
            "", "ada", "@", "ada@", "@example.org", "ada@b@c", "ada @example.org", "ada@exam\nple.org",
            "<ada@example.org>", "ada@example.org\0", "ada\u{200B}@example.org", "ada,bo@example.org",
            String(repeating: "a", count: 250) + "@example.org",
        ])
    func refuses(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test("a role is for whom it has to be, and for nobody else")
    func fits() {
        let (library, person) = (Library.ID("pub01"), Operator.ID("pub01-01"))
        #expect(Account.Role(.coordinator, library: nil, operator: nil) == .coordinator)
        #expect(Account.Role(.manager, library: library, operator: nil) == .manager(library))
        #expect(Account.Role(.operator, library: nil, operator: person) == .operator(person))
        #expect(Account.Role(.reader, library: nil, operator: nil) == .reader(nil))
        #expect(Account.Role(.reader, library: library, operator: nil) == .reader(library))
        #expect(Account.Role(.coordinator, library: library, operator: nil) == nil)
        #expect(Account.Role(.manager, library: nil, operator: nil) == nil)
        #expect(Account.Role(.manager, library: library, operator: person) == nil)
        #expect(Account.Role(.operator, library: library, operator: person) == nil)
        #expect(Account.Role(.reader, library: library, operator: person) == nil)
    }
}

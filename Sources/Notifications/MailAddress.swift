package import Coverage

/// Whom a mail is from or to: an address, and a name if there is one.
package struct MailAddress: Hashable, Sendable {
    package let name: String
    package let email: EmailAddress

    package init(name: String, email: EmailAddress) {
        self.name = name
        self.email = email
    }

    /// Reads `desk@example.org` or `Coverdesk <desk@example.org>`; nil if it is neither.
    package init?(_ text: String) {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            guard let email = EmailAddress(text) else { return nil }
            self.init(name: "", email: email)
            return
        }
        guard let email = EmailAddress(String(text[open...].dropFirst().dropLast())) else { return nil }
        var name = text[..<open]
        while name.last == " " { name.removeLast() }
        self.init(name: name.filter { $0 != "\"" }, email: email)
    }

    /// What is behind the @.
    package var domain: String { email.text.split(separator: "@").last.map(String.init) ?? "localhost" }

    /// As a header has it (RFC 5322, section 3.4): names are encoded words, whatever they are made of.
    var header: String {
        guard !name.isEmpty else { return email.text }
        let words = MailText.encodedWords(name)
        return words.contains("=?") ? "\(words)\n <\(email.text)>" : "\(words) <\(email.text)>"
    }
}

package import Coverage

/// How this service sends mail: through which program, and in whose name.
package struct Mailbox: Sendable {
    package let sendmail: Sendmail
    package let from: MailAddress
    /// Where people reach the pages, `https://desk.example.org`; nil where it is not set, and mails name no address.
    package let site: String?
    /// The world's clock: mails bear the date on which they are sent, whichever time a demo plays.
    private let clock: @Sendable () -> Instant

    package init(
        sendmail: Sendmail, from: MailAddress, site: String?, clock: @escaping @Sendable () -> Instant
    ) {
        self.sendmail = sendmail
        self.from = from
        self.site = site
        self.clock = clock
    }

    /// Sends a mail.
    ///
    /// - Parameters:
    ///   - subject: In one line.
    ///   - body: Its text; how it came to be is added.
    ///   - recipient: To whom.
    ///   - id: What makes it this mail, before the @.
    /// - Returns: Nil if it was taken; otherwise what happened instead.
    package func send(_ subject: String, _ body: String, to recipient: MailAddress, id: String) async -> String? {
        await sendmail.send(
            MailMessage(from: from, to: recipient, subject: subject, body: body, date: clock(), id: id))
    }
}

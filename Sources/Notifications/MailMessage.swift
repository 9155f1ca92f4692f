package import Coverage

/// A mail to one person (RFC 5322).
package struct MailMessage: Hashable, Sendable {
    package var from: MailAddress
    package var to: MailAddress
    package var subject: String
    /// Lines end in a line feed.
    package var body: String
    package var date: Instant
    /// What makes it this mail, before the @: sent twice it has the same, so that programs can tell.
    package var id: String

    package init(
        from: MailAddress, to: MailAddress, subject: String, body: String, date: Instant, id: String
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.body = body
        self.date = date
        self.id = id
    }

    /// The whole mail, as programs that are called like sendmail read it: lines end in a line feed.
    package var text: String {
        """
        From: \(from.header)
        To: \(to.header)
        Subject: \(MailText.encodedWords(subject))
        Date: \(Self.date(date))
        Message-ID: <\(id)@\(from.domain)>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        \(MailText.quotedPrintable(body))

        """
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Mon, 26 Oct 2026 14:00:00 +0000`, in UTC.
    private static func date(_ instant: Instant) -> String {
        let day = CivilDate(daysSince1970: Int(instant.secondsSince1970.flooredQuotient(by: 86_400)))
        let second = Int(instant.secondsSince1970.flooredRemainder(by: 86_400))
        let (year, month, dayOfMonth) = day.components
        let time = [second / 3600, second / 60 % 60, second % 60].map { $0.padded(to: 2) }.joined(separator: ":")
        return "\(weekdays[day.weekday.rawValue]), \(dayOfMonth) \(months[month - 1]) \(year) \(time) +0000"
    }
}

package import Coverage

/// Writes a calendar as programs read it: iCalendar (RFC 5545, with the names of RFC 7986).
///
/// Times are in UTC, so that nights on which clocks change need no rules of time zones; programs show them by the clock
/// of whoever looks.
package struct CalendarText: Sendable {
    private let consortium: Consortium.ID
    private let subject: CalendarSubject
    private let name: String
    private var lines: [String] = []

    /// How often programs are to look again.
    private static let refresh = "PT1H"

    /// - Parameters:
    ///   - consortium: Whose schedule; a part of each event's UID.
    ///   - subject: Whose part of it.
    ///   - name: What the calendar is called.
    package init(_ consortium: Consortium.ID, _ subject: CalendarSubject, name: String) {
        self.consortium = consortium
        self.subject = subject
        self.name = name
    }

    /// The calendar's text.
    ///
    /// - Parameter events: In the order in which they are written.
    /// - Returns: UTF-8, in lines of at most 75 bytes that end in CR and LF.
    package func bytes(_ events: [CalendarEvent]) -> [UInt8] {
        var writing = self
        writing.lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Coverdesk//Schedule//EN", "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH", "NAME:\(Self.escaped(name))", "X-WR-CALNAME:\(Self.escaped(name))",
            "REFRESH-INTERVAL;VALUE=DURATION:\(Self.refresh)", "X-PUBLISHED-TTL:\(Self.refresh)",
        ]
        for event in events { writing.add(event) }
        writing.lines.append("END:VCALENDAR")
        var bytes: [UInt8] = []
        for line in writing.lines { Self.fold(line, into: &bytes) }
        return bytes
    }

    private mutating func add(_ event: CalendarEvent) {
        let shift = event.shift.shift
        lines += [
            "BEGIN:VEVENT", "UID:\(Self.escaped(event.uid(in: consortium)))", "SEQUENCE:\(event.sequence)",
            "DTSTAMP:\(Self.time(event.changedAt))", "LAST-MODIFIED:\(Self.time(event.changedAt))",
            "DTSTART:\(Self.time(shift.during.lowerBound))", "DTEND:\(Self.time(shift.during.upperBound))",
            "SUMMARY:\(Self.escaped(summary(event)))", "LOCATION:\(Self.escaped(event.shift.libraryName))",
            "STATUS:\(event.isCancelled ? "CANCELLED" : "CONFIRMED")", "TRANSP:OPAQUE", "END:VEVENT",
        ]
    }

    /// Of other libraries' operators only the id is told, as in replicas.
    private func summary(_ event: CalendarEvent) -> String {
        let text =
            switch subject {
            case .person: event.shift.queueName
            case .library: "\(event.shift.operatorName): \(event.shift.queueName)"
            case .queue: "\(event.shift.libraryName) (\(event.shift.shift.operator))"
            }
        // Some programs show what is cancelled like the rest.
        return event.isCancelled ? "Cancelled: \(text)" : text
    }

    /// As in `20261126T090000Z`.
    private static func time(_ instant: Instant) -> String {
        let days = instant.secondsSince1970.flooredQuotient(by: 86_400)
        let second = Int(instant.secondsSince1970.flooredRemainder(by: 86_400))
        let (year, month, day) = CivilDate(daysSince1970: Int(days)).components
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = padded(year, 4) + padded(month, 2) + padded(day, 2)
        return "\(date)T" + padded(second / 3600, 2) + padded(second / 60 % 60, 2) + padded(second % 60, 2) + "Z"
    }

    /// A TEXT value: backslashes, semicolons, commas and line breaks escaped, other control characters left out.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped += "\\\(scalar)"
            case "\n": if previous != "\r" { escaped += "\\n" }
            case "\r": escaped += "\\n"
            case _ where scalar.value < 32 && scalar != "\t" || scalar.value == 127: break
            default: escaped.unicodeScalars.append(scalar)
            }
            previous = scalar
        }
        return escaped
    }

    /// Adds a line, folded where it is longer than 75 bytes, never inside a character.
    package static func fold(_ line: String, into bytes: inout [UInt8]) {
        var length = 0
        for scalar in line.unicodeScalars {
            let encoded = Array(String(scalar).utf8)
            if length + encoded.count > 75 {
                bytes += [13, 10, 32]
                length = 1
            }
            bytes += encoded
            length += encoded.count
        }
        bytes += [13, 10]
    }
}

import Calendars
import Coverage
import Foundation
import Testing

@Suite("The text of a calendar")
struct CalendarTextTests {
    @Test("folds long lines at 75 bytes, never inside a character")
    func folds() {
        var bytes: [UInt8] = []
        let line = "SUMMARY:" + String(repeating: "Bücherei ⚡ ", count: 20)
        CalendarText.fold(line, into: &bytes)
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n").dropLast()
        #expect(lines.count > 2)
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" ") })
        #expect(([lines[0]] + lines.dropFirst().map { String($0.dropFirst()) }).joined() == line)
    }

    @Test(
        "escapes what would end a value or begin a line",
        arguments: [
            ("a, b; c", "a\\, b\\; c"), ("back\\slash", "back\\\\slash"),
            ("one\r\ntwo\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
            ("bell\u{7}\u{7f}\tTab", "bell\tTab"),
        ])
    func escapes(text: String, escaped: String) {
        #expect(CalendarText.escaped(text) == escaped)
    }

    @Test("tells times in UTC, so that the night on which clocks go back has all its hours")
    func clockChange() throws {
        let zone = try TimeZoneRules(identifier: "America/New_York")
        let date = try #require(CivilDate("2026-11-01"))
        let start = zone.firstInstant(ofDate: date)
        let shift = PublishedShift.made(start..<start.advanced(byMinutes: 4 * 60))
        let text = CalendarText("two", .person("pub01-01"), name: "Ann").text(of: [shift])
        // From midnight in summer time to 03:00 in standard time.
        #expect(text.contains("DTSTART:20261101T040000Z\r\nDTEND:20261101T080000Z\r\n"))
    }

    @Test("tells of other libraries' operators only the id")
    func names() {
        let event = PublishedShift.made(.hours(10, 12))
        func summary(_ subject: CalendarSubject) -> String? {
            CalendarText("two", subject, name: "x").text(of: [event]).components(separatedBy: "\r\n")
                .first { $0.hasPrefix("SUMMARY:") }
        }
        #expect(summary(.person("pub01-01")) == "SUMMARY:Chat desk")
        #expect(summary(.library("pub01")) == "SUMMARY:Ann Smith: Chat desk")
        #expect(summary(.queue("chat")) == "SUMMARY:Public Library (pub01-01)")
    }
}

extension CalendarText {
    func text(of shifts: [PublishedShift]) -> String {
        let events = shifts.map { CalendarEvent(shift: $0, sequence: 0, changedAt: .hour(0), isCancelled: false) }
        return String(decoding: bytes(events), as: UTF8.self)
    }
}

extension PublishedShift {
    static func made(
        _ during: Range<Instant>, plan: Int = 1, edits: Range<Int> = 0..<Int.max, person: Operator.ID = "pub01-01"
    ) -> PublishedShift {
        PublishedShift(
            plan: plan, edits: edits, shift: Shift(queue: "chat", operator: person, during: during),
            operatorName: "Ann Smith",
            queueName: "Chat desk", library: "pub01", libraryName: "Public Library")
    }
}

extension Instant {
    static func hour(_ hour: Int) -> Instant {
        Instant(secondsSince1970: 1_790_000_000 / 3600 * 3600 + Int64(hour) * 3600)
    }
}

extension Range<Instant> {
    static func hours(_ from: Int, _ to: Int) -> Range<Instant> { Instant.hour(from)..<Instant.hour(to) }
}

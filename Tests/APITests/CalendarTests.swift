import API
import Calendars
import Coverage
import Foundation
import NIOHTTP1
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("A calendar under a secret address")
struct CalendarTests {
    private let early = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)
    private let other = Shift.valid("ask", "pub01-02", date: "2026-10-26", hour: 11, hours: 2)
    private let academic = Shift.valid("academic", "acad01-01", date: "2026-10-27", hour: 10)

    @Test("shows the published shifts of its operator, library or queue, and no draft")
    func subjects() async throws {
        try await withService { service in
            _ = try await service.pool.drafting([other])
            let plan = try await service.pool.drafting([early, other, academic])
            _ = try await service.pool.publishing(plan)
            #expect(try await service.starts(of: .person("pub01-01")) == ["20261026T140000Z"])
            #expect(try await service.starts(of: .library("pub01")) == ["20261026T140000Z", "20261026T150000Z"])
            #expect(try await service.starts(of: .queue("academic")) == ["20261027T140000Z"])
            #expect(try await service.starts(of: .library("acad01")) == ["20261027T140000Z"])
        }
    }

    @Test("cancels what is no longer in the schedule")
    func cancels() async throws {
        try await withService { service in
            _ = try await service.pool.publishing(try await service.pool.drafting([early, other]))
            let address = try await service.address(of: .library("pub01"))
            let before = try await service.ask(.GET, address).text
            #expect(!before.contains("STATUS:CANCELLED"))
            _ = try await service.pool.publishing(try await service.pool.drafting([other]))
            let after = try await service.ask(.GET, address).text
            #expect(after.lines("STATUS:") == ["CANCELLED", "CONFIRMED"])
            #expect(after.lines("UID:") == before.lines("UID:"))
            #expect(after.lines("SEQUENCE:")[0] != before.lines("SEQUENCE:")[0])
            #expect(after.lines("SEQUENCE:")[1] == before.lines("SEQUENCE:")[1])
        }
    }

    @Test("is not sent again to whoever has it")
    func notModified() async throws {
        try await withService { service in
            _ = try await service.pool.publishing(try await service.pool.drafting([early]))
            let address = try await service.address(of: .person("pub01-01"))
            let first = try await service.ask(.GET, address)
            #expect(first.status == 200)
            #expect(first.headers.first(name: "Content-Type") == "text/calendar; charset=utf-8")
            let tag = try #require(first.headers.first(name: "ETag"))
            let second = try await service.ask(.GET, address, headers: [("If-None-Match", tag)])
            #expect(second.status == 304)
            #expect(second.body.isEmpty)
            #expect(try await service.ask(.HEAD, address).status == 200)
        }
    }

    @Test("is there for nobody who does not know the address, nor once it was revoked")
    func revoked() async throws {
        try await withService { service in
            let address = try await service.address(of: .queue("ask"))
            #expect(try await service.ask(.GET, address).status == 200)
            for wrong in [
                "/calendar/x.ics", "/calendar/\(String(repeating: "0", count: 64)).ics", String(address.dropLast(4)),
                address + "x", "/calendar/" + String(repeating: "é", count: 32) + ".ics",
            ] {
                let answer = try await service.ask(.GET, wrong.replacing("é", with: "%C3%A9"))
                #expect(answer.status == 404, "\(wrong)")
                #expect(answer.problem == "not-found", "\(wrong)")
            }
            let repository = CalendarRepository(consortium: "two")
            let now = service.clock.now
            #expect(try await service.pool.withConnection { try await repository.revoke(1, at: now, in: $0) })
            #expect(try await !service.pool.withConnection { try await repository.revoke(1, at: now, in: $0) })
            #expect(try await service.ask(.GET, address).status == 404)
        }
    }

    @Test("forgets shifts a month after they are over")
    func forgets() async throws {
        try await withService { service in
            _ = try await service.pool.publishing(try await service.pool.drafting([early]))
            #expect(try await service.starts(of: .person("pub01-01")).count == 1)
            service.clock.advance(bySeconds: 90 * 86_400)
            #expect(try await service.starts(of: .person("pub01-01")).isEmpty)
        }
    }
}

extension RunningService {
    /// Makes an address.
    func address(of subject: CalendarSubject) async throws -> String {
        var generator = SystemRandomNumberGenerator()
        let secret = CalendarSecret.make(using: &generator)
        let now = clock.now
        _ = try await pool.withTransaction { transaction in
            try await CalendarRepository(consortium: "two").insert(
                subject, hash: CalendarSecret.hash(secret), by: "test", at: now, in: transaction)
        }
        return CalendarSecret.path(secret)
    }

    fileprivate func starts(of subject: CalendarSubject) async throws -> [String] {
        try await ask(.GET, try await address(of: subject)).text.lines("DTSTART:")
    }
}

extension String {
    /// What stands behind a beginning, line by line.
    fileprivate func lines(_ beginning: String) -> [String] {
        components(separatedBy: "\r\n").filter { $0.hasPrefix(beginning) }.map { String($0.dropFirst(beginning.count)) }
    }
}

import Coverage
import PostgresClient
import Routing
import Storage
import StorageTestSupport
import Testing

@Suite("A stored desk book")
struct DeskBookTests {
    private let books = DeskBookRepository(consortium: "two")

    @Test("has the bundle's queues with their hours, and the published shifts")
    func book() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let draft = try await pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 11)])
            _ = try await pool.publishing(draft)
            let monday = Instant.newYork(try #require(CivilDate("2026-10-26")), hour: 9)
            let book = try #require(try await pool.withConnection { try await books.book(at: monday, in: $0) })
            #expect(book.queues["ask"]?.calendar.firstOpen(from: monday) == monday.advanced(byMinutes: 60))
            #expect(book.nextShift(on: "ask", after: monday) == monday.advanced(byMinutes: 120))
            #expect(book.canAnswer("acad01-01", "academic"))
            #expect(!book.canAnswer("pub01-01", "academic"))
            #expect(book.queues["ask"]?.routing == QueueRouting())
        }
    }

    @Test("routes queues as they were set, and tells that something has changed")
    func routing() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let before = try await pool.withConnection { try await books.revision(in: $0) }
            var routing = QueueRouting(ringsAtOnce: 2, acceptSeconds: 20, checkBackSeconds: 120)
            routing.ladder = try Ladder([
                .init(.otherLibraries, opensAfterSeconds: 0), .init(.ownLibrary, opensAfterSeconds: 7),
            ])
            routing.partner = .init(name: "Night desk", contact: "https://night.example.org")
            let hours = OpeningCalendar.Hours(weekday: .monday, opens: .startOfDay, closes: .endOfDay)
            try await pool.withTransaction { [routing] transaction in
                try await books.set(routing, for: "ask", in: transaction)
                try await books.set([hours], for: "pub01", in: transaction)
            }
            let monday = Instant.newYork(try #require(CivilDate("2026-10-26")), hour: 9)
            let book = try #require(try await pool.withConnection { try await books.book(at: monday, in: $0) })
            #expect(book.queues["ask"]?.routing == routing)
            #expect(book.doors["pub01"]?.isOpen(at: monday) == true)
            #expect(book.doors["acad01"] == nil)
            #expect(try await pool.withConnection { try await books.revision(in: $0) } != before)
        }
    }
}

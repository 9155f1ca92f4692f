import Answering
import Coverage
import PostgresClient
import Routing
import Storage
import StorageTestSupport
import Testing

@Suite("Questions by email are tickets in replicas")
struct TicketTests {
    private static var bundle: ConsortiumBundle {
        var bundle = ConsortiumBundle.valid(weeks: 2)
        var mail = Queue.valid("mail")
        mail.channel = .email
        mail.answerSeconds = 2 * 3600
        bundle.queues.append(mail)
        bundle.queues.sort { $0.id < $1.id }
        bundle.hours += [Weekday.monday, .tuesday].map { .valid(queue: "mail", weekday: $0) }
        return bundle
    }

    private func withTickets(_ body: (Desk, DeskClock, TicketReplicas) async throws -> Void) async throws {
        try await withDesk(Self.bundle) { desk, clock, pool in
            try await body(desk, clock, try await TicketReplicas(pool, ["pub01", "acad01"]))
        }
    }

    @Test("from arrival to end, in the replicas of the patron's library and of whoever is to answer, and no other")
    func wholeTicket() async throws {
        try await withTickets { desk, _, replicas in
            let number = try #require(try await desk.perform(.createTicket("one")).decision?.number)
            #expect(try await replicas.told() == ["pub01": ["1 waiting -"], "acad01": []])
            _ = try await desk.perform(.present("acad01-01"))
            #expect(try await replicas.told() == ["pub01": ["1 offered -"], "acad01": ["1 offered -"]])
            _ = try await desk.perform(.accept(number, by: "acad01-01"))
            #expect(try await replicas.told() == ["pub01": ["1 held acad01-01"], "acad01": ["1 held acad01-01"]])
            _ = try await desk.perform(.wrapUp(number, by: "acad01-01"))
            #expect(try await replicas.told()["acad01"] == ["1 writing_up acad01-01"])
            _ = try await desk.perform(.end(number, outcome: .answered, by: "acad01-01"))
            #expect(try await replicas.told() == ["pub01": [], "acad01": []])
        }
    }

    @Test("an offer that is declined or runs out takes the ticket out of that library's sight")
    func declined() async throws {
        try await withTickets { desk, clock, replicas in
            let number = try #require(try await desk.perform(.createTicket("one", library: nil)).decision?.number)
            _ = try await desk.perform(.present("acad01-01"))
            #expect(try await replicas.told() == ["pub01": [], "acad01": ["1 offered -"]])
            _ = try await desk.perform(.decline(number, by: "acad01-01"))
            #expect(try await replicas.told() == ["pub01": [], "acad01": []])
            _ = try await desk.perform(.present("pub01-01"))
            #expect(try await replicas.told() == ["pub01": ["1 offered -"], "acad01": []])
            _ = try await desk.perform(.leave("pub01-01"))
            #expect(try await replicas.told() == ["pub01": [], "acad01": []])
            clock.move(bySeconds: 1)
        }
    }

    @Test("a chat is none until it goes to a queue of email, and none again once it goes back")
    func transferred() async throws {
        try await withTickets { desk, _, replicas in
            let before = try await replicas.changeCount()
            let number = try #require(try await desk.perform(.create("chat")).decision?.number)
            #expect(try await replicas.changeCount() == before)
            _ = try await desk.perform(.transfer(number, to: .toQueue("mail"), by: nil))
            #expect(try await replicas.told() == ["pub01": ["1 waiting -"], "acad01": []])
            _ = try await desk.perform(.transfer(number, to: .toQueue("ask"), by: nil))
            #expect(try await replicas.told() == ["pub01": [], "acad01": []])
            let after = try await replicas.changeCount()
            _ = try await desk.perform(.present("pub01-01"))
            _ = try await desk.perform(.accept(number, by: "pub01-01"))
            _ = try await desk.perform(.end(number, outcome: .answered, by: "pub01-01"))
            #expect(try await replicas.changeCount() == after)
        }
    }

    @Test("one that is put to a library is seen there before anybody takes it")
    func wished() async throws {
        try await withTickets { desk, _, replicas in
            _ = try await desk.perform(.present("acad01-01"))
            let number = try #require(try await desk.perform(.createTicket("one", library: nil)).decision?.number)
            _ = try await desk.perform(.accept(number, by: "acad01-01"))
            #expect(try await replicas.told() == ["pub01": [], "acad01": ["1 held acad01-01"]])
            _ = try await desk.perform(.present("pub01-01", seats: 1))
            _ = try await desk.perform(.transfer(number, to: .toLibrary("pub01"), by: "acad01-01"))
            #expect(try await replicas.told()["pub01"] == ["1 offered -"])
            #expect(try await replicas.told()["acad01"] == [])
        }
    }

    @Test("an operator who moves to another library takes the tickets along")
    func moves() async throws {
        try await withTickets { desk, _, replicas in
            _ = try await desk.perform(.present("acad01-01"))
            let number = try #require(try await desk.perform(.createTicket("one", library: nil)).decision?.number)
            _ = try await desk.perform(.accept(number, by: "acad01-01"))
            _ = try await replicas.told()
            try await replicas.run("UPDATE operator SET library_id = 'pub01' WHERE operator_id = 'acad01-01'")
            #expect(try await replicas.told() == ["pub01": ["1 held acad01-01"], "acad01": []])
        }
    }

    @Test("a queue that becomes one of email makes tickets of its chats, and back")
    func channelChanges() async throws {
        try await withTickets { desk, _, replicas in
            _ = try await desk.perform(.create("chat"))
            try await replicas.run("UPDATE queue SET channel = 'email' WHERE queue_id = 'ask'")
            #expect(try await replicas.told() == ["pub01": ["1 waiting -"], "acad01": []])
            try await replicas.run("UPDATE queue SET channel = 'chat' WHERE queue_id = 'ask'")
            #expect(try await replicas.told() == ["pub01": [], "acad01": []])
        }
    }

    // Within the hours of a day, across a night, across a week, and before the first hour of a day.
    @Test("its due time is the one that the patron is told", arguments: [0, 2, 24, 26, 50, 164])
    func dueTime(hoursLater hours: Int) async throws {
        try await withTickets { desk, clock, replicas in
            clock.move(bySeconds: Int64(hours) * 3600)
            let decision = try #require(try await desk.perform(.createTicket("one")).decision)
            guard case .answerBy(let due) = decision.expectation else {
                Issue.record("\(decision.expectation)")
                return
            }
            #expect(try await replicas.dueTimes() == [due])
        }
    }
}

extension DeskRequest {
    fileprivate static func createTicket(_ key: String, library: String? = "pub01") -> DeskRequest {
        .create(
            NewSession(
                origin: .init(
                    chatServer: "mail.example.org", externalID: key, library: library.map { Library.ID($0) },
                    note: "Where is the atlas?"),
                queue: "mail", channel: .email))
    }
}

/// What some libraries' replicas hold of tickets, each fed by changes alone.
private final class TicketReplicas {
    private let pool: PostgresPool
    private let libraries: [Library.ID]
    private var seen: ReplicaSnapshot
    private var rows: [Library.ID: [String: String]] = [:]
    private static let table = ReplicaTable.named("ticket")

    init(_ pool: PostgresPool, _ libraries: [Library.ID]) async throws {
        self.pool = pool
        self.libraries = libraries
        seen = try await SyncRepository(consortium: "two").withReading(on: pool) { $0.snapshot }
    }

    /// Follows to the present, and makes sure that the changes led to what there is.
    ///
    /// - Returns: Number, state and operator of each library's tickets.
    func told() async throws -> [Library.ID: [String]] {
        var next = seen
        for library in libraries {
            let (changed, whole, snapshot) = try await lines(for: library)
            next = snapshot
            for line in changed {
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                rows[library, default: [:]][fields[1]] = line.hasPrefix("+") ? line : nil
            }
            #expect(rows[library, default: [:]].values.sorted() == whole.sorted())
        }
        seen = next
        return Dictionary(
            uniqueKeysWithValues: libraries.map { library in
                (library, rows[library, default: [:]].values.sorted().map(Self.summary))
            })
    }

    private func lines(for library: Library.ID) async throws -> ([String], [String], ReplicaSnapshot) {
        let table = try #require(Self.table)
        let since = seen
        return try await SyncRepository(consortium: "two").withReading(on: pool) { reading in
            try await reading.narrow(to: library)
            var changed: [UInt8] = []
            var whole: [UInt8] = []
            _ = try await reading.changedLines(of: table, .all, since: since) { changed += $0 }
            _ = try await reading.snapshotLines(of: table) { whole += $0 }
            return (Self.split(changed), Self.split(whole), reading.snapshot)
        }
    }

    private static func split(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Columns: table, number, queue, library, operator, state, created, due, note.
    private static func summary(_ line: String) -> String {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        return "\(fields[1]) \(fields[5]) \(fields[4] == "\\N" ? "-" : fields[4])"
    }

    func dueTimes() async throws -> [Instant] {
        try await pool.withConnection { connection in
            try await connection.query("SELECT due_at FROM ticket").map { try $0.decode(Instant.self) }
        }
    }

    func changeCount() async throws -> Int { try await pool.changeCount() }

    func run(_ sql: String) async throws {
        try await pool.withConnection { try await $0.executeScript(sql) }
    }
}

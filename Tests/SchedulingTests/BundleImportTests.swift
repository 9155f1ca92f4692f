import Coverage
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("Importing a bundle")
struct BundleImportTests {
    private let now = Instant(secondsSince1970: 1_790_000_000)

    @Test("a preview tells what would change and changes nothing")
    func previews() async throws {
        try await withServiceDatabase { pool in
            let difference = try await BundleImport(.valid(), history: nil, into: "two").preview(in: pool)
            #expect(difference.operators.added.count == 4)
            #expect(try await pool.stored() == nil)
            #expect(try await pool.changeCount() == 0)
        }
    }

    @Test("what was announced is what is done")
    func announces() async throws {
        try await withServiceDatabase { pool in
            let outcome = try await run(.valid(), in: pool)
            #expect(outcome.difference.libraries.added.map(\.id) == ["acad01", "pub01"])
            #expect(try await pool.stored() == .valid())
        }
    }

    @Test("the same bundle again changes nothing and leaves no trace")
    func repeats() async throws {
        try await withServiceDatabase { pool in
            _ = try await run(.valid(), in: pool)
            let changes = try await pool.changeCount()
            let outcome = try await run(.valid(), in: pool)
            #expect(outcome.difference.isEmpty)
            #expect(try await pool.changeCount() == changes)
            #expect(try await acts(in: pool).count == 1)
        }
    }

    @Test("who imported what is in the audit log")
    func audits() async throws {
        try await withServiceDatabase { pool in
            _ = try await run(.valid(), in: pool)
            #expect(
                try await acts(in: pool) == [
                    .init(at: now, actor: "ada", action: "import", subject: "consortium two")
                ])
        }
    }

    @Test("history that breaks off in the middle leaves everything as it was")
    func failsWhole() async throws {
        try await withServiceDatabase { pool in
            let session = PastSession(queue: "ask", startedAt: now, handleSeconds: 60, library: "pub01")
            let history = BundleImport.History(span: now..<now.advanced(byMinutes: 60), count: 2) { write in
                try await write([session])
                throw Interruption()
            }
            await #expect(throws: Interruption.self) {
                _ = try await BundleImport(.valid(), history: history, into: "two")
                    .run(in: pool, actor: "ada", at: now) { _ in }
            }
            let (stored, acts) = (try await pool.stored(), try await acts(in: pool))
            #expect(stored == nil)
            #expect(acts.isEmpty)
        }
    }

    @Test("history takes the place of what began in the same span, and nothing else")
    func replacesHistory() async throws {
        try await withServiceDatabase { pool in
            _ = try await run(.valid(), history: [0, 10, 20], in: pool)
            _ = try await run(.valid(), history: [10, 12, 30], in: pool)
            let stored = try await pool.withConnection { connection in
                try await connection.query("SELECT started_at FROM past_session ORDER BY started_at")
                    .map { try $0.decode(Instant.self) }
            }
            #expect(stored == [0, 10, 12, 30].map { now.advanced(byMinutes: $0) })
        }
    }

    @Test("an operator whom a schedule names is kept as having left; another one goes")
    func retires() async throws {
        try await withServiceDatabase { pool in
            _ = try await run(.valid(), in: pool)
            _ = try await pool.publishing(
                try await pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)]))
            var smaller = ConsortiumBundle.valid()
            smaller.operators.removeAll { $0.library == "pub01" }
            smaller.availability.removeAll { $0.operator.rawValue.hasPrefix("pub01") }
            smaller.absences = []
            let outcome = try await run(smaller, in: pool)
            #expect(outcome.leavers == .init(deleted: 1, retired: 1))
            #expect(try await pool.publishedShifts().map(\.operator) == ["pub01-01"])
            #expect(try await pool.stored()?.operators == smaller.operators)
        }
    }

    private func run(
        _ bundle: ConsortiumBundle, history minutes: [Int] = [], in pool: PostgresPool
    ) async throws -> BundleImport.Outcome {
        let sessions = minutes.map { minute in
            PastSession(
                queue: "ask", startedAt: now.advanced(byMinutes: minute), handleSeconds: 60, library: "pub01")
        }
        let history: BundleImport.History? =
            if let first = sessions.first, let last = sessions.last {
                .init(
                    span: first.startedAt..<last.startedAt.advanced(bySeconds: 1), count: sessions.count,
                    send: { write in try await write(sessions) })
            } else {
                nil
            }
        return try await BundleImport(bundle, history: history, into: "two")
            .run(in: pool, actor: "ada", at: now) { _ in }
    }

    private func acts(in pool: PostgresPool) async throws -> [AuditRepository.Entry] {
        try await pool.withConnection { try await AuditRepository(consortium: "two").latest(10, in: $0) }
    }
}

private struct Interruption: Error {}

import Coverage
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("A new consortium")
struct ConsortiumBeginningTests {
    /// Wednesday, 2026-09-23.
    private let now = Instant(secondsSince1970: 1_790_173_000)

    private func withBeginning(_ body: (ConsortiumBeginning, PostgresPool) async throws -> Void) async throws {
        try await withServiceDatabase { pool in
            let beginning = ConsortiumBeginning(consortium: "two", pool: pool)
            try await beginning.makePlace(by: "test", at: now)
            try await body(beginning, pool)
        }
    }

    @Test("has a place in a database that is empty, and nothing in it; where there is one already nothing is added")
    func makesPlace() async throws {
        try await withBeginning { beginning, pool in
            let standing = try await beginning.standing()
            #expect(standing.isEmpty && !standing.isExample)
            #expect(standing.settings.name == ConsortiumBeginning.placeholder)
            #expect(standing.settings.startsOn.description == "2026-09-21")
            try await ConsortiumBeginning(consortium: "other", pool: pool).makePlace(by: "test", at: now)
            let known = try await pool.withConnection { try await ConsortiumRepository.all(in: $0) }
            #expect(known == ["two"])
        }
    }

    @Test("is filled once, planned, and published")
    func goesOn() async throws {
        try await withBeginning { beginning, pool in
            try await beginning.fill(with: .valid(), by: "ada", at: now)
            await #expect(throws: BeginningRefusal.notEmpty) {
                try await beginning.fill(with: .valid(), by: "ada", at: now)
            }
            #expect(try await beginning.isUnpublished())
            let number = try await FirstPlan(consortium: "two", pool: pool).make(by: "ada", at: now)
            #expect(try await beginning.standing().draft?.number == number)
            try await beginning.publish(try #require(number), by: "ada", at: now)
            let standing = try await beginning.standing()
            #expect(standing.published?.number == number && standing.draft == nil)
            #expect(try await !beginning.isUnpublished())
        }
    }

    @Test("that was the example begins anew once that is thrown away, and what was published is withdrawn")
    func throwsAway() async throws {
        try await withBeginning { beginning, pool in
            let session = PastSession(queue: "ask", startedAt: now, handleSeconds: 60, library: "pub01")
            try await beginning.fill(
                with: .valid(), history: BundleImport.History([session]), isExample: true, by: "ada", at: now)
            let number = try await FirstPlan(consortium: "two", pool: pool).make(by: "ada", at: now)
            try await beginning.publish(try #require(number), by: "ada", at: now)
            _ = try await FirstPlan(consortium: "two", pool: pool).make(by: "ada", at: now)
            let name = ConsortiumBundle.valid().consortium.name
            await #expect(throws: BeginningRefusal.otherName(name)) {
                try await beginning.throwExampleAway(confirming: "another", by: "ada", at: now)
            }
            try await beginning.throwExampleAway(confirming: name, by: "ada", at: now)
            let standing = try await beginning.standing()
            #expect(standing.isEmpty && !standing.isExample)
            #expect(standing.draft == nil && standing.published == nil)
            #expect(standing.settings.name == ConsortiumBeginning.placeholder)
            #expect(try await pool.publishedShifts().isEmpty)
            let acts = try await pool.withConnection { try await AuditRepository(consortium: "two").latest(1, in: $0) }
            #expect(acts.map(\.action) == ["throw example away"])
            try await beginning.fill(with: .valid(), by: "ada", at: now)
            #expect(try await beginning.standing().operators == 4)
        }
    }

    @Test("that is not the example, or has been imported over it, is not thrown away")
    func keeps() async throws {
        try await withBeginning { beginning, pool in
            let name = ConsortiumBundle.valid().consortium.name
            try await beginning.fill(with: .valid(), isExample: true, by: "ada", at: now)
            var own = ConsortiumBundle.valid()
            own.consortium.weeks += 1
            _ = try await BundleImport(own, history: nil, into: "two").run(in: pool, actor: "ada", at: now) { _ in }
            await #expect(throws: BeginningRefusal.noExample) {
                try await beginning.throwExampleAway(confirming: name, by: "ada", at: now)
            }
        }
    }
}

import Coverage
import Crypto
import PostgresClient
import Storage
import StorageTestSupport
import TestSupport
import Testing

@Suite("What replicas are told")
struct SyncReadingTests {
    private let early = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)
    private let late = Shift.valid("academic", "acad01-01", date: "2026-10-27", hour: 11)

    private func withPublished(_ body: (PostgresPool) async throws -> Void) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.publishing(try await pool.drafting([early, late]))
            try await body(pool)
        }
    }

    @Test("a snapshot has the library's own operators, and everybody's shifts with their libraries")
    func snapshot() async throws {
        try await withPublished { pool in
            let replica = try await Followed("pub01", in: pool).replica
            #expect(
                replica.lines(of: "operator") == [
                    "operator\tpub01-01\tpub01\tOperator pub01-01\tpub01-01@example.org\t6\t3\t2",
                    "operator\tpub01-02\tpub01\tOperator pub01-02\tpub01-02@example.org\t6\t3\t2",
                ])
            let shifts = [("ask", "pub01", early), ("academic", "acad01", late)].enumerated().map { index, shift in
                let (queue, library, span) = (shift.0, shift.1, shift.2.during)
                return "shift\t1\t\(index + 1)\t\(queue)\t\(library)\t\(shift.2.operator)\t"
                    + "\(span.lowerBound.secondsSince1970)\t\(span.upperBound.secondsSince1970)"
            }
            #expect(replica.lines(of: "shift") == shifts)
            #expect(replica.lines(of: "absence").count == 1)
            #expect(replica.lines(of: "demand").count == 16)
            let other = try await Followed("acad01", in: pool).replica
            #expect(other.lines(of: "absence").isEmpty)
            #expect(other.lines(of: "operator").count == 2)
        }
    }

    @Test("a transaction that stays open while others commit holds nothing up, and nothing of it is skipped")
    func outOfOrder() async throws {
        try await withPublished { pool in
            var follower = try await Followed("pub01", in: pool)
            try await pool.withConnection { slow in
                try await slow.withTransaction { transaction in
                    try await transaction.execute("UPDATE library SET phone = 'slow' WHERE library_id = 'pub01'")
                    for number in 1...3 {
                        try await pool.run("UPDATE queue SET name = 'quick \(number)' WHERE queue_id = 'ask'")
                        let truth = try await follower.follow(in: pool)
                        #expect(follower.replica == truth)
                        #expect(truth.lines(of: "queue").last?.contains("quick \(number)") == true)
                    }
                }
            }
            try await pool.run("UPDATE queue SET name = 'after' WHERE queue_id = 'ask'")
            let truth = try await follower.follow(in: pool)
            #expect(follower.replica == truth)
            #expect(truth.lines(of: "library").last?.contains("slow") == true)
        }
    }

    @Test("an operator who moves leaves one replica and enters the other, with everything that is theirs")
    func moves() async throws {
        try await withPublished { pool in
            var from = try await Followed("pub01", in: pool)
            var to = try await Followed("acad01", in: pool)
            try await pool.run("UPDATE operator SET library_id = 'acad01' WHERE operator_id = 'pub01-02'")
            #expect(try await from.follow(in: pool) == from.replica)
            #expect(try await to.follow(in: pool) == to.replica)
            #expect(from.replica.lines(of: "operator").count == 1)
            #expect(from.replica.lines(of: "absence").isEmpty)
            #expect(to.replica.lines(of: "operator").count == 3)
            #expect(to.replica.lines(of: "absence").count == 1)
            #expect(to.replica.lines(of: "availability").contains { $0.contains("pub01-02") })
        }
    }

    @Test("of an operator's move and an absence entered at the same moment, the later knows of the earlier")
    func moveMeetsAbsence() async throws {
        try await withPublished { pool in
            var from = try await Followed("pub01", in: pool)
            var to = try await Followed("acad01", in: pool)
            try await pool.withConnection { entering in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    try await entering.withTransaction { transaction in
                        try await transaction.execute(
                            """
                            INSERT INTO absence VALUES ('two', 'pub01-01', tstzrange(to_timestamp(1), to_timestamp(2)), 'x')
                            """)
                        group.addTask {
                            try await pool.run(
                                "UPDATE operator SET library_id = 'acad01' WHERE operator_id = 'pub01-01'")
                        }
                        try await pool.untilSomebodyWaits()
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await from.follow(in: pool) == from.replica)
            #expect(try await to.follow(in: pool) == to.replica)
            #expect(to.replica.lines(of: "absence").count == 1)
        }
    }

    @Test("an operator who leaves is gone with everything; one who comes back is there again")
    func leaves() async throws {
        try await withPublished { pool in
            var follower = try await Followed("pub01", in: pool)
            let before = follower.replica
            try await pool.run("UPDATE operator SET retired_at = now() WHERE operator_id = 'pub01-02'")
            #expect(try await follower.follow(in: pool) == follower.replica)
            #expect(follower.replica.lines(of: "absence").isEmpty)
            try await pool.run("UPDATE operator SET retired_at = NULL WHERE operator_id = 'pub01-02'")
            #expect(try await follower.follow(in: pool) == follower.replica)
            #expect(follower.replica == before)
            try await pool.run("DELETE FROM operator WHERE operator_id = 'pub01-02'")
            #expect(try await follower.follow(in: pool) == follower.replica)
            #expect(follower.replica.lines(of: "availability").allSatisfy { $0.contains("pub01-01") })
        }
    }

    @Test("a plan that takes another's place does so in one step, and what lies outside goes on")
    func supersedes() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid(weeks: 2))
            let later = Shift.valid("ask", "pub01-01", date: "2026-11-03", hour: 10)
            _ = try await pool.publishing(try await pool.drafting([early, later], weeks: 2))
            var follower = try await Followed("pub01", in: pool)
            _ = try await pool.publishing(try await pool.drafting([late]))
            #expect(try await follower.follow(in: pool) == follower.replica)
            #expect(follower.replica.lines(of: "plan").map { $0.prefix(6) } == ["plan\t2", "plan\t3"])
            #expect(follower.replica.lines(of: "shift").count == 2)
        }
    }

    @Test("drafts are nobody's business until they are published")
    func drafts() async throws {
        try await withPublished { pool in
            let seen = try await pool.sync { $0.snapshot }
            _ = try await pool.drafting([early])
            let changes = try await pool.sync { try await $0.changes(since: seen) }
            #expect(changes.isEmpty)
        }
    }

    @Test("a shift put into a plan while that is being published is in the feed")
    func shiftMeetsPublication() async throws {
        try await withPublished { pool in
            let draft = try await pool.drafting([early])
            var follower = try await Followed("pub01", in: pool)
            try await pool.withConnection { inserting in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    try await inserting.withTransaction { transaction in
                        try await transaction.execute(
                            """
                            INSERT INTO shift SELECT consortium_id, plan_number, 9, plan_period, 'academic', 'acad01-02',
                                during FROM shift WHERE plan_number = \(draft) AND shift_number = 1
                            """)
                        group.addTask { _ = try await pool.publishing(draft) }
                        try await pool.untilSomebodyWaits()
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await follower.follow(in: pool) == follower.replica)
            #expect(follower.replica.lines(of: "shift").count == 2)
        }
    }

    @Test("a queue that is given up takes its demand and hours along")
    func givenUpQueue() async throws {
        try await withPublished { pool in
            var follower = try await Followed("pub01", in: pool)
            try await pool.run("UPDATE queue SET retired_at = now() WHERE queue_id = 'ask'")
            #expect(try await follower.follow(in: pool) == follower.replica)
            #expect(follower.replica.lines(of: "demand").count == 8)
            #expect(follower.replica.lines(of: "queue").count == 2)
        }
    }

    @Test("texts with tabs, line breaks and backslashes travel as COPY writes them")
    func escapes() async throws {
        try await withPublished { pool in
            var follower = try await Followed("pub01", in: pool)
            try await pool.run(
                #"UPDATE absence SET reason = E'a\tb\nc\\d\re\x0bf'; UPDATE closure SET reason = 'Žižkov'"#)
            #expect(try await follower.follow(in: pool) == follower.replica)
            #expect(follower.replica.lines(of: "absence").first?.hasSuffix(#"a\tb\nc\\d\re\vf"#) == true)
            #expect(follower.replica.lines(of: "closure").first?.hasSuffix("\tŽižkov") == true)
        }
    }

    @Test(
        "changes older than a time are forgotten, those of a transaction that still runs are kept, and old cursors know"
    )
    func forgets() async throws {
        try await withPublished { pool in
            let old = try await pool.sync { $0.snapshot }
            var follower = try await Followed("pub01", in: pool)
            try await pool.withConnection { slow in
                try await slow.withTransaction { transaction in
                    try await transaction.execute("UPDATE library SET phone = 'slow' WHERE library_id = 'pub01'")
                    try await pool.run("UPDATE queue SET name = 'quick'")
                    _ = try await follower.follow(in: pool)
                    try await pool.forgetAll()
                }
            }
            #expect(try await follower.follow(in: pool) == follower.replica)
            #expect(follower.replica.lines(of: "library").last?.contains("slow") == true)
            try await eventually("all changes can be forgotten") {
                try await pool.forgetAll()
                return try await pool.changeCount() == 0
            }
            let isServedLater = try await pool.sync { $0.reachesBack(to: old) }
            let isPresentServed = try await pool.sync { $0.reachesBack(to: $0.snapshot) }
            #expect(!isServedLater && isPresentServed)
        }
    }

    @Test("a snapshot that is ahead of the database is of a lost history")
    func lostHistory() async throws {
        try await withPublished { pool in
            let snapshot = try await pool.sync { $0.snapshot }
            let ahead = try #require(ReplicaSnapshot("\(snapshot.xmin + 1000):\(snapshot.xmax + 1000):"))
            #expect(try await pool.sync { $0.reachesBack(to: ahead) } == false)
        }
    }

    @Test("digests are the sums over the rows as they are sent, whole or in parts", arguments: [1, 3, 100])
    func digests(parts: Int) async throws {
        try await withPublished { pool in
            try await pool.sync { reading in
                let replica = try await reading.everything(for: "pub01")
                for table in ReplicaTable.all {
                    let digests = try await reading.digests(of: table, in: KeyRange(), parts: parts)
                    let lines = replica.lines(of: table.name)
                    #expect(digests.reduce(0) { $0 &+ $1.digest } == lines.reduce(0) { $0 &+ sum($1) })
                    #expect(digests.map(\.rows).reduce(0, +) == lines.count)
                    #expect(digests.first?.range.from == nil && digests.last?.range.to == nil)
                    for (one, next) in zip(digests, digests.dropFirst()) { #expect(one.range.to == next.range.from) }
                    for digest in digests {
                        var part = ModelReplica()
                        _ = try await reading.rangeLines(of: table, in: digest.range) { part.apply($0) }
                        #expect(part.lines(of: table.name).reduce(0) { $0 &+ sum($1) } == digest.digest)
                    }
                }
            }
        }
    }

    private func sum(_ line: String) -> UInt64 {
        Array(SHA256.hash(data: Array(line.utf8))).prefix(8).reduce(0) { $0 * 256 + UInt64($1) }
    }

    @Test("of two snapshots the later shows the earlier")
    func snapshotOrder() throws {
        let running = try #require(ReplicaSnapshot("10:20:10,15"))
        let done = try #require(ReplicaSnapshot("15:20:15"))
        let later = try #require(ReplicaSnapshot("22:22:"))
        #expect(running.isShown(by: done) && done.isShown(by: later) && running.isShown(by: running))
        #expect(!done.isShown(by: running) && !later.isShown(by: done))
        for text in ["", "1:2", "2:1:", "a:2:", "1:5:7", "1:5:3,2", "01:5:", "-1:5:", "1:5:2,", "0:5:"] {
            #expect(ReplicaSnapshot(text) == nil, "\(text)")
        }
    }
}

extension PostgresPool {
    /// Forgets all changes that can be forgotten: not those behind a transaction that runs in any of the server's
    /// databases, of which other tests have theirs.
    func forgetAll() async throws {
        let repository = SyncRepository(consortium: "two")
        while try await withTransaction({ try await repository.forgetChanges(olderThanSeconds: 0, in: $0) }) > 0 {}
    }

    /// Returns once a session of this database waits for a lock.
    func untilSomebodyWaits() async throws {
        let query: PostgresQuery = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        while try await withConnection({ try await $0.query(query).single().decode(Int.self) }) == 0 {
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

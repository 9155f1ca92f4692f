import Foundation
import TestSupport
import Testing

@Suite("A library's replica", .timeLimit(.minutes(10)))
struct ReplicaTests {
    @Test(
        "of the running service equals it, proves it, follows it, outlives it, and takes what was done offline once",
        .enabled("the service has no feed yet") {
            try await TestProgram.coverdesk.run(["token", "create", "--help"]).standardOutput.contains("--library")
        })
    func endToEnd() async throws {
        try await withReplica { replica in
            try await replica.serving { address in
                let first = try await replica.json(replica.sync(address) + ["--once", "--verify"])
                #expect(first["proven"] as? Bool == true)
                #expect(first["library"] as? String == Replica.library)
                #expect((first["repairs"] as? [Any])?.isEmpty == true)
                try await replica.expectSameSchedule()
            }
            // The service is away: everything stays readable, and an absence waits.
            let added = try await replica.run(
                ["absence", "add"] + replica.cache + [
                    "--operator", replica.person, "--from", "2026-12-24", "--to", "2026-12-24",
                ])
            #expect(added.exitCode == 0, "\(added)")
            #expect(try await replica.states() == ["pending"])
            try await replica.expectSameSchedule()
            // It is back, and the agent follows: what waited is decided, what changes comes.
            try await replica.serving { address in
                try await TestProgram.coverdesk.withRunning(replica.sync(address), in: replica.desk.folder.path) {
                    agent in
                    try await eventually("the absence is applied") { try await replica.states() == ["applied"] }
                    #expect(try await replica.absences() == "1")
                    let before = try await replica.cachedShifts().count
                    _ = try await replica.desk.database.execute(
                        "DELETE FROM shift USING plan WHERE plan.plan_number = shift.plan_number"
                            + " AND plan.state = 'published' AND shift_number % 3 = 0")
                    try await eventually("the change is there") { try await replica.cachedShifts().count < before }
                    try await replica.expectSameSchedule()
                    agent.send(SIGTERM)
                    #expect(try await agent.end().exitCode == 0)
                }
                let last = try await replica.json(replica.sync(address) + ["--once", "--verify"])
                #expect(last["proven"] as? Bool == true)
                #expect(last["snapshots"] as? Int == 0)
            }
        }
    }

    @Test("comes compressed from another machine, and is proven all the same")
    func compressed() async throws {
        try await withReplica { replica in
            try await replica.serving { address in
                // Another name of this machine, for which the agent does not know that it is near.
                let far = address.replacingOccurrences(of: "127.0.0.1", with: "127.1")
                let first = try await replica.json(replica.sync(far) + ["--once", "--verify"])
                #expect(first["proven"] as? Bool == true)
                try await replica.expectSameSchedule()
            }
        }
    }

    @Test("takes swaps and declined shifts to the service, and tells what became of each")
    func swapsAndDeclines() async throws {
        try await withReplica { replica in
            let plan = try await replica.publishComingShifts()
            try await replica.serving { address in
                _ = try await replica.json(replica.sync(address) + ["--once"])
            }
            try await replica.succeed(["shift", "decline", "--shift", "\(plan)/1", "--reason", "jury duty"])
            try await replica.succeed(["swap", "request", "--shift", "\(plan)/2", "--with", "\(plan)/5"])
            try await replica.succeed(["shift", "decline", "--shift", "\(plan)/3"])
            try await replica.succeed(["swap", "request", "--shift", "\(plan)/4"])
            // Meanwhile one of the shifts moves, and one becomes somebody else's.
            _ = try await replica.desk.database.execute(
                """
                UPDATE shift SET during = tstzrange(lower(during) + interval '1 hour', upper(during) + interval '1 hour')
                WHERE plan_number = \(plan) AND shift_number = 3;
                UPDATE shift SET operator_id = (SELECT max(operator_id) FROM operator WHERE library_id <> '\(Replica.library)')
                WHERE plan_number = \(plan) AND shift_number = 4
                """)
            try await replica.serving { address in
                let report = try await replica.json(replica.sync(address) + ["--once", "--verify"])
                #expect(report["intents_decided"] as? Int == 4)
                #expect(report["proven"] as? Bool == true)
            }
            #expect(try await replica.states() == ["applied", "applied", "conflicting", "rejected"])
            let done = try await replica.desk.database.execute(
                """
                SELECT (SELECT string_agg(shift_number || ' ' || reason, ',') FROM shift_decline),
                    (SELECT string_agg(shift_number || ' ' || with_shift_number, ',') FROM swap_request)
                """)
            #expect(done == "1 jury duty|2 5")
        }
    }

    @Test("is not looked for at what is no address")
    func noAddress() async throws {
        try await withTemporaryFolder { folder in
            try folder.write("secret", to: "token")
            for address in ["desk.example.org", "ftp://desk.example.org", "https://"] {
                let outcome = try await TestProgram.coverdesk.run(
                    ["sync", "--service", address, "--token-file", "token", "--cache", "desk.sqlite"], in: folder.path)
                #expect(outcome.exitCode == 2, "\(outcome)")
                #expect(outcome.standardError.contains("--service: “\(address)” is no address of a service"))
            }
        }
    }
}

/// A published schedule, and what one library needs to have a replica of it.
struct Replica {
    static let library = "arrowbury"

    let desk: Desk
    let person: String

    var cache: [String] { ["--cache", desk.folder.path(of: "desk.sqlite")] }

    func sync(_ address: String) -> [String] {
        ["sync", "--service", address, "--token-file", desk.folder.path(of: "token")] + cache
    }

    func run(_ arguments: [String]) async throws -> ProgramOutcome {
        try await TestProgram.coverdesk.run(arguments, in: desk.folder.path)
    }

    func json(_ arguments: [String]) async throws -> [String: Any] {
        let outcome = try await run(arguments + ["--json"])
        let value = try? JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8))
        guard outcome.exitCode == 0, let object = value as? [String: Any] else { throw UnexpectedOutcome(outcome) }
        return object
    }

    /// Does something offline that is expected to be kept.
    func succeed(_ arguments: [String]) async throws {
        let outcome = try await run(arguments + cache)
        guard outcome.exitCode == 0 else { throw UnexpectedOutcome(outcome) }
    }

    /// Publishes a plan of a day to come, with four shifts of the library's operator and one of another library's.
    ///
    /// - Returns: The plan's number.
    func publishComingShifts() async throws -> Int {
        let other = "(SELECT min(operator_id) FROM operator WHERE library_id <> '\(Self.library)')"
        let number = try await desk.database.execute(
            """
            CREATE TEMPORARY TABLE coming AS SELECT max(plan_number) + 1 AS number, max(consortium_id) AS consortium,
                date_trunc('day', now()) + interval '1000 days' AS starts FROM plan;
            INSERT INTO plan (consortium_id, plan_number, period, created_at, created_by)
                SELECT consortium, number, tstzrange(starts, starts + interval '1 day'), now(), 'test' FROM coming;
            INSERT INTO shift
                SELECT consortium, number, n, tstzrange(starts, starts + interval '1 day'),
                    (SELECT min(queue_id) FROM queue),
                    CASE WHEN n < 5 THEN '\(person)' ELSE \(other) END,
                    tstzrange(starts + n * interval '2 hours', starts + (n * 2 + 1) * interval '1 hour')
                FROM coming, generate_series(1, 5) AS n;
            UPDATE plan SET state = 'published', published_at = now(), published_by = 'test'
                WHERE plan_number = (SELECT number FROM coming);
            SELECT number FROM coming;
            """)
        return try #require(Int(number.split(separator: "\n").last ?? ""))
    }

    /// What became of the library's intents.
    func states() async throws -> [String] {
        let outcome = try await run(["intents", "--json"] + cache)
        let list = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [[String: Any]] ?? []
        return list.compactMap { $0["state"] as? String }
    }

    func absences() async throws -> String {
        try await desk.database.execute(
            "SELECT count(*) FROM absence WHERE operator_id = '\(person)' AND lower(during) > '2026-12-23'")
    }

    func cachedShifts() async throws -> [String] {
        Self.shifts(try await json(["schedule"] + cache))
    }

    /// What the service's own command reads from the database is what the cache says.
    func expectSameSchedule() async throws {
        let told = Self.shifts(try await desk.json("schedule"))
        let cached = try await cachedShifts()
        #expect(!told.isEmpty)
        #expect(cached == told)
    }

    private static func shifts(_ report: [String: Any]) -> [String] {
        (report["shifts"] as? [[String: Any]] ?? []).map { shift in
            ["queue_id", "operator_id", "library_id", "starts_at", "ends_at"].map { shift[$0] as? String ?? "" }
                .joined(separator: " ")
        }
    }

    /// Runs the service; it is killed afterwards, as a machine that goes down.
    func serving(_ body: (String) async throws -> Void) async throws {
        try await TestProgram.coverdesk.withRunning(["serve", "--port", "0"], environment: desk.settings) { program in
            try await program.waitUntilPrinted("\"message\":\"listening\"")
            let lines = program.standardError.split(separator: "\n").filter { $0.contains("\"message\":\"listening\"") }
            let log = try JSONDecoder().decode([String: String].self, from: Data(try #require(lines.first).utf8))
            try await body("http://127.0.0.1:\(try #require(log["serve.port"]))")
        }
    }
}

/// Lends a published schedule of the small example, and a token for a library's replica.
func withReplica(_ body: (Replica) async throws -> Void) async throws {
    try await withDesk { desk in
        #expect(try await desk.run("import", Example.small).exitCode == 0)
        #expect(try await desk.run("plan", "--steps", "200", "--threads", "1").exitCode == 0)
        #expect(try await desk.run("publish", "--message", "test").exitCode == 0)
        let token = try await desk.run("token", "create", "--library", Replica.library)
        #expect(token.exitCode == 0, "\(token)")
        try desk.folder.write(token.standardOutput, to: "token")
        let person = try await desk.database.execute(
            "SELECT min(operator_id) FROM operator WHERE library_id = '\(Replica.library)'")
        try await body(Replica(desk: desk, person: person))
    }
}

import PostgresClient
import Testing

@Suite("Pipelines")
struct PipelineTests {
    @Test("many statements are sent before the first answer is read, and answered in order")
    func sendsMany() async throws {
        try await withConnection { connection in
            let numbers = try await connection.queryPipelined((0..<2000).map { "SELECT \($0)" })
                .map { try $0.first?.decode(Int.self) }
            #expect(numbers == (0..<2000).map { $0 })
        }
    }

    @Test("the first answer can be read while the pipeline is open")
    func readsInBetween() async throws {
        try await withConnection { connection in
            let sum = try await connection.withPipeline { pipeline in
                let one = pipeline.query("SELECT \(1)")
                let two = pipeline.query("SELECT \(2), \("x")")
                let first = try await one.rows.first?.decode(Int.self) ?? 0
                let third = pipeline.query("SELECT \(first + 2)")
                let last = try await third.rows.first?.decode(Int.self) ?? 0
                return first + last + (try await two.rows.count)
            }
            #expect(sum == 5)
        }
    }

    @Test("if one statement fails, none of them is done, and the others say why")
    func failsWhole() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int)")
            let error = try await failure {
                try await connection.withPipeline { pipeline in
                    pipeline.query("INSERT INTO t VALUES (1)")
                    pipeline.query("SELECT 1/0")
                    let later = pipeline.query("INSERT INTO t VALUES (2)")
                    let aborted = try await failure { _ = try await later.rows }
                    #expect(aborted.code == .pipelineAborted)
                    #expect(aborted.description.contains("division by zero"))
                }
            }
            #expect(error.code == .divisionByZero)
            #expect(try await connection.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test(
        // Only against waiting for ever: beside hundreds of other tests each waits its turn for a minute and more.
        "a failure is told though the statements behind it were never prepared", .timeLimit(.minutes(10)),
        arguments: 1...4)
    func failsBeforePreparing(count: Int) async throws {
        try await withConnection { connection in
            let later = (0..<count).map { PostgresQuery(unescaped: "SELECT \($0) AS never_prepared_\($0)") }
            let error = try await failure {
                _ = try await connection.queryPipelined(["SELECT 1/0"] + later)
            }
            #expect(error.code == .divisionByZero)
            #expect(try await connection.value("SELECT 7") == 7)
        }
    }

    @Test(
        "sent with its commit, it is undone where a statement fails, cannot be prepared or cannot be sent",
        arguments: ["SELECT 1/0", "SELECT nonsense", "SELECT \("nul \0 inside")", .init(unescaped: "SELECT '\0'")]
            as [PostgresQuery])
    func failsWithCommit(bad: PostgresQuery) async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int)")
            for _ in 0..<2 {
                await #expect(throws: PostgresError.self) {
                    _ = try await connection.queryPipelined([
                        "INSERT INTO t VALUES (\(1))", bad, "INSERT INTO t VALUES (\(2))",
                    ])
                }
            }
            #expect(try await connection.value("SELECT count(*) FROM t") == 0)
            _ = try await connection.queryPipelined(["INSERT INTO t VALUES (\(1))", "INSERT INTO t VALUES (\(2))"])
            #expect(try await connection.value("SELECT count(*) FROM t") == 2)
        }
    }

    @Test("sent with its commit, it is undone where the task is cancelled meanwhile")
    func cancelledWithCommit() async throws {
        try await withPool { pool in
            try await pool.withConnection { try await $0.executeScript("CREATE TABLE t (n int)") }
            let task = Task {
                try await pool.withConnection {
                    _ = try await $0.queryPipelined([
                        "INSERT INTO t VALUES (\(1))", "SELECT pg_sleep(\(3600))", "INSERT INTO t VALUES (\(2))",
                    ])
                }
            }
            let sleeping = PostgresQuery(
                unescaped: """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep($%' AND state = 'active'
                    """)
            while try await pool.value(sleeping) == 0 {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await pool.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("if the closure throws, nothing is done")
    func throwing() async throws {
        struct Refusal: Error {}
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int)")
            await #expect(throws: Refusal.self) {
                try await connection.withPipeline { pipeline in
                    _ = try await pipeline.query("INSERT INTO t VALUES (1)").rows
                    throw Refusal()
                }
            }
            #expect(try await connection.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("in a transaction a pipeline is part of it")
    func inTransaction() async throws {
        try await withPool { pool in
            try await pool.withTransaction { transaction in
                try await transaction.withPipeline { pipeline in
                    pipeline.query("CREATE TABLE t (n int)")
                    _ = try await pipeline.query("SELECT 1").rows
                    pipeline.query("INSERT INTO t VALUES (\(3))")
                }
                #expect(try await transaction.value("SELECT n FROM t") == 3)
            }
        }
    }

    @Test("statements that several tasks ask of one connection all get their own answers")
    func sharesConnection() async throws {
        try await withConnection { connection in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        try await connection.value("SELECT \(number) FROM pg_sleep(0)")
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 500 * 499 / 2)
        }
    }

    @Test("one that fails among statements of several tasks fails alone")
    func failsAlone() async throws {
        try await withConnection { connection in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for divisor in 0..<50 {
                    group.addTask { (try? await connection.execute("SELECT 1 / \(divisor)")) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(outcomes == 49)
        }
    }

    @Test("a script inside a pipeline is refused, and does not hang")
    func refusesScript() async throws {
        try await withConnection { connection in
            let error = try await failure {
                try await connection.withPipeline { pipeline in
                    _ = try await pipeline.query("SELECT 1").rows
                    try await connection.executeScript("SELECT 2")
                }
            }
            #expect(error.code == .misuse)
            #expect(try await connection.value("SELECT 3") == 3)
        }
    }
}

import PostgresClient
import TestSupport
import Testing

@Suite("Cancelling a task at awkward moments")
struct CancellationRaceTests {
    @Test("does not touch the statements that other tasks sent over the same connection")
    func neighbours() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let sleeper = Task { try await connection.execute("SELECT pg_sleep(600) /* sleeper */") }
                try await pool.waitUntilRunning("sleeper")
                try await withThrowingTaskGroup { group in
                    for number in 0..<20 {
                        group.addTask { () async throws in
                            #expect(try await connection.value("SELECT \(number)", as: Int.self) == number)
                        }
                    }
                    sleeper.cancel()
                    try await group.waitForAll()
                }
                await #expect(throws: CancellationError.self) { try await sleeper.value }
            }
        }
    }

    @Test("of a COPY ends it, and no row of it is kept")
    func copy() async throws {
        try await withPool { pool in
            try await pool.execute("CREATE TABLE loan (id bigint)")
            try await pool.withConnection { connection in
                let task = Task {
                    try await connection.copyIn("COPY loan FROM STDIN /* copying */") { writer in
                        while true { try await writer.writeRow(1) }
                    }
                }
                try await pool.waitUntilRunning("copying")
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await connection.value("SELECT count(*) FROM loan", as: Int.self) == 0)
            }
        }
    }

    @Test("of a batch cancels what of it was not run yet, and the connection stays usable")
    func batch() async throws {
        try await withPool { pool in
            try await pool.execute("CREATE TABLE loan (id bigint)")
            try await pool.withConnection { connection in
                let task = Task {
                    try await connection.queryEach([
                        "INSERT INTO loan VALUES (1)", "SELECT pg_sleep(600) /* sleeper */", "SELECT pg_sleep(600)",
                    ])
                }
                try await pool.waitUntilRunning("sleeper")
                task.cancel()
                let outcomes = try await task.value
                #expect(outcomes.map { (try? $0.get()) != nil } == [true, false, false])
                #expect(throws: CancellationError.self) { try outcomes[1].get() }
                #expect(throws: CancellationError.self) { try outcomes[2].get() }
                #expect(try await connection.value("SELECT count(*) FROM loan", as: Int.self) == 1)
            }
        }
    }

    @Test("of a statement that waits for a lock while it is prepared ends it")
    func whilePreparing() async throws {
        try await withPool { pool in
            try await pool.execute("CREATE TABLE loan (id bigint)")
            try await pool.withTransaction { holder async throws in
                try await holder.execute("LOCK TABLE loan")
                try await pool.withConnection { connection in
                    let task = Task { try await connection.execute("SELECT * FROM loan /* waiting */") }
                    try await pool.waitUntilRunning("waiting")
                    task.cancel()
                    await #expect(throws: CancellationError.self) { try await task.value }
                    #expect(try await connection.value("SELECT 2", as: Int.self) == 2)
                }
            }
        }
    }

    @Test("of a stream ends the statement even while its reader does something else")
    func idleReader() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let (hasRead, mayEnd) = (Gate(), Gate())
                let task = Task {
                    try await connection.stream("SELECT generate_series(1, 1000000000) /* streaming */") { rows in
                        var iterator = rows.makeAsyncIterator()
                        _ = try await iterator.next()
                        hasRead.open()
                        await mayEnd.waitUntilOpen()
                        while try await iterator.next() != nil {}
                    }
                }
                await hasRead.waitUntilOpen()
                task.cancel()
                try await pool.waitUntilOver("streaming")
                mayEnd.open()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await connection.value("SELECT 2", as: Int.self) == 2)
            }
        }
    }

    @Test("is not mistaken for a statement's own timeout")
    func timeout() async throws {
        try await withConnection { connection in
            try await connection.execute("SET statement_timeout = '20ms'")
            let error = await #expect(throws: PostgresError.self) {
                try await connection.execute("SELECT pg_sleep(600)")
            }
            #expect(error?.code == .queryCanceled)
            #expect(error?.message == "canceling statement due to statement timeout")
        }
    }
}

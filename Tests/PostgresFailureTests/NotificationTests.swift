import PostgresClient
import PrivateCluster
import TestSupport
import Testing

@Suite("Notifications")
struct NotificationTests {
    @Test("arrive on the channels listened to, with their payload and in order")
    func arrive() async throws {
        try await withPool { pool in
            let iterator = pool.notifications(on: ["Desk \"1\"", "other"]).makeAsyncIterator()
            #expect(try await iterator.next() == .listening)
            try await pool.execute("SELECT pg_notify('elsewhere', '')")
            for number in 0..<100 { try await pool.execute("SELECT pg_notify('Desk \"1\"', \(number)::text)") }
            try await pool.execute("NOTIFY other")
            for number in 0..<100 {
                let notification = try await iterator.nextNotification()
                #expect(notification.channel == "Desk \"1\"")
                #expect(notification.payload == "\(number)")
            }
            #expect(try await iterator.nextNotification().channel == "other")
        }
    }

    @Test("go on after the server crashed, and the reader is told that some may have been missed")
    func restart() async throws {
        try await withTemporaryCluster { cluster in
            let events = try PostgresNotifications(cluster.configuration(), channels: ["desk"])
            let iterator = events.makeAsyncIterator()
            #expect(try await iterator.next() == .listening)
            try await cluster.execute("NOTIFY desk, 'before'")
            #expect(try await iterator.nextNotification().payload == "before")
            try await cluster.kill()
            // The reader tries again while the server is still away.
            async let start: Void = cluster.start()
            guard case .listeningAgain(let loss) = try await iterator.next() else {
                Issue.record("the loss was not told")
                return
            }
            #expect(loss.isConnectionLoss)
            try await start
            try await cluster.execute("NOTIFY desk, 'after'")
            #expect(try await iterator.nextNotification().payload == "after")
        }
    }

    @Test("go on after the session alone was ended")
    func terminated() async throws {
        try await withPool { pool in
            let iterator = pool.notifications(on: ["desk"]).makeAsyncIterator()
            #expect(try await iterator.next() == .listening)
            try await pool.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE query LIKE 'LISTEN %' AND datname = current_database()
                """)
            guard case .listeningAgain(let loss) = try await iterator.next() else {
                Issue.record("the loss was not told")
                return
            }
            #expect(loss.isConnectionLoss)
            try await pool.execute("NOTIFY desk, 'after'")
            #expect(try await iterator.nextNotification().payload == "after")
        }
    }

    @Test("of a server that cannot be reached at first are an error at once")
    func unreachable() async throws {
        try await withTemporaryFolder { folder in
            let configuration = try PostgresConfiguration(connectionString: "host=\(folder.path) user=desk")
            let iterator = PostgresNotifications(configuration, channels: ["desk"]).makeAsyncIterator()
            let error = await #expect(throws: PostgresError.self) { try await iterator.next() }
            #expect(error?.code == .connectionFailed)
        }
    }

    @Test("are waited for until the task is cancelled")
    func cancelled() async throws {
        try await withPool { pool in
            let isListening = Gate()
            let task = Task {
                for try await event in pool.notifications(on: ["desk"]) where event == .listening {
                    isListening.open()
                }
            }
            await isListening.waitUntilOpen()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("keep listening through silence, in which the server is asked whether it is there")
    func silence() async throws {
        try await withPool { pool in
            let events = PostgresNotifications(pool.configuration, channels: ["desk"], quietTime: .milliseconds(5))
            let reading = Task {
                let iterator = events.makeAsyncIterator()
                _ = try await iterator.next()
                return try await iterator.nextNotification().payload
            }
            try await eventually("the server was asked") {
                try await pool.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT 1' AND datname = current_database()",
                    as: Int.self) == 1
            }
            try await pool.execute("NOTIFY desk, 'at last'")
            #expect(try await reading.value == "at last")
        }
    }

    @Test("wait for a slow reader, thousands of them, and none is lost")
    func slowReader() async throws {
        try await withPool { pool in
            let iterator = pool.notifications(on: ["desk"]).makeAsyncIterator()
            #expect(try await iterator.next() == .listening)
            try await pool.execute("SELECT pg_notify('desk', n::text) FROM generate_series(1, 20000) AS n")
            var payloads: [String] = []
            for _ in 0..<20_000 { payloads.append(try await iterator.nextNotification().payload) }
            #expect(payloads == (1...20_000).map { "\($0)" })
        }
    }

    @Test("that nobody reads do not keep a connection from answering")
    func unread() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                try await connection.execute("LISTEN desk")
                try await pool.execute("SELECT pg_notify('desk', n::text) FROM generate_series(1, 5000) AS n")
                for number in 0..<10 {
                    let answer = try await connection.value("SELECT \(number)", as: Int.self)
                    #expect(answer == number)
                }
            }
        }
    }
}

extension PostgresNotifications.Iterator {
    /// The next event, which is to be a notification.
    fileprivate func nextNotification() async throws -> PostgresNotification {
        let event = try await next()
        guard case .received(let notification) = event else { throw NoNotification(event: event) }
        return notification
    }
}

private struct NoNotification: Error {
    let event: PostgresNotifications.Event?
}

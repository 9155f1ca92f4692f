import PostgresClient
import PrivateCluster
import TestSupport
import Testing

@Suite("Notifications")
struct NotificationTests {
    @Test("arrive on the channels listened to, with their payload and in order")
    func arrive() async throws {
        try await withPool { pool in
            try await PostgresNotifications.listen(to: ["Desk \"1\"", "other"], at: pool.configuration) { events in
                var iterator = events.makeAsyncIterator()
                #expect(try await iterator.next() == .listening)
                try await pool.execute("SELECT pg_notify('elsewhere', '')")
                for number in 0..<100 { try await pool.execute("SELECT pg_notify('Desk \"1\"', \(number)::text)") }
                try await pool.execute("NOTIFY other")
                for number in 0..<100 {
                    let notification = try await nextNotification(&iterator)
                    #expect(notification.channel == "Desk \"1\"")
                    #expect(notification.payload == "\(number)")
                }
                #expect(try await nextNotification(&iterator).channel == "other")
            }
        }
    }

    @Test("go on after the server was restarted, and the reader is told that some may have been missed")
    func restart() async throws {
        try await withTemporaryCluster { cluster in
            let retries = PostgresRetries(
                maximumAttempts: .max, firstPause: .milliseconds(1), longestPause: .milliseconds(20))
            let configuration = try cluster.configuration()
            try await PostgresNotifications.listen(to: ["desk"], at: configuration, reconnecting: retries) { events in
                var iterator = events.makeAsyncIterator()
                #expect(try await iterator.next() == .listening)
                try await cluster.execute("NOTIFY desk, 'before'")
                #expect(try await nextNotification(&iterator).payload == "before")
                try await cluster.kill()
                guard case .interrupted(let error) = try await iterator.next() else {
                    Issue.record("the loss was not told")
                    return
                }
                #expect(error.isConnectionLoss)
                // The reader tries again while the server is still away.
                async let start: Void = cluster.start()
                #expect(try await iterator.next() == .listening)
                try await start
                try await cluster.execute("NOTIFY desk, 'after'")
                #expect(try await nextNotification(&iterator).payload == "after")
            }
        }
    }

    @Test("end with an error where the server does not come back as often as was to be tried")
    func givesUp() async throws {
        try await withTemporaryCluster { cluster in
            let retries = PostgresRetries(maximumAttempts: 3, firstPause: .milliseconds(1))
            let configuration = try cluster.configuration()
            let error = await #expect(throws: PostgresError.self) {
                try await PostgresNotifications.listen(to: ["desk"], at: configuration, reconnecting: retries) {
                    events in
                    var iterator = events.makeAsyncIterator()
                    try await cluster.stop()
                    while true { _ = try await iterator.next() }
                }
            }
            #expect(error?.code == .connectionFailed)
        }
    }

    @Test("that nobody could be told of at first are an error at once")
    func unreachable() async throws {
        try await withTemporaryFolder { folder in
            let configuration = try PostgresConfiguration(connectionString: "host=\(folder.path) user=desk")
            let error = await #expect(throws: PostgresError.self) {
                try await PostgresNotifications.listen(to: ["desk"], at: configuration) { _ in }
            }
            #expect(error?.code == .connectionFailed)
        }
    }

    @Test("are waited for until the task is cancelled")
    func cancelled() async throws {
        try await withPool { pool in
            let isListening = Gate()
            let task = Task {
                try await PostgresNotifications.listen(to: ["desk"], at: pool.configuration) { events in
                    for try await event in events where event == .listening { isListening.open() }
                }
            }
            await isListening.waitUntilOpen()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("wait for a slow reader, thousands of them, and none is lost")
    func slowReader() async throws {
        try await withPool { pool in
            try await PostgresNotifications.listen(to: ["desk"], at: pool.configuration) { events in
                try await pool.execute("SELECT pg_notify('desk', n::text) FROM generate_series(1, 20000) AS n")
                var iterator = events.makeAsyncIterator()
                #expect(try await iterator.next() == .listening)
                var payloads: [String] = []
                for _ in 0..<20_000 { payloads.append(try await nextNotification(&iterator).payload) }
                #expect(payloads == (1...20_000).map { "\($0)" })
            }
        }
    }

    @Test("that nobody reads do not keep a connection from answering")
    func unread() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                try await connection.execute("LISTEN desk")
                try await pool.execute("SELECT pg_notify('desk', n::text) FROM generate_series(1, 5000) AS n")
                for number in 0..<10 { #expect(try await connection.value("SELECT \(number)", as: Int.self) == number) }
            }
        }
    }

    /// The next event, which is to be a notification.
    private func nextNotification(_ iterator: inout PostgresNotifications.Iterator) async throws -> PostgresNotification
    {
        let event = try await iterator.next()
        guard case .notification(let notification) = event else { throw NoNotification(event: event) }
        return notification
    }
}

private struct NoNotification: Error {
    let event: PostgresNotificationEvent?
}

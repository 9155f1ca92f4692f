/// What sessions send with NOTIFY on some channels, for as long as somebody reads.
///
/// It has a connection of its own. When that breaks it is made anew, as often as it takes, and the reader is told that
/// something may have been missed meanwhile: what was sent while nobody listened is gone.
///
/// ```swift
/// for try await event in pool.notifications(on: ["coverdesk_change"]) {
///     switch event {
///     case .listening, .listeningAgain: try await readEverythingNew()
///     case .received(let notification): try await read(notification.payload)
///     }
/// }
/// ```
///
/// A reader that is slower than the senders holds them up no more than any session that reads late: the server keeps
/// what was sent.
package struct PostgresNotifications: AsyncSequence, Sendable {
    package typealias Element = Event

    /// What the reader is told.
    package enum Event: Sendable, Hashable {
        /// Comes first: whatever is sent from now on will come.
        case listening
        /// The connection broke and was made anew; what was sent in between is missed.
        case listeningAgain(after: PostgresError)
        case received(PostgresNotification)
    }

    private let configuration: PostgresConfiguration
    private let channels: [String]
    private let quietTime: Duration

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Where to connect.
    ///   - channels: What to listen to.
    ///   - quietTime: After how long a silence the server is asked whether it is still there.
    package init(
        _ configuration: PostgresConfiguration, channels: [String], quietTime: Duration = .seconds(30)
    ) {
        self.configuration = configuration
        self.channels = channels
        self.quietTime = quietTime
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(configuration: configuration, channels: channels, quietTime: quietTime)
    }

    /// Listens; the connection is closed when nobody holds the iterator any more.
    package final class Iterator: AsyncIteratorProtocol {
        private let configuration: PostgresConfiguration
        private let channels: [String]
        private let quietTime: Duration
        private var connection: PostgresConnection?
        private var loss: PostgresError?

        private static let longestPause = Duration.seconds(5)
        private static let answerDeadline = Duration.seconds(10)

        fileprivate init(configuration: PostgresConfiguration, channels: [String], quietTime: Duration) {
            self.configuration = configuration
            self.channels = channels
            self.quietTime = quietTime
        }

        deinit {
            connection?.close()
        }

        /// Waits for what comes next; never the end.
        ///
        /// - Returns: What came.
        /// - Throws: ``PostgresError`` if the first connection cannot be made, and `CancellationError`.
        package func next() async throws -> Event? {
            while true {
                guard let connection else { return try await listen() }
                do {
                    if let notification = try await connection.link.nextNotification(within: quietTime) {
                        return .received(notification)
                    }
                    try await askWhetherItIsThere(connection)
                } catch let error as PostgresError {
                    connection.close()
                    self.connection = nil
                    loss = error
                }
            }
        }

        private func listen() async throws -> Event {
            guard let loss else {
                connection = try await connect()
                return .listening
            }
            var pause = Duration.milliseconds(20)
            while true {
                do {
                    connection = try await connect()
                    return .listeningAgain(after: loss)
                } catch is PostgresError {
                    try await Task.sleep(for: pause)
                    pause = Swift.min(pause * 2, Self.longestPause)
                }
            }
        }

        private func connect() async throws -> PostgresConnection {
            let connection = try await PostgresConnection.connect(configuration)
            connection.link.keepNotifications()
            do {
                let script = channels.map { "LISTEN \(PostgresQuery.quoted($0))" }.joined(separator: ";")
                try await connection.executeScript(script)
                return connection
            } catch {
                connection.close()
                throw error
            }
        }

        /// A server that vanished without a word looks like one that has nothing to say.
        private func askWhetherItIsThere(_ connection: PostgresConnection) async throws {
            let link = connection.link
            let timer = EventLoop.shared.schedule(after: Self.answerDeadline) {
                link.close(
                    because: PostgresError(
                        code: .connectionLost, message: "the server did not answer within \(Self.answerDeadline)"))
            }
            defer { EventLoop.shared.unschedule(timer) }
            _ = try await link.run(Operation(.command("SELECT 1")))
        }
    }
}

extension PostgresPool {
    /// Listens on a connection of its own, which does not count among the pool's; see ``PostgresNotifications``.
    package func notifications(on channels: [String]) -> PostgresNotifications {
        PostgresNotifications(configuration, channels: channels)
    }
}

import Synchronization

/// The connection on which somebody listens, and the next one when it is lost.
final class Listener: Sendable {
    private enum Stage {
        /// Listening, which the reader was not told yet.
        case begun(Link)
        case listening(Link)
        case interrupted(PostgresError)
        case closed
    }

    private let channels: [String]
    private let configuration: PostgresConfiguration
    private let retries: PostgresRetries
    private let stage = Mutex(Stage.closed)

    init(channels: [String], configuration: PostgresConfiguration, retries: PostgresRetries) {
        self.channels = channels
        self.configuration = configuration
        self.retries = retries
    }

    /// Connects for the first time.
    func begin() async throws {
        let link = try await connect()
        stage.withLock { $0 = .begun(link) }
    }

    func close() {
        let last = stage.withLock { stage in
            defer { stage = .closed }
            return stage
        }
        switch last {
        case .begun(let link), .listening(let link): link.close(because: .listeningIsOver)
        case .interrupted, .closed: break
        }
    }

    func next() async throws -> PostgresNotificationEvent {
        switch stage.withLock({ $0 }) {
        case .begun(let link):
            move(to: .listening(link))
            return .listening
        case .listening(let link):
            return try await notification(from: link)
        case .interrupted(let error):
            move(to: .listening(try await reconnect(after: error)))
            return .listening
        case .closed:
            throw PostgresError.listeningIsOver
        }
    }

    /// - Note: A reader that goes on after the closure has returned must not open what was closed.
    private func move(to next: Stage) {
        let unwanted = stage.withLock { stage -> Link? in
            if case .closed = stage {
                if case .listening(let link) = next { return link }
                return nil
            }
            stage = next
            return nil
        }
        unwanted?.close(because: .listeningIsOver)
    }

    private func notification(from link: Link) async throws -> PostgresNotificationEvent {
        do {
            return .notification(try await link.nextNotification())
        } catch let error as PostgresError {
            move(to: .interrupted(error))
            return .interrupted(error)
        }
    }

    private func reconnect(after loss: PostgresError) async throws -> Link {
        var attempts = 1
        var reason = loss
        while true {
            var generator = SystemRandomNumberGenerator()
            guard let pause = retries.pause(afterAttempts: attempts, using: &generator) else { throw reason }
            try await Task.sleep(for: pause)
            do {
                return try await connect()
            } catch let error as PostgresError {
                reason = error
                attempts += 1
            }
        }
    }

    private func connect() async throws -> Link {
        let connection = try await PostgresConnection.connect(configuration)
        connection.link.keepNotifications()
        do {
            let statements = channels.map { "LISTEN \(PostgresQuery.quoted($0))" }
            try await connection.executeScript(statements.joined(separator: ";"))
            return connection.link
        } catch {
            connection.close()
            throw error
        }
    }
}

extension PostgresError {
    fileprivate static let listeningIsOver = PostgresError(
        code: .connectionClosed, message: "listening is over: it lasts as long as the closure that reads")
}

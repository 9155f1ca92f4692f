/// What is sent on some channels with NOTIFY, as it comes, also across losses of the connection.
///
/// To be read once, by one task. Notifications wait for their reader: at most about a thousand here, the others at the
/// server, whose queue holds up to 8 GB for the slowest reader of all.
package struct PostgresNotifications: AsyncSequence, Sendable {
    package typealias Element = PostgresNotificationEvent

    fileprivate let listener: Listener

    package func makeAsyncIterator() -> Iterator {
        Iterator(listener: listener)
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let listener: Listener

        /// Waits for the next event.
        ///
        /// - Returns: Never nil.
        /// - Throws: ``PostgresError`` if the server could not be reached again as often as was to be tried,
        ///   `CancellationError` if the task was cancelled.
        package mutating func next() async throws -> PostgresNotificationEvent? {
            try await listener.next()
        }
    }

    /// Listens, over a connection of its own, for as long as the closure runs.
    ///
    /// ```swift
    /// try await PostgresNotifications.listen(to: ["coverdesk_change"], at: configuration) { events in
    ///     for try await event in events {
    ///         switch event {
    ///         case .listening: try await readEverything()
    ///         case .notification(let notification): try await read(notification.payload)
    ///         case .interrupted(let error): logger.warning("what changes now is seen later", metadata: …)
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - channels: Their names as they are, not folded to small letters; the server takes 63 bytes of each.
    ///   - configuration: Where the server is; with several hosts, ask for `target_session_attrs=read-write`, as a
    ///     standby lets nobody listen.
    ///   - reconnecting: How often, and after which pauses, to try to reach the server again after a loss.
    ///   - body: Reads the events. Listening has begun when it is called.
    /// - Returns: What `body` returns.
    /// - Throws: ``PostgresError`` if the server cannot be reached at first, and what `body` throws.
    @discardableResult
    package static func listen<Result>(
        to channels: [String], at configuration: PostgresConfiguration, reconnecting: PostgresRetries = .forEver,
        _ body: (PostgresNotifications) async throws -> Result
    ) async throws -> Result {
        let listener = Listener(channels: channels, configuration: configuration, retries: reconnecting)
        try await listener.begin()
        defer { listener.close() }
        return try await body(PostgresNotifications(listener: listener))
    }
}

/// What a reader of notifications is told.
package enum PostgresNotificationEvent: Sendable, Hashable {
    /// From now on every notification is told; what was sent before may have been missed.
    ///
    /// It comes first, and again after each interruption: whoever keeps a copy of something reads all of it anew then.
    case listening
    case notification(PostgresNotification)
    /// The connection was lost: what is sent until the next ``listening`` is missed.
    case interrupted(PostgresError)
}

extension PostgresRetries {
    /// Without end, at first after up to a tenth of a second, in the end every few seconds.
    package static let forEver = PostgresRetries(
        maximumAttempts: .max, firstPause: .milliseconds(100), longestPause: .seconds(5))
}

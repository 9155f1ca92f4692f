package import Coverage
package import PostgresClient

/// Where events are posted to.
package struct WebhookRepository: Sendable {
    package struct Webhook: Hashable, Sendable {
        /// Counted from 1 in the consortium.
        package var number: Int
        package var chatServer: String
        package var url: String
        package var secret: [UInt8]
        /// Empty is all.
        package var eventTypes: [String]
        package var createdAt: Instant
        /// Events up to this number have become deliveries.
        package var lastEvent: Int64
        /// Failures in a row.
        package var failures: Int
        package var dueCount: Int
        package var givenUpCount: Int
    }

    /// What a new webhook is to be.
    package struct NewWebhook: Hashable, Sendable {
        package var chatServer: String
        package var url: String
        package var secret: [UInt8]
        /// Empty is all.
        package var eventTypes: [String]
        /// Only events behind this one are posted.
        package var lastEvent: Int64

        package init(chatServer: String, url: String, secret: [UInt8], eventTypes: [String], lastEvent: Int64) {
            self.chatServer = chatServer
            self.url = url
            self.secret = secret
            self.eventTypes = eventTypes
            self.lastEvent = lastEvent
        }
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// One chat server's webhooks, or all of them, the oldest first.
    package func all(of chatServer: String? = nil, in session: some PostgresSession) async throws -> [Webhook] {
        try await session.query(
            """
            SELECT webhook_number, chat_server, url, secret, event_types, created_at, last_event, failures,
                (SELECT count(*) FROM webhook_delivery AS due WHERE due.consortium_id = webhook.consortium_id
                    AND due.webhook_number = webhook.webhook_number AND state = 'due'),
                (SELECT count(*) FROM webhook_delivery AS lost WHERE lost.consortium_id = webhook.consortium_id
                    AND lost.webhook_number = webhook.webhook_number AND state = 'given_up')
            FROM webhook
            WHERE consortium_id = \(consortium)
                AND (\(chatServer)::text IS NULL OR chat_server = \(chatServer)::text)
            ORDER BY webhook_number
            """
        ).map { row in
            let (number, chatServer, url, secret, types, createdAt, lastEvent, failures, due, givenUp) =
                try row.decode(
                    (Int, String, String, PostgresBytes, [String], Instant, Int64, Int, Int, Int).self)
            return Webhook(
                number: number, chatServer: chatServer, url: url, secret: secret.bytes, eventTypes: types,
                createdAt: createdAt, lastEvent: lastEvent, failures: failures, dueCount: due, givenUpCount: givenUp)
        }
    }

    /// Adds a webhook.
    package func insert(
        _ new: NewWebhook, at now: Instant, in transaction: PostgresTransaction
    ) async throws -> Webhook {
        // Two that add at once wait for each other here, so that no number is given twice.
        try await transaction.execute(
            "SELECT FROM consortium WHERE consortium_id = \(consortium) FOR NO KEY UPDATE")
        let number = try await transaction.query(
            """
            INSERT INTO webhook (consortium_id, webhook_number, chat_server, url, secret, event_types, created_at,
                last_event)
            SELECT \(consortium), coalesce(max(webhook_number), 0) + 1, \(new.chatServer), \(new.url),
                \(PostgresBytes(new.secret)), \(new.eventTypes), \(now), \(new.lastEvent)
            FROM webhook WHERE consortium_id = \(consortium)
            RETURNING webhook_number
            """
        ).single().decode(Int.self)
        return Webhook(
            number: number, chatServer: new.chatServer, url: new.url, secret: new.secret, eventTypes: new.eventTypes,
            createdAt: now, lastEvent: new.lastEvent, failures: 0, dueCount: 0, givenUpCount: 0)
    }

    /// Removes a webhook with its deliveries.
    ///
    /// - Returns: Whether the chat server had it.
    package func delete(_ number: Int, of chatServer: String, in session: some PostgresSession) async throws -> Bool {
        try await session.execute(
            """
            DELETE FROM webhook
            WHERE consortium_id = \(consortium) AND webhook_number = \(number) AND chat_server = \(chatServer)
            """) > 0
    }
}

package import Coverage
import Foundation
package import PostgresClient

/// News for people, until it is sent.
package struct NotificationRepository: Sendable {
    /// Who is told: those alone who have an account that can be used, and want to be told.
    package enum Recipient: Hashable, Sendable {
        case account(Int)
        /// Whoever has an account as this operator.
        case `operator`(Operator.ID)
        /// The managers of a library.
        case managers(Library.ID)
        case coordinators
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Has people told of something, in the transaction that does it: what is rolled back is told to nobody, and what is
    /// committed is not forgotten.
    ///
    /// ```swift
    /// try await NotificationRepository(consortium: consortium).enqueue(
    ///     .requestWaiting(request: words, by: actor, path: "/requests"), to: .coordinators, by: actor, at: now,
    ///     in: transaction)
    /// ```
    ///
    /// - Parameters:
    ///   - notice: What happened.
    ///   - recipient: Whom to tell.
    ///   - actor: Who did it, as the audit log names them: nobody is told of what they did themselves.
    ///   - now: When.
    ///   - transaction: The act's own.
    /// - Returns: How many people will be told.
    /// - Throws: ``PostgresError``.
    @discardableResult
    package func enqueue(
        _ notice: Notice, to recipient: Recipient, by actor: String, at now: Instant,
        in transaction: some PostgresSession
    ) async throws -> Int {
        let facts = try Self.json(notice)
        let (number, person, library, role) = Self.columns(of: recipient)
        let standard = notice.topic?.standard ?? .atOnce
        return try await transaction.execute(
            """
            INSERT INTO notification (consortium_id, account_number, kind, facts, happened_at, state)
            SELECT a.consortium_id, a.account_number, \(notice.kind), \(facts)::text::jsonb, \(now),
                CASE coalesce(c.delivery, \(standard.rawValue)) WHEN 'daily' THEN 'collected' ELSE 'due' END
            FROM account AS a LEFT JOIN notification_choice AS c
                ON (c.consortium_id, c.account_number) = (a.consortium_id, a.account_number)
                    AND c.topic = \(notice.topic?.rawValue)::text
            WHERE a.consortium_id = \(consortium) AND a.disabled_at IS NULL AND a.email <> \(actor)
                AND (\(number)::bigint IS NULL OR a.account_number = \(number)::bigint)
                AND (\(person)::text IS NULL OR a.operator_id = \(person)::text)
                AND (\(library)::text IS NULL OR a.library_id = \(library)::text)
                AND (\(role)::text IS NULL OR a.role = \(role)::text)
                AND coalesce(c.delivery, \(standard.rawValue)) <> 'never'
            """)
    }

    private static func columns(of recipient: Recipient) -> (Int?, Operator.ID?, Library.ID?, role: String?) {
        switch recipient {
        case .account(let number): (number, nil, nil, nil)
        case .operator(let person): (nil, person, nil, nil)
        case .managers(let library): (nil, nil, library, Account.Role.Kind.manager.rawValue)
        case .coordinators: (nil, nil, nil, Account.Role.Kind.coordinator.rawValue)
        }
    }

    /// The operators whom anybody is told of: those who have an account.
    package func operators(in session: some PostgresSession) async throws -> Set<Operator.ID> {
        let ids = try await session.query(
            """
            SELECT DISTINCT operator_id FROM account
            WHERE consortium_id = \(consortium) AND operator_id IS NOT NULL AND disabled_at IS NULL
            """
        ).map { try $0.decode(Operator.ID.self) }
        return Set(ids)
    }

    // MARK: Choices

    /// What an account has chosen, topic by topic, and the hour of its daily mail by the consortium's clock.
    package func choices(
        of account: Int, in session: some PostgresSession
    ) async throws -> (deliveries: [NotificationTopic: NotificationTopic.Delivery], hour: Int) {
        let rows = try await session.query(
            """
            SELECT topic, delivery FROM notification_choice
            WHERE consortium_id = \(consortium) AND account_number = \(account)
            """
        ).map { try $0.decode((String, String).self) }
        var deliveries = Dictionary(
            uniqueKeysWithValues: NotificationTopic.allCases.map { ($0, $0.standard) })
        for (topic, delivery) in rows {
            guard let topic = NotificationTopic(rawValue: topic) else { continue }
            deliveries[topic] = NotificationTopic.Delivery(rawValue: delivery)
        }
        let hour = try await session.query(
            """
            SELECT hour FROM notification_digest WHERE consortium_id = \(consortium) AND account_number = \(account)
            """
        ).first?.decode(Int.self)
        return (deliveries, hour ?? Self.standardHour)
    }

    /// The hour of a daily mail for those who have chosen none.
    package static let standardHour = 7

    /// Sets what an account wants; what is collected already stays for the next daily mail.
    package func choose(
        _ deliveries: [NotificationTopic: NotificationTopic.Delivery], hour: Int, for account: Int,
        in transaction: some PostgresSession
    ) async throws {
        for (topic, delivery) in deliveries {
            try await transaction.execute(
                """
                INSERT INTO notification_choice (consortium_id, account_number, topic, delivery)
                VALUES (\(consortium), \(account)::bigint::integer, \(topic.rawValue), \(delivery.rawValue))
                ON CONFLICT (consortium_id, account_number, topic) DO UPDATE SET delivery = EXCLUDED.delivery
                """)
        }
        try await transaction.execute(
            """
            INSERT INTO notification_digest (consortium_id, account_number, hour)
            VALUES (\(consortium), \(account)::bigint::integer, \(hour)::bigint::smallint)
            ON CONFLICT (consortium_id, account_number) DO UPDATE SET hour = EXCLUDED.hour
            """)
    }

    // MARK: Facts

    static func json(_ notice: Notice) throws -> String {
        String(decoding: try JSONEncoder().encode(notice), as: UTF8.self)
    }

    static func notice(_ json: String) throws -> Notice {
        do {
            return try JSONDecoder().decode(Notice.self, from: Data(json.utf8))
        } catch {
            throw PostgresError(code: .decoding, message: "a notification’s facts are none that are known: \(error)")
        }
    }
}

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
    ///     .requestWaiting(request, reason: reason, by: actor), to: .coordinators, by: actor, at: now, in: transaction)
    /// ```
    ///
    /// - Parameters:
    ///   - notice: What happened.
    ///   - recipient: Whom to tell.
    ///   - actor: Who did it, as the audit log names them: nobody is told of what they did themselves.
    ///   - now: When.
    ///   - seconds: How long it is held back, for what may yet be added to it or taken back.
    ///   - transaction: The act's own.
    /// - Returns: How often it will be told: twice to whoever is told in two ways.
    /// - Throws: ``PostgresError``.
    @discardableResult
    package func enqueue(
        _ notice: Notice, to recipient: Recipient, by actor: String, at now: Instant, holdingBack seconds: Int64 = 0,
        in transaction: some PostgresSession
    ) async throws -> Int {
        let facts = try Self.json(notice)
        let (number, person, library, role) = Self.columns(of: recipient)
        let standard = notice.topic?.standard ?? .atOnce
        return try await transaction.execute(
            """
            INSERT INTO notification (consortium_id, account_number, kind, facts, happened_at, state, way,
                next_attempt_at)
            SELECT a.consortium_id, a.account_number, \(notice.kind), \(facts)::text::jsonb, \(now),
                CASE WHEN w.is_daily THEN 'collected' ELSE 'due' END, w.way,
                CASE WHEN \(seconds)::bigint > 0 THEN \(now.advanced(bySeconds: seconds)) ELSE '-infinity' END
            FROM account AS a
                LEFT JOIN notification_choice AS c
                    ON (c.consortium_id, c.account_number) = (a.consortium_id, a.account_number)
                        AND c.topic = \(notice.topic?.rawValue)::text
                LEFT JOIN notification_address AS p
                    ON (p.consortium_id, p.account_number) = (a.consortium_id, a.account_number)
                CROSS JOIN LATERAL (
                    SELECT coalesce(c.delivery, \(standard.rawValue)) = 'daily' AS is_daily, way
                    FROM (VALUES ('mail'), ('post')) AS ways (way)
                    WHERE CASE
                        WHEN coalesce(c.delivery, \(standard.rawValue)) = 'daily' THEN way = 'mail'
                        WHEN way = 'post' THEN p.url IS NOT NULL
                        ELSE p.replaces_mail IS NOT TRUE END) AS w
            WHERE a.consortium_id = \(consortium) AND a.disabled_at IS NULL AND a.email <> \(actor)
                AND (\(number)::bigint IS NULL OR a.account_number = \(number)::bigint)
                AND (\(person)::text IS NULL OR a.operator_id = \(person)::text)
                AND (\(library)::text IS NULL OR a.library_id = \(library)::text)
                AND (\(role)::text IS NULL OR a.role = \(role)::text)
                AND coalesce(c.delivery, \(standard.rawValue)) <> 'never'
            """)
    }

    /// How long news of a changed shift is held back: whoever moves shifts about moves most of them more than once.
    package static let heldBackSeconds: Int64 = 60

    /// Has an operator told of changed shifts: what was not sent yet of the same author becomes one with it, and what is
    /// as it was before is not told of at all.
    ///
    /// - Parameters:
    ///   - gained: Shifts that are the operator's from now on.
    ///   - lost: Those that are not any more.
    ///   - person: Whose.
    ///   - actor: Who changed them.
    ///   - now: When.
    ///   - transaction: The act's own.
    /// - Throws: ``PostgresError``.
    package func enqueueChange(
        gained: [NoticeShift], lost: [NoticeShift], of person: Operator.ID, by actor: String, at now: Instant,
        in transaction: some PostgresSession
    ) async throws {
        let unsent = try await transaction.query(
            """
            DELETE FROM notification AS n USING account AS a
            WHERE n.consortium_id = \(consortium) AND n.kind = 'shifts_changed' AND n.attempts = 0
                AND n.state <> 'given_up' AND n.facts #>> '{shiftsChanged,by}' = \(actor)
                AND (a.consortium_id, a.account_number) = (n.consortium_id, n.account_number)
                AND a.operator_id = \(person)
            RETURNING n.facts::text
            """
        ).map { try Self.notice(try $0.decode(String.self)) }
        var (came, went) = (Set(gained), Set(lost))
        // The same news in two ways is in there twice.
        for case .shiftsChanged(let earlierGained, let earlierLost, _) in Set(unsent) {
            (came, went) = (
                came.subtracting(earlierLost).union(Set(earlierGained).subtracting(went)),
                went.subtracting(earlierGained).union(Set(earlierLost).subtracting(came))
            )
        }
        guard !came.isEmpty || !went.isEmpty else { return }
        let notice = Notice.shiftsChanged(
            gained: came.sorted(by: NoticeShift.precedes), lost: went.sorted(by: NoticeShift.precedes), by: actor)
        try await enqueue(
            notice, to: .operator(person), by: actor, at: now, holdingBack: Self.heldBackSeconds, in: transaction)
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

    // MARK: Addresses

    /// Where an account's news is posted.
    package struct Address: Hashable, Sendable {
        package var url: String
        /// 32 bytes.
        package var secret: [UInt8]
        /// Whether no mail is sent beside it.
        package var replacesMail: Bool

        package init(url: String, secret: [UInt8], replacesMail: Bool) {
            self.url = url
            self.secret = secret
            self.replacesMail = replacesMail
        }
    }

    /// Where an account's news is posted; nil is nowhere.
    package func address(of account: Int, in session: some PostgresSession) async throws -> Address? {
        try await session.query(
            """
            SELECT url, secret, replaces_mail FROM notification_address
            WHERE consortium_id = \(consortium) AND account_number = \(account)
            """
        ).first.map { row in
            let (url, secret, replacesMail) = try row.decode((String, PostgresBytes, Bool).self)
            return Address(url: url, secret: secret.bytes, replacesMail: replacesMail)
        }
    }

    /// Has an account's news posted from now on, or with nil no more; what is due already by mail stays so.
    package func set(_ address: Address?, for account: Int, in transaction: some PostgresSession) async throws {
        guard let address else {
            try await transaction.execute(
                """
                DELETE FROM notification_address
                WHERE consortium_id = \(consortium) AND account_number = \(account)
                """)
            return
        }
        try await transaction.execute(
            """
            INSERT INTO notification_address (consortium_id, account_number, url, secret, replaces_mail)
            VALUES (\(consortium), \(account)::bigint::integer, \(address.url), \(PostgresBytes(address.secret)),
                \(address.replacesMail))
            ON CONFLICT (consortium_id, account_number) DO UPDATE
                SET url = EXCLUDED.url, secret = EXCLUDED.secret, replaces_mail = EXCLUDED.replaces_mail
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

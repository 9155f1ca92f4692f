package import Coverage
package import PostgresClient
package import Storage

/// What people want to be told by mail: reading it, and changing it.
package struct NotificationChoices: Sendable {
    /// What one account has chosen.
    package struct Choice: Hashable, Sendable {
        /// Those topics alone of which there is news for the account's role.
        package var deliveries: [NotificationTopic: NotificationTopic.Delivery]
        /// From which hour on the daily mail comes, 0…23, by the consortium's clock.
        package var hour: Int

        package init(deliveries: [NotificationTopic: NotificationTopic.Delivery], hour: Int) {
            self.deliveries = deliveries
            self.hour = hour
        }
    }

    private let consortium: Consortium.ID
    private let pool: PostgresPool

    package init(consortium: Consortium.ID, pool: PostgresPool) {
        self.consortium = consortium
        self.pool = pool
    }

    private var repository: NotificationRepository { NotificationRepository(consortium: consortium) }

    /// What an account has chosen; what it has not, by the topics' standard.
    package func choice(of account: Account) async throws -> Choice {
        try await pool.withConnection { try await choice(of: account, in: $0) }
    }

    /// Why the latest mail that was given up could not be sent; nil if none was.
    package func problem(of account: Account) async throws -> String? {
        try await pool.withConnection { try await repository.latestProblem(of: account.number, in: $0) }
    }

    /// Where an account's news is posted; nil is nowhere.
    package func address(of account: Account) async throws -> NotificationRepository.Address? {
        try await pool.withConnection { try await repository.address(of: account.number, in: $0) }
    }

    /// Has an account's news posted to an address from now on, once that has taken a first message.
    ///
    /// - Parameters:
    ///   - address: Where to.
    ///   - account: Whose.
    ///   - poster: By which the first message goes.
    ///   - now: When.
    /// - Returns: Nil if it is so now; otherwise why the address did not take the message, and nothing is changed.
    /// - Throws: ``PostgresError``.
    package func set(
        _ address: NotificationRepository.Address, for account: Account, tryingBy poster: NoticePoster, at now: Instant
    ) async throws -> String? {
        let hello = NoticePoster.Message(
            number: 0, kind: "hello", at: now, to: account.email.text, subject: "Coverdesk can reach you here",
            body: "What concerns \(account.name) is told here from now on.")
        if let problem = await poster.post(hello, to: address.url, secret: address.secret) { return problem }
        try await store(address, for: account, at: now)
        return nil
    }

    /// Has an account's news posted nowhere any more.
    package func removeAddress(of account: Account, at now: Instant) async throws {
        try await store(nil, for: account, at: now)
    }

    private func store(
        _ address: NotificationRepository.Address?, for account: Account, at now: Instant
    ) async throws {
        try await pool.withTransaction { transaction in
            try await repository.set(address, for: account.number, in: transaction)
            // Not the whole address: of some, whoever knows them can write there.
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: now, actor: account.email.text,
                    action: address == nil ? "remove notification address" : "set notification address",
                    subject: "account \(account.email)"), in: transaction)
        }
    }

    /// Changes what an account wants.
    ///
    /// - Parameters:
    ///   - choice: Topics that are of no concern to the account's role are left out.
    ///   - account: Whose.
    ///   - now: When.
    /// - Throws: ``PostgresError``.
    package func set(_ choice: Choice, for account: Account, at now: Instant) async throws {
        try await pool.withTransaction { transaction in
            let before = try await self.choice(of: account, in: transaction)
            let deliveries = choice.deliveries.filter { $0.key.isFor(account.role.kind) }
            try await repository.choose(deliveries, hour: choice.hour, for: account.number, in: transaction)
            let after = try await self.choice(of: account, in: transaction)
            guard before != after else { return }
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: now, actor: account.email.text, action: "choose notifications",
                    subject: "account \(account.email)"),
                before: before.json, after: after.json, in: transaction)
        }
    }

    private func choice(of account: Account, in session: some PostgresSession) async throws -> Choice {
        let (deliveries, hour) = try await repository.choices(of: account.number, in: session)
        return Choice(deliveries: deliveries.filter { $0.key.isFor(account.role.kind) }, hour: hour)
    }
}

extension NotificationChoices.Choice {
    /// For the audit log; names and values are words of ours, in which nothing is to be escaped.
    fileprivate var json: String {
        let topics = deliveries.map { #""\#($0.key.rawValue)":"\#($0.value.rawValue)""# }.sorted()
        return "{\((topics + [#""hour":\#(hour)"#]).joined(separator: ","))}"
    }
}

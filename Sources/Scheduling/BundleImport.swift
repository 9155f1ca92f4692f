package import Coverage
package import PostgresClient
package import Storage

/// Bringing a bundle into the database.
package struct BundleImport: Sendable {
    /// Past sessions to be imported with the bundle, handed over in batches.
    package struct History: Sendable {
        /// From the first session's start to beyond the last one's.
        package let span: Range<Instant>
        package let count: Int
        package let send: @Sendable (_ write: ([PastSession]) async throws -> Void) async throws -> Void

        package init(
            span: Range<Instant>, count: Int,
            send: @escaping @Sendable (_ write: ([PastSession]) async throws -> Void) async throws -> Void
        ) {
            self.span = span
            self.count = count
            self.send = send
        }

        /// Sessions that are in memory already; nil if there are none.
        package init?(_ sessions: [PastSession]) {
            let starts = sessions.map(\.startedAt)
            guard let first = starts.min(), let last = starts.max() else { return nil }
            self.init(span: first..<last.advanced(bySeconds: 1), count: sessions.count) { try await $0(sessions) }
        }
    }

    /// What was done.
    package struct Outcome: Sendable {
        package let difference: BundleDifference
        package let leavers: ConsortiumRepository.Leavers
    }

    private let consortium: Consortium.ID
    private let bundle: ConsortiumBundle
    private let history: History?
    private let zone: TimeZoneRules

    /// - Throws: ``UnknownTimeZone``, which the bundle's reader has excluded.
    package init(_ bundle: ConsortiumBundle, history: History?, into consortium: Consortium.ID) throws {
        self.consortium = consortium
        self.bundle = bundle
        self.history = history
        zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
    }

    /// What an import would change; changes nothing.
    package func preview(in pool: PostgresPool) async throws -> BundleDifference {
        try await pool.withTransaction(access: .readOnly) { try await difference(in: $0) }
    }

    /// Imports in one transaction: everything, or after any failure or kill nothing.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - actor: Who imports.
    ///   - now: When.
    ///   - announce: Told what will change, before anything does.
    /// - Returns: What was done.
    /// - Throws: ``SchedulingRefusal`` or ``PostgresError``; then everything is as it was.
    package func run(
        in pool: PostgresPool, actor: String, at now: Instant, announce: @Sendable (BundleDifference) -> Void
    ) async throws -> Outcome {
        do {
            return try await pool.withTransaction { transaction in
                try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
                return try await run(within: transaction, actor: actor, at: now, as: "import", announce: announce)
            }
        } catch let error as PostgresError
            where error.constraint == "rule_override_consortium_id_rule_name_rule_class_fkey"
        {
            throw SchedulingRefusal.overridesStand(rule: "that this bundle moves")
        }
    }

    /// Imports in a transaction that has the consortium locked and does more.
    ///
    /// - Parameters:
    ///   - transaction: All or nothing.
    ///   - actor: Who imports.
    ///   - now: When.
    ///   - action: What the audit log calls it.
    ///   - announce: Told what will change, before anything does.
    /// - Returns: What was done.
    /// - Throws: ``PostgresError``.
    package func run(
        within transaction: PostgresTransaction, actor: String, at now: Instant, as action: String,
        announce: @Sendable (BundleDifference) -> Void
    ) async throws -> Outcome {
        let difference = try await difference(in: transaction)
        announce(difference)
        let leavers = try await ConsortiumRepository(consortium: consortium)
            .apply(difference, at: now, in: transaction)
        if let history {
            try await HistoryRepository(consortium: consortium).replace(
                startedIn: history.span, in: transaction, send: history.send)
        }
        if !difference.isEmpty || history != nil {
            try await AuditRepository(consortium: consortium).record(
                .init(at: now, actor: actor, action: action, subject: "consortium \(consortium)"),
                after: difference.summaryJSON(historyCount: history?.count ?? 0), in: transaction)
        }
        return Outcome(difference: difference, leavers: leavers)
    }

    private func difference(in session: some PostgresSession) async throws -> BundleDifference {
        let stored = try await ConsortiumRepository(consortium: consortium).bundle(
            in: session, demandIn: bundle.consortium.period(in: zone))
        return BundleDifference(from: stored, to: bundle, zone: zone)
    }
}

extension BundleDifference {
    /// Counts by kind, for the audit log.
    fileprivate func summaryJSON(historyCount: Int) -> String {
        let kinds: [(String, Int, Int, Int)] = [
            ("libraries", libraries.added.count, libraries.changed.count, libraries.removed.count),
            ("operators", operators.added.count, operators.changed.count, operators.removed.count),
            ("queues", queues.added.count, queues.changed.count, queues.removed.count),
            ("hours", hours.added.count, hours.changed.count, hours.removed.count),
            ("demand", demand.added.count, demand.changed.count, demand.removed.count),
            ("availability", availability.added.count, availability.changed.count, availability.removed.count),
            ("absences", absences.added.count, absences.changed.count, absences.removed.count),
            ("closures", closures.added.count, closures.changed.count, closures.removed.count),
            ("routing", routings.added.count, routings.changed.count, routings.removed.count),
            ("library_hours", libraryHours.added.count, libraryHours.changed.count, libraryHours.removed.count),
            ("rules", rules.added.count, rules.changed.count, rules.removed.count),
            ("history", historyCount, 0, 0),
        ]
        let members = kinds.map { #""\#($0.0)":{"added":\#($0.1),"changed":\#($0.2),"removed":\#($0.3)}"# }
        return "{\(members.joined(separator: ","))}"
    }
}

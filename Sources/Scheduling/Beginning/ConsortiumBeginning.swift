package import Coverage
package import PostgresClient
package import Storage

/// A new consortium on its way from nothing to its first plan.
///
/// It is there from the start, with a name to be changed and nothing in it, so that its coordinator can sign in.
package struct ConsortiumBeginning: Sendable {
    /// How far it has come.
    package struct Standing: Sendable {
        /// The settings, as they are.
        package let settings: Consortium
        package let libraries: Int
        package let operators: Int
        package let queues: Int
        /// Rows of demand.
        package let demand: Int
        /// The newest draft that was not published; nil if there is none.
        package let draft: PlanRepository.Plan?
        /// What is published last; nil if nothing ever was, or it was withdrawn.
        package let published: PlanRepository.Plan?
        /// Whether what is there is the example, to which no import was added.
        package let isExample: Bool

        /// Whether there is nothing to plan with yet.
        package var isEmpty: Bool { libraries == 0 && operators == 0 && queues == 0 }
    }

    private let consortium: Consortium.ID
    private let pool: PostgresPool

    package init(consortium: Consortium.ID, pool: PostgresPool) {
        self.consortium = consortium
        self.pool = pool
    }

    /// What it is called before somebody says otherwise.
    package static let placeholder = "New consortium"

    /// Acts that say what is there, in the audit log.
    private enum Act {
        static let example = "import example"
        static let away = "throw example away"
        static let all = ["import", example, away]
    }

    // MARK: Making place

    /// Makes place for a consortium in a database that holds none; otherwise does nothing.
    ///
    /// - Parameters:
    ///   - actor: Who, for the audit log.
    ///   - now: When.
    /// - Throws: ``PostgresError``.
    package func makePlace(by actor: String, at now: Instant) async throws {
        let today = CivilDate(daysSince1970: Int(now.secondsSince1970.flooredQuotient(by: 86_400)))
        let empty = ConsortiumBundle(
            consortium: Consortium(
                name: Self.placeholder, timeZone: "UTC", slotMinutes: 60, startsOn: today.startOfWeek, weeks: 4))
        let making = try BundleImport(empty, history: nil, into: consortium)
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            // Under the lock, for an import that comes between would be undone by what is empty.
            guard try await ConsortiumRepository.all(in: transaction).isEmpty else { return }
            _ = try await making.run(within: transaction, actor: actor, at: now, as: "import") { _ in }
        }
    }

    // MARK: Looking

    /// How far it has come, in one snapshot.
    ///
    /// - Throws: ``SchedulingRefusal/nothingImported(_:)``; ``PostgresError``.
    package func standing() async throws -> Standing {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let repository = ConsortiumRepository(consortium: consortium)
            guard let settings = try await repository.settings(in: transaction) else {
                throw SchedulingRefusal.nothingImported(consortium)
            }
            let counts = Dictionary(
                try await repository.counts(in: transaction).map { ($0.name, $0.count) }, uniquingKeysWith: +)
            let plans = try await PlanRepository(consortium: consortium).all(in: transaction)
            return Standing(
                settings: settings, libraries: counts["libraries"] ?? 0, operators: counts["operators"] ?? 0,
                queues: counts["queues"] ?? 0, demand: counts["demands"] ?? 0,
                draft: plans.first { $0.state == .draft }, published: plans.first { $0.state == .published },
                isExample: try await isExample(in: transaction))
        }
    }

    /// Whether somebody who comes is still to be led to the beginning: nothing was ever published.
    package func isUnpublished() async throws -> Bool {
        try await pool.withConnection { connection in
            try await !PlanRepository(consortium: consortium).hasPublished(in: connection)
        }
    }

    /// Whether what is there is the example, to which no import was added.
    package func isExample() async throws -> Bool { try await pool.withConnection { try await isExample(in: $0) } }

    private func isExample(in session: some PostgresSession) async throws -> Bool {
        let act = try await AuditRepository(consortium: consortium).latest(of: Act.all, in: session)
        return act?.action == Act.example
    }

    // MARK: Filling

    /// Fills it with a bundle, where nothing is in it yet.
    ///
    /// - Parameters:
    ///   - bundle: What it is to hold.
    ///   - history: Past sessions; nil for none.
    ///   - isExample: Whether it is the example, which can be thrown away.
    ///   - actor: Who.
    ///   - now: When.
    /// - Throws: ``BeginningRefusal/notEmpty``; ``PostgresError``; then everything is as it was.
    package func fill(
        with bundle: ConsortiumBundle, history: BundleImport.History? = nil, isExample: Bool = false, by actor: String,
        at now: Instant
    ) async throws {
        let filling = try BundleImport(bundle, history: history, into: consortium)
        try await pool.withTransaction { transaction in
            let repository = ConsortiumRepository(consortium: consortium)
            try await repository.lock(in: transaction)
            let counts = try await repository.counts(in: transaction)
            guard counts.allSatisfy({ !["libraries", "operators", "queues"].contains($0.name) || $0.count == 0 })
            else { throw BeginningRefusal.notEmpty }
            let act = isExample ? Act.example : "import"
            _ = try await filling.run(within: transaction, actor: actor, at: now, as: act) { _ in }
        }
    }

    /// Publishes the first plan.
    ///
    /// - Throws: ``SchedulingRefusal``; then everything is as it was.
    package func publish(_ number: Int, by actor: String, at now: Instant) async throws {
        _ = try await PlanPublication(consortium: consortium)
            .run(plan: number, in: pool, actor: actor, message: "", at: now)
    }

    // MARK: Throwing away

    /// Empties a consortium that holds the example, so that it can begin anew; coordinators' accounts stay.
    ///
    /// What was published is withdrawn and stays in the database, with those whom it names, as every schedule does.
    ///
    /// - Parameters:
    ///   - name: The consortium's name, by which somebody says that they mean it.
    ///   - actor: Who.
    ///   - now: When.
    /// - Throws: ``BeginningRefusal``; ``PostgresError``; then everything is as it was.
    package func throwExampleAway(confirming name: String, by actor: String, at now: Instant) async throws {
        try await pool.withTransaction { transaction in
            let repository = ConsortiumRepository(consortium: consortium)
            try await repository.lock(in: transaction)
            guard let settings = try await repository.settings(in: transaction), try await isExample(in: transaction)
            else { throw BeginningRefusal.noExample }
            guard settings.name == name else { throw BeginningRefusal.otherName(settings.name) }
            let plans = PlanRepository(consortium: consortium)
            try await plans.withdrawAll(at: now, in: transaction)
            try await HistoryRepository(consortium: consortium).forget(in: transaction)
            var empty = ConsortiumBundle(consortium: settings)
            (empty.consortium.name, empty.consortium.rules) = (Self.placeholder, RuleBook())
            _ = try await BundleImport(empty, history: nil, into: consortium)
                .run(within: transaction, actor: actor, at: now, as: Act.away) { _ in }
        }
    }
}

/// Why a consortium's beginning does not go on.
package enum BeginningRefusal: Error, Hashable, Sendable {
    /// There are libraries, people or queues already.
    case notEmpty
    /// What is there is not the example, or no longer the example alone.
    case noExample
    /// Somebody has typed another name than the consortium's, which is this one.
    case otherName(String)
}

package import Coverage
package import PostgresClient
package import Storage

/// Reading the published schedule.
package struct ScheduleReading: Sendable {
    /// Whose shifts.
    package struct Filter: Hashable, Sendable {
        package var library: Library.ID?
        package var `operator`: Operator.ID?
        package var queue: Queue.ID?

        package init(library: Library.ID? = nil, operator: Operator.ID? = nil, queue: Queue.ID? = nil) {
            self.library = library
            self.operator = `operator`
            self.queue = queue
        }
    }

    /// The shifts of some, with what is needed to print them.
    package struct Schedule: Sendable {
        package let consortium: Consortium
        package let zone: TimeZoneRules
        package let period: Range<Instant>
        package let shifts: [Shift]
        package let operators: [Operator.ID: Operator]
        package let queues: [Queue.ID: Queue]
        /// The published plans that cover some of the period.
        package let plans: [PlanRepository.Plan]
    }

    private let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Reads, in one snapshot, the published shifts that touch a period.
    ///
    /// - Parameters:
    ///   - selection: Which days; not limited to the consortium's current period where days are named.
    ///   - filter: Whose shifts.
    ///   - pool: The database.
    /// - Returns: The shifts, in the order in which plans are written.
    /// - Throws: ``SchedulingRefusal`` if an id is unknown or nothing was imported.
    package func read(
        _ selection: PeriodSelection, filter: Filter, in pool: PostgresPool
    ) async throws -> Schedule {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let repository = ConsortiumRepository(consortium: consortium)
            guard let settings = try await repository.settings(in: transaction) else {
                throw SchedulingRefusal.nothingImported(consortium)
            }
            let zone = try TimeZoneRules(identifier: settings.timeZone)
            let period = try selection.dates(from: settings).instants(in: zone)
            let people = try await repository.everyOperator(in: transaction)
            let lines = try await repository.everyQueue(in: transaction)
            try check(filter, people, lines)
            let plans = PlanRepository(consortium: consortium)
            let shifts = try await plans.publishedShifts(touching: period, in: transaction).filter { shift in
                (filter.operator == nil || shift.operator == filter.operator)
                    && (filter.queue == nil || shift.queue == filter.queue)
                    && (filter.library == nil || people[shift.operator]?.library == filter.library)
            }
            return Schedule(
                consortium: settings, zone: zone, period: period, shifts: shifts, operators: people, queues: lines,
                plans: try await plans.published(touching: period, in: transaction))
        }
    }

    private func check(
        _ filter: Filter, _ people: [Operator.ID: Operator], _ lines: [Queue.ID: Queue]
    ) throws(SchedulingRefusal) {
        let libraries = Set(people.values.map(\.library.rawValue))
        if let id = filter.library, !libraries.contains(id.rawValue) {
            throw .unknown(kind: "library", id: id.rawValue, known: libraries.sorted())
        }
        if let id = filter.operator, people[id] == nil {
            throw .unknown(kind: "operator", id: id.rawValue, known: people.keys.map(\.rawValue).sorted())
        }
        if let id = filter.queue, lines[id] == nil {
            throw .unknown(kind: "queue", id: id.rawValue, known: lines.keys.map(\.rawValue).sorted())
        }
    }
}

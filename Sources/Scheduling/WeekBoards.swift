package import Coverage
package import PostgresClient
import Storage

/// The weeks that were looked at last, read anew where something has changed since.
///
/// Whoever asks for a week that is being read waits for that reading.
package actor WeekBoards {
    private struct Key: Hashable {
        let monday: CivilDate
        let source: WeekBoard.Source
    }

    private struct Entry {
        let board: WeekBoard
        let readAt: Instant
        var usedAt: Instant
    }

    private let consortium: Consortium.ID
    private let pool: PostgresPool
    private let now: @Sendable () -> Instant
    private var entries: [Key: Entry] = [:]
    /// Those who wait for a reading that is under way.
    private var readings: [Key: [CheckedContinuation<Void, Never>]] = [:]
    private var zones: [String: TimeZoneRules] = [:]

    /// How many weeks are kept, each with all that planning it would need.
    private static let capacity = 8
    /// Well below the days for which changes are kept, by which a week is known to stand.
    private static let longestSeconds: Int64 = 3600

    package init(consortium: Consortium.ID, pool: PostgresPool, now: @escaping @Sendable () -> Instant) {
        self.consortium = consortium
        self.pool = pool
        self.now = now
    }

    /// The week of a day, as it stands in the database when this is called.
    ///
    /// - Throws: As ``WeekBoard/read(_:weekOf:_:in:)``.
    package func board(weekOf day: CivilDate, _ source: WeekBoard.Source) async throws -> WeekBoard {
        let key = Key(monday: day.startOfWeek, source: source)
        while true {
            if readings[key] == nil {
                if let board = try await standing(key) { return board }
                // Others may have begun to read while this one looked; they keep who waits for them.
                if readings[key] == nil { return try await read(key) }
            }
            await withCheckedContinuation { readings[key]?.append($0) }
        }
    }

    /// The week as it was read, if it still stands.
    private func standing(_ key: Key) async throws -> WeekBoard? {
        guard let entry = entries[key], now().seconds(since: entry.readAt) < Self.longestSeconds,
            try await stands(entry.board, key.source)
        else { return nil }
        entries[key]?.usedAt = now()
        return entry.board
    }

    /// The consortium as it stands, with the rules of its clock.
    ///
    /// - Throws: ``SchedulingRefusal`` if nothing was imported.
    package func settings() async throws -> (consortium: Consortium, zone: TimeZoneRules) {
        let repository = ConsortiumRepository(consortium: consortium)
        guard let settings = try await pool.withConnection({ try await repository.settings(in: $0) }) else {
            throw SchedulingRefusal.nothingImported(consortium)
        }
        return (settings, try zone(settings.timeZone))
    }

    /// A clock's rules, looked up once.
    ///
    /// - Throws: ``UnknownTimeZone``
    package func zone(_ identifier: String) throws -> TimeZoneRules {
        if let known = zones[identifier] { return known }
        let rules = try TimeZoneRules(identifier: identifier)
        zones[identifier] = rules
        return rules
    }

    /// The day that somebody means who may have named none: today, or before and after the plan its first day, which is
    /// of more use than an apology.
    ///
    /// - Throws: ``SchedulingRefusal`` if nothing was imported.
    package func day(_ date: CivilDate?, at now: Instant) async throws -> CivilDate {
        if let date { return date }
        let (consortium, zone) = try await settings()
        let today = zone.civil(at: now).date
        return consortium.dates.contains(today) ? today : consortium.dates.lowerBound
    }

    private func stands(_ board: WeekBoard, _ source: WeekBoard.Source) async throws -> Bool {
        try await pool.withConnection { connection in
            guard try await !ChangeRepository(consortium: consortium).hasChanged(since: board.snapshot, in: connection)
            else { return false }
            // No change is logged of a draft that is thrown away.
            guard case .plan(let number) = source else { return true }
            return try await PlanRepository(consortium: consortium).exists(number, in: connection)
        }
    }

    private func read(_ key: Key) async throws -> WeekBoard {
        readings[key] = []
        defer { for waiting in readings.removeValue(forKey: key) ?? [] { waiting.resume() } }
        let board = try await WeekBoard.read(consortium, weekOf: key.monday, key.source, in: pool)
        keep(board, as: key)
        return board
    }

    private func keep(_ board: WeekBoard, as key: Key) {
        let time = now()
        entries[key] = Entry(board: board, readAt: time, usedAt: time)
        while entries.count > Self.capacity, let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt }) {
            entries[oldest.key] = nil
        }
    }
}

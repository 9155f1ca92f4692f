import CacheSchema
package import Coverage
import Foundation
import GRDB

/// Reads a cache, beside the agent or without one.
package struct CacheReader: Sendable {
    package let path: String
    private let queue: DatabaseQueue

    /// Opens a cache for reading.
    ///
    /// - Throws: ``OfflineRefusal`` where there is nothing to be read; ``CacheFault``.
    package init(path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { throw OfflineRefusal.noCache(path: path) }
        self.path = path
        do {
            queue = try DatabaseQueue(path: path, configuration: CacheConnection.reading())
            try queue.read { try Self.check($0, path) }
        } catch let error as DatabaseError {
            throw CacheFault(error, path: path)
        }
    }

    static func check(_ db: Database, _ path: String) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard application == CacheTables.applicationID else {
            throw CacheFault.foreign(path: path, reason: "it does not have a cache's mark")
        }
        let state = try CacheState(in: db)
        guard state.schema > 0 else { throw OfflineRefusal.empty(path: path) }
        guard state.isCurrent else {
            throw OfflineRefusal.otherSchema(path: path, version: state.schema, program: CacheSchema.version)
        }
    }

    /// One consistent state of everything, with the questions that can be asked of it.
    ///
    /// - Throws: What the body throws; ``CacheFault``.
    package func read<Result>(_ body: (CacheView) throws -> Result) throws -> Result {
        do {
            return try queue.read { try body(CacheView($0)) }
        } catch let error as DatabaseError {
            throw CacheFault(error, path: path)
        }
    }
}

/// A consistent state of a cache.
package struct CacheView {
    private let db: Database
    package let state: CacheState
    /// The consortium's name, days and slots; its rules are not known here.
    package let consortium: Consortium
    /// The zone of the cache's own library.
    package let libraryZone: TimeZoneRules
    package let consortiumZone: TimeZoneRules

    init(_ db: Database) throws {
        self.db = db
        state = try CacheState(in: db)
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM consortium"),
            let startsOn = CivilDate(row["starts_on"] as String)
        else { throw OfflineRefusal.unknown(kind: "consortium", id: state.consortium ?? "", known: []) }
        consortium = Consortium(
            name: row["name"], timeZone: row["time_zone"], slotMinutes: row["slot_minutes"], startsOn: startsOn,
            weeks: row["weeks"])
        consortiumZone = try TimeZoneRules(identifier: consortium.timeZone)
        let zone = try String.fetchOne(
            db, sql: "SELECT time_zone FROM library WHERE library_id = ?", arguments: [state.library])
        libraryZone = try TimeZoneRules(identifier: zone ?? consortium.timeZone)
    }

    /// The published shifts that touch a period, in the order in which plans are written.
    ///
    /// - Throws: ``OfflineRefusal`` if an id is unknown.
    package func shifts(
        touching period: Range<Instant>, library: Library.ID?, operator: Operator.ID?, queue: Queue.ID?
    ) throws -> [CachedShift] {
        try require("library", library?.rawValue, in: "SELECT library_id FROM library")
        try require("queue", queue?.rawValue, in: "SELECT queue_id FROM queue")
        try require(
            "operator", `operator`?.rawValue,
            in: "SELECT operator_id FROM operator UNION SELECT operator_id FROM shift")
        return try Row.fetchAll(
            db,
            sql: """
                SELECT shift.*, operator.name AS operator_name FROM shift LEFT JOIN operator USING (operator_id)
                WHERE shift.ends_at > ? AND shift.starts_at < ?
                    AND (? IS NULL OR shift.library_id = ?) AND (? IS NULL OR shift.operator_id = ?)
                    AND (? IS NULL OR shift.queue_id = ?)
                ORDER BY shift.starts_at, shift.queue_id, shift.operator_id
                """,
            arguments: [
                period.lowerBound.secondsSince1970, period.upperBound.secondsSince1970,
                library?.rawValue, library?.rawValue, `operator`?.rawValue, `operator`?.rawValue, queue?.rawValue,
                queue?.rawValue,
            ]
        ).map(CachedShift.init)
    }

    private func require(_ kind: String, _ id: String?, in sql: String) throws {
        guard let id else { return }
        let known = try String.fetchAll(db, sql: "SELECT * FROM (\(sql)) ORDER BY 1")
        guard known.contains(id) else { throw OfflineRefusal.unknown(kind: kind, id: id, known: known) }
    }

    /// The numbers of the published plans that cover some of a period.
    package func plans(touching period: Range<Instant>) throws -> [Int] {
        try Int.fetchAll(
            db, sql: "SELECT plan_number FROM plan WHERE ends_at > ? AND starts_at < ? ORDER BY starts_at",
            arguments: [period.lowerBound.secondsSince1970, period.upperBound.secondsSince1970])
    }

    /// A shift of the published schedule.
    ///
    /// - Throws: ``OfflineRefusal`` if there is none of the number.
    package func shift(plan: Int, number: Int) throws -> CachedShift {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT shift.*, operator.name AS operator_name FROM shift LEFT JOIN operator USING (operator_id)
                WHERE plan_number = ? AND shift_number = ?
                """, arguments: [plan, number])
        guard let row else { throw OfflineRefusal.noShift(plan: plan, number: number) }
        return CachedShift(row)
    }

    /// One of the library's own operators.
    ///
    /// - Throws: ``OfflineRefusal`` if there is none of the id.
    package func requireOwnOperator(_ id: Operator.ID) throws {
        try require("operator of this library", id.rawValue, in: "SELECT operator_id FROM operator")
    }

    /// What this library did offline, in its order.
    package func intents(pendingOnly: Bool) throws -> [MadeIntent] {
        try Row.fetchAll(
            db,
            sql: "SELECT * FROM intent " + (pendingOnly ? "WHERE state = 'pending' " : "") + "ORDER BY intent_number"
        ).map(MadeIntent.init)
    }
}

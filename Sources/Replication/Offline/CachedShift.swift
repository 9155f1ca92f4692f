package import Coverage
import GRDB

/// A shift as the cache has it.
package struct CachedShift: Hashable, Sendable {
    package var plan: Int
    package var number: Int
    package var queue: Queue.ID
    package var library: Library.ID
    package var `operator`: Operator.ID
    /// Known of the library's own operators alone.
    package var operatorName: String?
    package var during: Range<Instant>

    init(_ row: Row) {
        plan = row["plan_number"]
        number = row["shift_number"]
        queue = Queue.ID(row["queue_id"] as String)
        library = Library.ID(row["library_id"] as String)
        `operator` = Operator.ID(row["operator_id"] as String)
        operatorName = row["operator_name"]
        let start: Int64 = row["starts_at"]
        let end: Int64 = row["ends_at"]
        during = Instant(secondsSince1970: start)..<Instant(secondsSince1970: max(start, end))
    }
}

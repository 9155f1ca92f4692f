import Coverage
import GRDB

/// The clocks of zones, as rows that SQL can join.
enum ZoneOffsets {
    /// Writes the offsets of all zones that the cache's consortium and libraries name.
    ///
    /// - Parameters:
    ///   - db: The connection, inside a transaction.
    ///   - known: Offsets found before, by zone: finding them takes a moment.
    /// - Returns: Zones that are none of the tz database; they are taken for UTC.
    /// - Throws: `DatabaseError`
    static func write(in db: Database, known: inout [String: [Stretch]]) throws -> [String] {
        var unknown: [String] = []
        let missing = try String.fetchAll(
            db,
            sql: """
                SELECT time_zone FROM (SELECT time_zone FROM consortium UNION SELECT time_zone FROM library)
                WHERE time_zone NOT IN (SELECT time_zone FROM zone_offset)
                """)
        for zone in missing {
            let stretches = known[zone] ?? (try? Self.stretches(of: zone))
            known[zone] = stretches
            if stretches == nil { unknown.append(zone) }
            for stretch in stretches ?? [Stretch(startsAt: first, endsAt: last, offsetSeconds: 0)] {
                try db.execute(
                    sql: "INSERT INTO zone_offset VALUES (?, ?, ?, ?)",
                    arguments: [zone, stretch.startsAt, stretch.endsAt, stretch.offsetSeconds])
            }
        }
        return unknown
    }

    /// From one instant to another, in Unix seconds, the clocks are so many seconds ahead of UTC.
    struct Stretch: Hashable, Sendable {
        var startsAt: Int64
        var endsAt: Int64
        var offsetSeconds: Int
    }

    /// The stretches of a zone, without a gap from long ago until long after.
    ///
    /// - Throws: `UnknownTimeZone`.
    static func stretches(of zone: String) throws(UnknownTimeZone) -> [Stretch] {
        let rules = try TimeZoneRules(identifier: zone)
        var stretches: [Stretch] = []
        var start = first
        let end = Instant(secondsSince1970: last)
        var offset = rules.offsetSeconds(at: Instant(secondsSince1970: first))
        while let change = rules.firstChange(in: Instant(secondsSince1970: start + 1)..<end) {
            stretches.append(
                Stretch(startsAt: start, endsAt: change.at.secondsSince1970, offsetSeconds: offset))
            start = change.at.secondsSince1970
            offset = change.after
        }
        return stretches + [Stretch(startsAt: start, endsAt: last, offsetSeconds: offset)]
    }

    /// The years 1 and 9999.
    private static let first: Int64 = -62_135_596_800
    private static let last: Int64 = 253_402_300_799
}

package import Coverage
package import PostgresClient
package import Routing

// How the domain's types travel: each as the server's own type for it, so that the database can check and sort them.

extension Identifier: PostgresEncodable, PostgresDecodable {
    package func encodeText(into buffer: inout PostgresBuffer) throws(PostgresError) {
        try rawValue.encodeText(into: &buffer)
    }
}

extension Rule.Name: PostgresEncodable, PostgresDecodable {}
extension Rule.Class: PostgresEncodable, PostgresDecodable {}
extension Library.Kind: PostgresEncodable, PostgresDecodable {}
extension Queue.Channel: PostgresEncodable, PostgresDecodable {}
extension PlanState: PostgresEncodable, PostgresDecodable {}
extension PlanningRun.Purpose: PostgresEncodable, PostgresDecodable {}
extension PlanningRun.State: PostgresEncodable, PostgresDecodable {}

extension Weekday: PostgresDecodable {}
extension MinuteOfDay: PostgresDecodable {}

extension Instant: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { PostgresTimestamp.postgresType }

    package func encode(into buffer: inout PostgresBuffer) throws(PostgresError) {
        try timestamp.encode(into: &buffer)
    }

    package func encodeText(into buffer: inout PostgresBuffer) {
        timestamp.encodeText(into: &buffer)
    }

    /// Reads a timestamptz; parts of a second, which nothing here writes, are cut off.
    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Instant {
        let microseconds = try PostgresTimestamp.decode(cell).microsecondsSince1970
        return Instant(secondsSince1970: microseconds.flooredQuotient(by: 1_000_000))
    }

    private var timestamp: PostgresTimestamp {
        PostgresTimestamp(microsecondsSince1970: secondsSince1970 * 1_000_000)
    }
}

extension CivilDate: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { PostgresDate.postgresType }

    package func encode(into buffer: inout PostgresBuffer) throws(PostgresError) {
        try day.encode(into: &buffer)
    }

    package func encodeText(into buffer: inout PostgresBuffer) {
        day.encodeText(into: &buffer)
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> CivilDate {
        CivilDate(daysSince1970: Int(try PostgresDate.decode(cell).daysSince1970))
    }

    private var day: PostgresDate { PostgresDate(daysSince1970: Int32(daysSince1970)) }
}

extension Thousandths: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { PostgresNumeric.postgresType }
    package static var postgresFormat: PostgresFormat { PostgresNumeric.postgresFormat }

    package func encode(into buffer: inout PostgresBuffer) {
        numeric.encode(into: &buffer)
    }

    package func encodeText(into buffer: inout PostgresBuffer) throws(PostgresError) {
        try numeric.encodeText(into: &buffer)
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Thousandths {
        guard let value = Thousandths(try PostgresNumeric.decode(cell).description) else {
            throw cell.mismatch(Thousandths.self, because: "it has more than three decimals")
        }
        return value
    }

    private var numeric: PostgresNumeric {
        // Every description is a number, so the whole part never stands in.
        PostgresNumeric(description) ?? PostgresNumeric(rawValue / 1000)
    }
}

extension Outcome: PostgresEncodable, PostgresDecodable {}
extension Rung: PostgresEncodable, PostgresDecodable {}
extension Presence.Availability: PostgresEncodable, PostgresDecodable {}

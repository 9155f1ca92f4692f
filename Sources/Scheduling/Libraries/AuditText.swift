import Coverage
import Foundation

/// What was there before and what is there now, as the audit log has it.
enum AuditText {
    /// JSON with its members in the order of their names.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// An absence; times are seconds since 1970.
    static func json(_ absence: Absence) throws -> String {
        try json(AbsenceFacts(absence))
    }

    /// Somebody's weekly rows.
    static func json(_ rows: [Availability]) throws -> String {
        try json(rows.map(AvailabilityFacts.init))
    }

    private struct AvailabilityFacts: Encodable {
        let weekday: Int
        let from: String
        let to: String
        let preference: Int

        init(_ row: Availability) {
            weekday = row.weekday.rawValue
            from = row.from.description
            to = row.to.description
            preference = row.preference
        }
    }

    private struct AbsenceFacts: Encodable {
        let person: String
        let startsAt: Int64
        let endsAt: Int64
        let reason: String

        enum CodingKeys: String, CodingKey {
            case person = "operator_id"
            case startsAt = "starts_at"
            case endsAt = "ends_at"
            case reason
        }

        init(_ absence: Absence) {
            person = absence.operator.rawValue
            startsAt = absence.during.lowerBound.secondsSince1970
            endsAt = absence.during.upperBound.secondsSince1970
            reason = absence.reason
        }
    }
}

package import Coverage
import Foundation
import GRDB

/// Something that this library did offline, with what became of it.
package struct MadeIntent: Hashable, Sendable {
    /// In the order in which intents are made and sent.
    package var number: Int
    package var id: String
    package var kind: Intent.Kind
    package var madeAt: Instant
    package var `operator`: Operator.ID
    /// The absence's span, or that of the shift as it was then.
    package var during: Range<Instant>
    package var plan: Int?
    package var shift: Int?
    /// What the library said for it.
    package var said: String
    /// What the service decided; nil while it waits.
    package var outcome: IntentOutcome.State?
    /// Why, in the service's words.
    package var reason: String?
    /// As JSON: what this library sent.
    package var ours: String
    /// As JSON: the service's version, where it is another.
    package var theirs: String?

    init(_ row: Row) {
        number = row["intent_number"]
        id = row["intent_id"]
        kind = Intent.Kind(rawValue: row["kind"]) ?? .absence
        madeAt = Instant(secondsSince1970: row["made_at"])
        `operator` = Operator.ID(row["operator_id"] as String)
        let start: Int64 = row["starts_at"]
        let end: Int64 = row["ends_at"]
        during = Instant(secondsSince1970: start)..<Instant(secondsSince1970: max(start, end))
        plan = row["plan_number"]
        shift = row["shift_number"]
        ours = row["body"]
        said = (try? JSONDecoder().decode(Said.self, from: Data(ours.utf8)))?.reason ?? ""
        outcome = IntentOutcome.State(rawValue: row["state"])
        let told: String? = row["reason"]
        reason = told?.isEmpty == true ? nil : told
        theirs = row["theirs"]
    }

    private struct Said: Decodable {
        var reason: String
    }
}

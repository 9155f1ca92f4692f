import Foundation

/// Where a plan comes from, as far as that is written down with it.
package struct PlanOrigin: Codable, Hashable, Sendable {
    /// What it cost when it was made.
    package var cost: Double?
    /// What no plan could cost less than then, proven; nil where nothing was proven.
    package var lowerBound: Double?
    /// The published plans that it mends.
    package var replans: [Int]?
    /// The earlier version whose shifts it has.
    package var restores: Int?
    /// The plan that it was made of by a change.
    package var revises: Int?
    /// The change, where it is a suggestion that was accepted.
    package var advice: AcceptedAdvice?

    /// A suggestion by its place.
    package struct AcceptedAdvice: Codable, Hashable, Sendable {
        /// The search that found it.
        package var run: Int
        /// Its number among those.
        package var step: Int
        /// As people read it.
        package var words: String
    }

    package init() {}

    /// Reads what a plan in the database was made with; what it does not say is nil.
    package init(json: String) {
        self = (try? JSONDecoder().decode(PlanOrigin.self, from: Data(json.utf8))) ?? PlanOrigin()
    }

    /// A JSON object.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// How good the plan was proven to be; nil where nothing was.
    package var gap: ProvenGap? {
        guard let cost, let lowerBound else { return nil }
        return ProvenGap(cost: cost, lowerBound: lowerBound)
    }
}

import Foundation
package import Planning

/// How a plan was made, so that it can be made again: kept with a draft, and written to files.
package struct PlanMaking: Codable, Hashable, Sendable {
    package var seed: UInt64
    package var threads: Int
    package var steps: Int
    package var cost: Double
    /// What no plan could cost less than, proven; nil where nothing was proven.
    package var lowerBound: Double?
    /// The search's ``SearchRecord`` as text; nil in drafts of versions that kept none.
    package var rounds: String?
    /// The published plans that this one mends; nil where it was made from nothing.
    package var replans: [Int]?
    /// Where it mends one, the price of an hour that somebody loses or gains.
    package var changePrice: Int?

    package init(_ result: PlanResult, _ settings: PlanningEngine.Settings) {
        seed = settings.seed
        threads = settings.threads
        steps = result.steps
        cost = result.cost.doubleValue
        lowerBound = result.lowerBound > .zero ? result.lowerBound.doubleValue : nil
        rounds = result.record.count == 0 ? nil : result.record.description
    }

    /// Reads what a plan in the database was made with; nil where it does not say.
    package init?(json: String) {
        guard let making = try? JSONDecoder().decode(PlanMaking.self, from: Data(json.utf8)) else { return nil }
        self = making
    }

    /// A JSON object.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// How the search went; nil where it is not known.
    package var record: SearchRecord? { rounds.flatMap { SearchRecord($0) } }
}

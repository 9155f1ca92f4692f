import Foundation
import Planning

/// How a search came to its plan: the best cost and the proven bound over time.
package struct SearchCurve: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        /// Since the search began.
        package var seconds: Double
        /// Of the best plan so far; lower is better.
        package var cost: Double
        /// What no plan can cost less than; nil while nothing is proven.
        package var bound: Double?

        package init(seconds: Double, cost: Double, bound: Double?) {
            self.seconds = seconds
            self.cost = cost
            self.bound = bound
        }
    }

    /// By time.
    package private(set) var points: [Point] = []
    /// Points closer to each other than this take each other's place, so that a long search has no more than a picture
    /// can show.
    private let stepSeconds: Double

    /// - Parameter seconds: How long the search may take.
    init(seconds: Int) {
        stepSeconds = Double(seconds) / 200
    }

    mutating func note(_ point: Point) {
        if let last = points.last, points.count > 1, point.seconds - last.seconds < stepSeconds,
            last.seconds - points[points.count - 2].seconds < stepSeconds
        {
            points.removeLast()
        }
        points.append(point)
    }

    mutating func note(_ progress: PlanProgress, at time: Duration) {
        let bound = progress.lowerBound > .zero ? progress.lowerBound.doubleValue : nil
        note(Point(seconds: time / .seconds(1), cost: progress.cost.doubleValue, bound: bound))
    }

    /// An array of arrays: seconds, cost, bound or null.
    var json: String {
        let rows = points.map { point in
            "[\(Self.text(point.seconds)),\(Self.text(point.cost)),\(point.bound.map(Self.text) ?? "null")]"
        }
        return "[\(rows.joined(separator: ","))]"
    }

    private static func text(_ number: Double) -> String { String(format: "%.3f", number) }

    /// Reads what ``json`` wrote; nothing where it is something else.
    package init(json: String) {
        stepSeconds = 0
        let rows = (try? JSONDecoder().decode([[Double?]].self, from: Data(json.utf8))) ?? []
        points = rows.compactMap { row in
            guard row.count == 3, let seconds = row[0], let cost = row[1] else { return nil }
            return Point(seconds: seconds, cost: cost, bound: row[2])
        }
    }
}

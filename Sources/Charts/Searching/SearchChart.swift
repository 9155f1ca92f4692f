import Foundation

/// How a search came to its plan: the best cost falls, and what is proven that no plan can cost less than rises.
///
/// The scale holds all of it, by logarithms where the first plan was much dearer than the last.
package struct SearchChart: Chart {
    package struct Point: Hashable, Sendable {
        /// Since the search began.
        package let seconds: Double
        /// Of the best plan so far.
        package let cost: Double
        /// What no plan can cost less than; nil while nothing is proven.
        package let bound: Double?

        package init(seconds: Double, cost: Double, bound: Double?) {
            self.seconds = seconds
            self.cost = cost
            self.bound = bound
        }
    }

    /// By time.
    package let points: [Point]
    /// For how long the search may go on.
    package let seconds: Int

    package init(points: [Point], seconds: Int) {
        self.points = points.filter { $0.seconds.isFinite && $0.cost.magnitude < 1e12 }
        self.seconds = max(1, seconds)
    }

    package var title: String { "The search over time" }

    package var summary: String {
        guard let last = points.last else { return "Nothing is found yet." }
        let cost = "After \(Int(last.seconds)) s the best plan costs \(Decimal.grouped(Int(last.cost.rounded())))"
        guard let bound = last.bound else { return cost + "; nothing is proven yet." }
        return cost + "; no plan costs less than \(Decimal.grouped(Int(bound.rounded(.down))))."
    }

    package var table: ChartTable {
        ChartTable(
            columns: [.number("Seconds"), .number("Best cost"), .number("No plan costs less than")],
            rows: points.map { point in
                [
                    Self.decimal(point.seconds), Self.decimal(point.cost), point.bound.map(Self.decimal) ?? "",
                ]
            })
    }

    private static func decimal(_ number: Double) -> String {
        Decimal.text(thousandths: Int((number * 100).rounded()) * 10)
    }

    // MARK: The picture

    private static let plot = 36..<196
    /// Where time begins: the scale stands before it.
    private static let margin = Share(percent: 13)

    package var height: Int { 226 }

    package func draw(into picture: inout Picture) {
        picture.legend([("chart-cost-line", "best plan so far"), ("chart-bound-line", "no plan costs less")], y: 4)
        drawTime(into: &picture)
        guard let scale = Scale(points) else { return }
        for value in scale.ticks {
            let y = Self.plot.upperBound - scale.place(of: Double(value), in: Self.plot.count)
            picture.line("chart-grid-line", from: (Self.margin, y), to: (.whole, y))
            picture.label(Decimal.grouped(value), x: Share(percent: 0), y: y + 4, style: "chart-note")
        }
        picture.element(
            "svg",
            [
                "x": Self.margin.description, "y": "\(Self.plot.lowerBound)",
                "width": (Share.whole - Self.margin).description, "height": "\(Self.plot.count)",
                "viewBox": "0 0 1000 \(Self.plot.count * 10)", "preserveAspectRatio": "none",
            ]
        ) { picture in
            draw(
                "chart-bound-line", points.compactMap { point in point.bound.map { (point.seconds, $0) } }, scale,
                &picture)
            draw("chart-cost-line", points.map { ($0.seconds, $0.cost) }, scale, &picture)
        }
    }

    private func drawTime(into picture: inout Picture) {
        let y = Self.plot.upperBound
        picture.line("chart-grid-line", from: (Self.margin, y), to: (.whole, y))
        for (part, anchor) in [(0, Picture.Anchor.start), (1, .middle), (2, .end)] {
            let share = Share(part, of: 2)
            let width = (Share.whole - Self.margin).rawValue
            let x = Self.margin + Share(rawValue: share.rawValue * width / Share.whole.rawValue)
            picture.label(Self.time(seconds * part, halves: 2), x: x, y: y + 20, anchor, style: "chart-note")
        }
    }

    /// `0 s`, `7.5 s`, `2 min`.
    private static func time(_ parts: Int, halves: Int) -> String {
        let thousandths = parts * 1000 / halves
        return thousandths >= 120_000 && thousandths % 30_000 == 0
            ? "\(Decimal.text(thousandths: thousandths / 60)) min" : "\(Decimal.text(thousandths: thousandths)) s"
    }

    /// A step at each change, for what is best stays so until something better is found.
    private func draw(
        _ style: String, _ values: [(seconds: Double, value: Double)], _ scale: Scale, _ picture: inout Picture
    ) {
        guard let first = values.first else { return }
        func x(_ time: Double) -> Int { Int((min(max(0, time / Double(seconds)), 1) * 1000).rounded()) }
        func y(_ value: Double) -> Int { Self.plot.count * 10 - scale.place(of: value, in: Self.plot.count * 10) }
        var outline = "M\(x(first.seconds)) \(y(first.value))"
        for entry in values.dropFirst() { outline += "H\(x(entry.seconds))V\(y(entry.value))" }
        picture.element("path", ["class": style, "vector-effect": "non-scaling-stroke", "d": outline])
    }

    /// What of the costs is shown: all of them, by their logarithms where they differ much.
    private struct Scale {
        let low: Double
        let high: Double
        /// One to six round numbers.
        let ticks: [Int]
        private let isLogarithmic: Bool

        /// Nil where there is nothing to show.
        init?(_ points: [Point]) {
            let values = points.map(\.cost) + points.compactMap(\.bound)
            guard let least = values.min(), let most = values.max() else { return nil }
            isLogarithmic = least > 1 && most > least * 3
            let room = max((most - least) * 0.06, most.magnitude * 0.01, 1)
            low = isLogarithmic ? least * 0.85 : least - room
            high = isLogarithmic ? most * 1.15 : most + room
            ticks = isLogarithmic ? Self.decades(low, high) : Self.even(low, high)
        }

        /// Round numbers that lie as far apart as each other.
        private static func even(_ low: Double, _ high: Double) -> [Int] {
            let spread = Ticks(upTo: Int((high - low).rounded(.up)), most: 4)
            let step = max(1, spread.values.count > 1 ? spread.values[1] : 1)
            let first = Int((low / Double(step)).rounded(.up)) * step
            return Array(stride(from: first, through: Int(high.rounded(.down)), by: step))
        }

        /// One, two and five times powers of ten.
        private static func decades(_ low: Double, _ high: Double) -> [Int] {
            var found: [Int] = []
            var power = 1
            while Double(power) <= high, power <= 1_000_000_000_000 {
                found += [power, 2 * power, 5 * power].filter { (low...high).contains(Double($0)) }
                power *= 10
            }
            return found
        }

        /// Up from the bottom.
        func place(of value: Double, in height: Int) -> Int {
            let share =
                isLogarithmic
                ? (log(max(value, 1)) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
            return Int((min(max(0, share), 1) * Double(height)).rounded())
        }
    }
}

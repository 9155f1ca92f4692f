package import Coverage

/// A day of a queue's coverage in one thin line, for lists of many.
///
/// What needs looking at stands higher: below the minimum is as high as the strip, below the target two thirds, more than
/// wanted a half, covered a quarter; closed is nothing. So it reads without its colours.
package struct CoverageStrip: Chart {
    /// What it is of: a queue and a day.
    package let title: String
    /// The slots of the day in order, 23 to 25 hours of them; nil is closed.
    package let slots: [Staffing.State?]
    /// When each slot begins, by the clock.
    private let times: [String]
    package let height = 16

    /// - Parameters:
    ///   - title: What it is of.
    ///   - slots: The slots in order; nil is closed.
    ///   - start: When the first begins.
    ///   - slotMinutes: How long each is.
    ///   - zone: By whose clocks.
    package init(title: String, slots: [Staffing.State?], from start: Instant, slotMinutes: Int, zone: TimeZoneRules) {
        self.title = title
        self.slots = slots
        let words = ClockWords(zone: zone)
        times = (0...slots.count).map { slot in
            let at = start.advanced(byMinutes: slot * slotMinutes)
            return slot == slots.count ? words.end(at) : words.time(at)
        }
    }

    /// Neighbouring slots of one state.
    private var runs: [(slots: Range<Int>, state: Staffing.State)] {
        Runs.of(slots).compactMap { run in run.value.map { (run.range, $0) } }
    }

    package var summary: String {
        let open = runs
        guard !open.isEmpty else { return "Closed." }
        let gaps = open.filter { $0.state == .critical || $0.state == .thin }
        guard !gaps.isEmpty else { return "Covered." }
        return gaps.map { "\(times[$0.slots.lowerBound])–\(times[$0.slots.upperBound]) \($0.state.word)" }
            .joined(separator: ", ") + "."
    }

    package func draw(into picture: inout Picture) {
        for run in runs {
            let start = Share(run.slots.lowerBound, of: slots.count)
            let width = Share(run.slots.upperBound, of: slots.count) - start
            let high = Self.height(of: run.state)
            picture.rectangle(run.state.style, x: start, width: width, y: height - high, height: high)
        }
    }

    private static func height(of state: Staffing.State) -> Int {
        switch state {
        case .critical: 16
        case .thin: 11
        case .over: 8
        case .covered: 4
        }
    }

    package var table: ChartTable {
        ChartTable(
            columns: [.text("From"), .text("Until"), .text("Coverage")],
            rows: Runs.of(slots).map { run in
                [times[run.range.lowerBound], times[run.range.upperBound], run.value?.word ?? "closed"]
            })
    }
}

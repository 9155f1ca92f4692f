import Coverage

extension StaffingChart {
    private static let plot = 64..<264
    private static let strip = 270..<282

    package var height: Int { 318 }

    package func draw(into picture: inout Picture) {
        var key = [
            ("chart-shift", "on shift"), ("chart-critical-area", "critical"), ("chart-thin-area", "thin"),
            ("chart-target-line", "target"),
        ]
        if ownName != nil { key.insert(("chart-own", "ours"), at: 1) }
        picture.legend(key, y: 2)
        let scale = Ticks(upTo: slots.reduce(0) { max($0, Self.top(of: $1)) })
        drawGrid(scale, into: &picture)
        guard !slots.isEmpty else { return }
        drawTimes(into: &picture)
        picture.element(
            "svg",
            [
                "y": "\(Self.plot.lowerBound)", "width": "100%", "height": "\(Self.plot.count)",
                "viewBox": "0 0 \(slots.count) \(scale.top)", "preserveAspectRatio": "none",
            ]
        ) { picture in
            drawAreas(top: scale.top, into: &picture)
        }
        drawStrip(into: &picture)
        drawScale(scale, into: &picture)
    }

    /// How high a slot's column is: what is there with what is missing on it.
    private static func top(of slot: Slot) -> Int {
        slot.staffing.map { max($0.onShift + $0.missing, $0.target) } ?? 0
    }

    private func drawGrid(_ scale: Ticks, into picture: inout Picture) {
        for value in scale.values {
            let y = Self.y(of: value, on: scale)
            picture.line("chart-grid-line", from: (Share(percent: 0), y), to: (.whole, y))
        }
    }

    /// The scale's numbers, over the columns that stand there.
    private func drawScale(_ scale: Ticks, into picture: inout Picture) {
        for value in scale.values.dropFirst() {
            let text = value == scale.top ? "\(Decimal.grouped(value)) operators" : Decimal.grouped(value)
            picture.label(text, x: Share(percent: 0), y: Self.y(of: value, on: scale) - 4, style: "chart-scale")
        }
    }

    private static func y(of value: Int, on scale: Ticks) -> Int {
        plot.upperBound - Share(value, of: scale.top).rawValue * plot.count / Share.whole.rawValue
    }

    private func drawAreas(top: Int, into picture: inout Picture) {
        let nobody = slots.map { _ in 0 }
        let there = slots.map { $0.staffing?.onShift ?? 0 }
        let critical = slots.map { ($0.staffing?.onShift ?? 0) + ($0.staffing?.critical ?? 0) }
        let wanted = slots.map { ($0.staffing?.onShift ?? 0) + ($0.staffing?.missing ?? 0) }
        let steps = Steps(top: top)
        var areas: [(style: String, outline: String)] = [("chart-shift-area", steps.area(from: nobody, to: there))]
        if ownName != nil { areas.append(("chart-own", steps.area(from: nobody, to: slots.map { $0.own ?? 0 }))) }
        areas += [
            ("chart-critical-area", steps.area(from: there, to: critical)),
            ("chart-thin-area", steps.area(from: critical, to: wanted)),
        ]
        for area in areas where !area.outline.isEmpty {
            picture.element("path", ["class": area.style, "d": area.outline])
        }
        let lines = [
            ("chart-shift-line", slots.map { $0.staffing?.onShift }),
            ("chart-minimum-line", slots.map { $0.staffing?.minimum }),
            ("chart-target-line", slots.map { $0.staffing?.target }),
        ]
        for (style, values) in lines {
            // Where there is nothing yet there are no lines either.
            let outline = steps.line(values)
            guard !outline.isEmpty else { continue }
            picture.element("path", ["class": style, "vector-effect": "non-scaling-stroke", "d": outline])
        }
    }

    /// Below the plot, when something is missing: a high mark below the minimum, a low one below the target.
    private func drawStrip(into picture: inout Picture) {
        for run in Runs.of(slots.map { $0.staffing?.state }) {
            guard let state = run.value, state == .critical || state == .thin else { continue }
            let x = Share(run.range.lowerBound, of: slots.count)
            let width = Share(run.range.upperBound, of: slots.count) - x
            let high = state == .critical ? Self.strip.count : Self.strip.count / 2
            picture.rectangle("\(state.style)-area", x: x, width: width, y: Self.strip.lowerBound, height: high)
        }
    }

    /// Midnights and days, the month once and where it changes; of a single day, every third hour.
    private func drawTimes(into picture: inout Picture) {
        let days = days
        guard days.count > 1 else { return drawHours(into: &picture) }
        for (number, day) in days.enumerated() {
            let x = Share(day.slots.lowerBound, of: slots.count)
            let isFirst = number == 0 || day.date.components.day == 1
            let date = isFirst ? ClockWords.dayOfMonth(day.date) : "\(day.date.components.day)"
            picture.line("chart-day-line", from: (x, Self.plot.lowerBound), to: (x, 312))
            picture.label(day.date.weekday.abbreviation, x: x, y: 298, style: "chart-name", shift: 4)
            picture.label(date, x: x, y: 313, style: "chart-note", shift: 4)
        }
    }

    private func drawHours(into picture: inout Picture) {
        let words = ClockWords(zone: zone)
        for slot in slots.indices where zone.civil(at: instant(slot)).secondOfDay % 10_800 == 0 {
            let x = Share(slot, of: slots.count)
            picture.line("chart-day-line", from: (x, Self.plot.lowerBound), to: (x, 288))
            // Hours alone: a telephone has no room for eight times with their minutes.
            picture.label("\(words.time(instant(slot)).prefix(2))", x: x, y: 300, style: "chart-note", shift: 3)
        }
    }
}

/// Paths in steps, one column of width 1 a value, down from `top`.
private struct Steps {
    let top: Int

    /// What lies between two rows of values, as long as they are; nothing where they are equal.
    func area(from low: [Int], to high: [Int]) -> String {
        var path = ""
        for run in Runs.of(zip(low, high).map { Pair(low: $0, high: $1) }) where run.value.high > run.value.low {
            let (bottom, top) = (top - run.value.low, top - run.value.high)
            path += "M\(run.range.lowerBound) \(bottom)V\(top)H\(run.range.upperBound)V\(bottom)Z"
        }
        return path
    }

    private struct Pair: Equatable {
        let low: Int
        let high: Int
    }

    /// A line through the values; it is broken where there are none.
    func line(_ values: [Int?]) -> String {
        var path = ""
        var isDrawing = false
        for run in Runs.of(values) {
            guard let value = run.value else {
                isDrawing = false
                continue
            }
            path += isDrawing ? "V\(top - value)" : "M\(run.range.lowerBound) \(top - value)"
            path += "H\(run.range.upperBound)"
            isDrawing = true
        }
        return path
    }
}

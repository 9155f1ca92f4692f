import Charts
import Coverage
import Testing

@Suite("Demand against staffing")
struct StaffingChartTests {
    private static let one = Staffing(onShift: 1, minimum: 1, target: 1)

    @Test("a night on which clocks go back has an hour more, and says which of two hours is meant")
    func back() throws {
        let slots = (0..<25).map { Staffing(onShift: $0, minimum: 0, target: $0) }
        let chart = try Sample.staffing(slots, from: Sample.monday.advanced(byDays: 6))
        #expect(chart.table.rows.count == 25)
        #expect(Set(chart.table.rows.map { $0[0] }) == ["Sun 1 Nov"])
        #expect(chart.table.rows.map { $0[1] }[0...3] == ["00:00", "01:00", "01:00 again", "02:00"])
        #expect(chart.table.rows[1].suffix(2) == ["2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00"])
        #expect(chart.table.rows.last?[2] == "24:00")
    }

    @Test("a night on which clocks go forward has an hour less")
    func forward() throws {
        let slots = (0..<23).map { Staffing(onShift: $0, minimum: 0, target: $0) }
        let chart = try Sample.staffing(slots, from: try #require(CivilDate("2027-03-14")))
        #expect(chart.table.rows.map { $0[1] }[0...3] == ["00:00", "01:00", "03:00", "04:00"])
        #expect(chart.table.rows.last?[2] == "24:00")
        let labels = try ParsedPicture(chart).texts
        #expect(labels.contains("03") && labels.contains("21"))
    }

    @Test("a week over that night has seven days, one of them longer")
    func week() throws {
        let chart = try Sample.staffing([Staffing?](repeating: Self.one, count: 7 * 24 + 1))
        // Each day is alike from its beginning to its end.
        #expect(chart.table.rows.map { $0[0] }.count == 7)
        #expect(chart.table.rows.last?[0] == "Sun 1 Nov")
        let picture = try ParsedPicture(chart)
        let days = picture.drawn("chart-day-line").compactMap { $0["x1"] }
        #expect(days == ["0%", "14.201%", "28.402%", "42.604%", "56.805%", "71.006%", "85.207%"])
    }

    @Test("stacks what is missing on what is there, up to the target")
    func stack() throws {
        let chart = try Sample.staffing([Staffing(onShift: 1, minimum: 2, target: 4)])
        let picture = try ParsedPicture(chart)
        func outline(_ style: String) -> String? { picture.drawn(style).compactMap { $0["d"] }.first }
        #expect(outline("chart-shift-area") == "M0 4V3H1V4Z")
        #expect(outline("chart-critical-area") == "M0 3V2H1V3Z")
        #expect(outline("chart-thin-area") == "M0 2V0H1V2Z")
        #expect(outline("chart-target-line") == "M0 0H1")
        #expect(chart.table.rows[0][3...7] == ["1", "2", "4", "3", "below the minimum"])
    }

    @Test("is interrupted where the queue is closed")
    func closed() throws {
        let chart = try Sample.staffing([Self.one, nil, Self.one])
        let lines = try ParsedPicture(chart).drawn("chart-target-line").compactMap { $0["d"] }
        #expect(lines == ["M0 0H1M2 0H3"])
        #expect(chart.table.rows.map { $0[7] } == ["covered", "closed", "covered"])
        #expect(chart.table.rows[1][3...6] == ["", "", "", ""])
    }

    @Test("tells a library's own operators apart")
    func own() throws {
        let chart = try Sample.staffing([Self.one], own: "City Library")
        #expect(chart.table.columns.map(\.title).contains("Of these ours"))
        #expect(chart.table.rows[0][4] == "1")
        #expect(try ParsedPicture(chart).texts.contains("ours"))
        #expect(try !Sample.staffing([Self.one]).table.columns.map(\.title).contains("Of these ours"))
    }

    @Test("says how long what is missing")
    func summary() throws {
        let slots = [
            Self.one, Staffing(onShift: 0, minimum: 1, target: 3), Staffing(onShift: 1, minimum: 1, target: 2), nil,
        ]
        #expect(
            try Sample.staffing(slots).summary
                == "Of 3 open hours, 1 are below the minimum and 1 below the target. At most 3 are wanted at once.")
        #expect(try Sample.staffing([Self.one]).summary == "Everything is covered. At most 1 are wanted at once.")
        #expect(try Sample.staffing([]).summary == "Nothing is open.")
    }
}

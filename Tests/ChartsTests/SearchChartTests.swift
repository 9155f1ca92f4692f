import Charts
import Testing

@Suite("A search over time")
struct SearchChartTests {
    private static let points = [
        SearchChart.Point(seconds: 0.5, cost: 9000, bound: nil), SearchChart.Point(seconds: 2, cost: 5000, bound: 4000),
        SearchChart.Point(seconds: 8, cost: 4500.4, bound: 4200.9),
    ]

    private func outline(_ style: String, of chart: SearchChart) throws -> String {
        try #require(try ParsedPicture(chart).drawn(style).compactMap { $0["d"] }.first)
    }

    @Test("says what the best plan costs, and what no plan costs less than, never more than is proven")
    func summary() {
        let chart = SearchChart(points: Self.points, seconds: 10)
        #expect(chart.summary == "After 8 s the best plan costs 4,500; no plan costs less than 4,200.")
        let early = SearchChart(points: Array(Self.points.prefix(1)), seconds: 10)
        #expect(early.summary == "After 0 s the best plan costs 9,000; nothing is proven yet.")
        #expect(SearchChart(points: [], seconds: 10).summary == "Nothing is found yet.")
    }

    @Test("has each point in its table, with nothing where nothing was proven")
    func table() {
        let rows = SearchChart(points: Self.points, seconds: 10).table.rows
        #expect(rows == [["0.5", "9000", ""], ["2", "5000", "4000"], ["8", "4500.4", "4200.9"]])
    }

    @Test("is drawn in steps along its time, the cost falling and the bound rising")
    func steps() throws {
        let chart = SearchChart(points: Self.points, seconds: 10)
        let cost = try outline("chart-cost-line", of: chart)
        #expect(cost.hasPrefix("M50 ") && cost.contains("H200V") && cost.contains("H800V"))
        let heights = cost.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        #expect(heights[1] < heights[3] && heights[3] < heights[5], "it falls: y grows downwards")
        let bound = try outline("chart-bound-line", of: chart).split(whereSeparator: { !$0.isNumber }).compactMap {
            Int($0)
        }
        #expect(bound[1] > bound[3])
        #expect(bound[3] > heights[5], "no bound is above the best cost")
    }

    @Test("holds values that have nothing in common on one scale, and leaves out what is no number")
    func scale() throws {
        let wide = [
            SearchChart.Point(seconds: 1, cost: 4_000_000, bound: nil),
            SearchChart.Point(seconds: 2, cost: 900, bound: 700),
            SearchChart.Point(seconds: .nan, cost: 1, bound: nil),
            SearchChart.Point(seconds: 3, cost: 1e13, bound: nil),
        ]
        let chart = SearchChart(points: wide, seconds: 4)
        #expect(chart.points.count == 2)
        let texts = try ParsedPicture(chart).texts
        #expect(texts.contains("1,000") && texts.contains("1,000,000"))
        let same = SearchChart(points: [SearchChart.Point(seconds: 1, cost: 0, bound: 0)], seconds: 0)
        #expect(try ParsedPicture(same).lengths.allSatisfy { !$0.contains("nan") })
    }
}

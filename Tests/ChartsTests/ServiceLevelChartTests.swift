import Charts
import Coverage
import Testing

@Suite("Service level by day")
struct ServiceLevelChartTests {
    @Test("patrons who left before the promised time was over count neither way")
    func level() {
        var day = ServiceDay(queue: Queue.ID("ask"), date: Sample.monday, came: 10, answered: 6, answeredInTime: 6)
        #expect(day.levelPerMille == 1000)
        day.gaveUp = 4
        #expect(day.levelPerMille == 600)
        day.gaveUpEarly = 2
        #expect(day.levelPerMille == 750)
        day = ServiceDay(queue: Queue.ID("ask"), date: Sample.monday, came: 1, answered: 0, answeredInTime: 0)
        #expect(day.levelPerMille == nil)
    }

    @Test("a day that reached the aim is marked otherwise than one that missed it")
    func marks() throws {
        let picture = try ParsedPicture(Sample.level([(10, 10, 8), (10, 10, 7), (10, 10, 10)]))
        #expect(picture.drawn("chart-reached-mark").compactMap { $0["d"] }.contains("M5 20h.1M25 0h.1"))
        #expect(picture.drawn("chart-missed-mark").compactMap { $0["d"] }.contains("M15 30h.1"))
        #expect(["80", "70", "100"].allSatisfy(picture.texts.contains))
    }

    @Test("a day without questions interrupts the line")
    func interrupted() throws {
        let chart = Sample.level([(10, 10, 8), (0, 0, 0), (10, 10, 7), (10, 10, 7)])
        let lines = try ParsedPicture(chart).drawn("chart-level-line").compactMap { $0["d"] }
        #expect(lines == ["M5 20M25 30L35 30"])
        #expect(chart.table.rows[1][2...8] == ["0", "0", "0", "0", "0", "0", ""])
        #expect(chart.summary == "30 questions. The aim, 80 % within 30 s, was reached on 1 of 3 days with questions.")
    }

    @Test(
        "the aim is said in the largest whole unit",
        arguments: [(30, "30 s"), (90, "90 s"), (60, "1 min"), (14_400, "4 h"), (86_400, "24 h"), (172_800, "2 days")])
    func aim(seconds: Int, text: String) throws {
        var queue = Sample.queue()
        queue.answerSeconds = seconds
        queue.answerShare = Thousandths(rawValue: 925)
        #expect(try ParsedPicture(Sample.level([], queue: queue)).texts.contains("Aim: 92.5 % within \(text)"))
    }

    @Test("of a month, the worst and the last day are written out")
    func month() throws {
        let levels = [90, 85, 60, 95] + [Int](repeating: 88, count: 20) + [70]
        let picture = try ParsedPicture(Sample.level(levels.map { (100, 100, $0) }))
        #expect(picture.drawn("chart-name").count == 2)
        #expect(picture.texts.contains("60") && picture.texts.contains("70"))
    }

    @Test("without questions there is nothing to say")
    func nothing() {
        #expect(Sample.level([(0, 0, 0)]).summary == "No questions yet. The aim is 80 % within 30 s.")
    }
}

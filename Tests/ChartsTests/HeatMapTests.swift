import Charts
import Coverage
import Testing

@Suite("Coverage by hour and weekday")
struct HeatMapTests {
    @Test("says the state of each hour in a word's colour and in a number")
    func cells() throws {
        let cells: [(Staffing, style: String, figure: String)] = [
            (Staffing(onShift: 4, minimum: 2, target: 4), "chart-covered", "100"),
            (Staffing(onShift: 3, minimum: 2, target: 4), "chart-thin", "75"),
            (Staffing(onShift: 1, minimum: 2, target: 4), "chart-critical", "25"),
            (Staffing(onShift: 5, minimum: 2, target: 4), "chart-over", "125"),
        ]
        for cell in cells {
            let picture = try ParsedPicture(Sample.heat(cell.0))
            // Three hours on seven days, and the key.
            #expect(picture.drawn(cell.style).count == 21 + 1, "\(cell)")
            #expect(picture.texts.count { $0 == cell.figure } == 21, "\(cell)")
        }
    }

    @Test("never says that all are there where somebody is missing")
    func roundsDown() {
        let staffing = Staffing(onShift: 999, minimum: 0, target: 1000)
        #expect(Sample.heat(staffing).table.rows[0][1] == "99")
    }

    @Test("an hour in which nobody is wanted and nobody is there is no gap")
    func nothingWanted() throws {
        let chart = Sample.heat(Staffing(onShift: 0, minimum: 0, target: 0))
        #expect(chart.table.rows[0][1] == "0")
        #expect(chart.summary == "Of 21 open hours, 0 are below the minimum and 0 below the target.")
    }

    @Test("tells the hour that clocks skip from a closed one")
    func skipped() throws {
        var hours = [HeatMap.Cell](repeating: .open(Staffing(onShift: 1, minimum: 1, target: 1)), count: 24)
        hours[2] = .skipped
        hours[3] = .closed
        let day = HeatMap.Day(weekday: .sunday, date: CivilDate("2027-03-14"), hours: hours)
        let chart = HeatMap(subject: "Ask", days: [day])
        #expect(chart.table.rows.map { $0[1] }[1...4] == ["100", "no such hour", "", "100"])
        #expect(try ParsedPicture(chart).texts.contains("–"))
    }

    @Test("shows the hours in which something is open, and no others")
    func openHours() {
        let chart = Sample.heat(Staffing(onShift: 1, minimum: 1, target: 1))
        #expect(chart.table.rows.map { $0[0] } == ["09:00", "10:00", "11:00"])
        #expect(Sample.heat(nil).table.rows.isEmpty)
        #expect(Sample.heat(nil).summary == "Nothing is open.")
    }

    @Test("tells where least is covered")
    func worst() {
        let chart = Sample.heat(Staffing(onShift: 1, minimum: 2, target: 4))
        #expect(
            chart.summary == "Of 21 open hours, 21 are below the minimum and 0 below the target. "
                + "Least is covered on Mon 26 Oct from 09:00: 25 %.")
    }
}

import Coverage
import Pages
import Testing

@Suite("A form of somebody's weekly times")
struct AvailabilityFormTests {
    private static func form(_ rows: [(day: String, from: String, to: String, liking: String)]) -> AvailabilityForm {
        let lines = rows.enumerated().map { index, row in
            let number = index + 1
            return "weekday-\(number)=\(FormFields.encoded(row.day))&from-\(number)=\(FormFields.encoded(row.from))"
                + "&to-\(number)=\(FormFields.encoded(row.to))&liking-\(number)=\(row.liking)"
        }
        return AvailabilityForm(FormFields("rows=\(rows.count)&" + lines.joined(separator: "&")))
    }

    @Test("reads times as people write them, and leaves out rows that are empty or taken away")
    func reads() {
        let form = Self.form([("0", "9", "12.00", "2"), ("", "", "", "0"), ("6", "20:00", "24:00", "-2")])
        #expect(form.read(gridMinutes: 30).week?.text == "0 09:00-12:00 2;6 20:00-24:00 -2")
        let away = AvailabilityForm(
            FormFields("rows=1&weekday-1=0&from-1=9&to-1=10&liking-1=0&away-1=1"))
        #expect(away.read(gridMinutes: 30).week?.text == "")
    }

    @Test(
        "what is wrong with a row is told with its number, and what would be right",
        arguments: [
            ("", "09:00", "10:00", "0", "Day: choose one"), ("7", "09:00", "10:00", "0", "Day: choose one"),
            ("0", "soon", "10:00", "0", "“soon” is no time"), ("0", "09:00", "", "0", "Until: write a time"),
            ("0", "10:00", "09:00", "0", "Until: 09:00 is not after 10:00"),
            ("0", "10:00", "10:00", "0", "Until: 10:00 is not after 10:00"),
            ("0", "09:10", "10:00", "0", "Write 09:00 or 09:30."), ("0", "23:00", "24:30", "0", "“24:30” is no time"),
            ("0", "09:00", "10:00", "3", "How it is liked"), ("0", "09:00", "10:00", "", "How it is liked"),
        ])
    func faults(day: String, from: String, to: String, liking: String, words: String) {
        let reading = Self.form([("1", "09:00", "10:00", "0"), (day, from, to, liking)]).read(gridMinutes: 30)
        #expect(reading.week == nil && reading.faults[1] == nil)
        #expect(reading.faults[2]?.contains(words) == true, "\(reading.faults)")
    }

    @Test("rows that overlap may say the same, but not be liked differently")
    func overlaps() {
        let same = Self.form([("0", "09:00", "12:00", "1"), ("0", "11:00", "14:00", "1")]).read(gridMinutes: 30)
        #expect(same.week?.text == "0 09:00-14:00 1")
        let other = Self.form([
            ("0", "09:00", "12:00", "1"), ("", "", "", "0"), ("0", "11:00", "14:00", "2"),
        ]).read(gridMinutes: 30)
        #expect(other.week == nil)
        #expect(other.faults[3]?.contains("It overlaps row 1, 09:00–12:00") == true, "\(other.faults)")
    }
}

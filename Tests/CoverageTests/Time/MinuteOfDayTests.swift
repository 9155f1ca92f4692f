import Coverage
import Testing

@Suite("Times of day")
struct MinuteOfDayTests {
    @Test("every minute from 00:00 to 24:00 reads back as it is written")
    func roundTrip() {
        for minute in 0...1440 {
            let time = MinuteOfDay(rawValue: minute)
            #expect(time?.rawValue == minute)
            #expect(time.flatMap { MinuteOfDay($0.description) } == time)
        }
        #expect(MinuteOfDay(rawValue: -1) == nil)
        #expect(MinuteOfDay(rawValue: 1441) == nil)
    }

    @Test(
        "times are read with one or two digits of the hour",
        arguments: [("00:00", 0), ("9:30", 570), ("09:30", 570), ("23:59", 1439), ("24:00", 1440)])
    func reading(text: String, minutes: Int) {
        #expect(MinuteOfDay(text)?.rawValue == minutes)
    }

    @Test(
        "what is no time of day is not read",
        arguments: [
            "", ":", "9", "9:", ":30", "9:3", "09:60", "24:01", "25:00", "009:30", "09:30:00", "-9:30", "+9:30",
            " 9:30", "9:30 ", "9.30", "9h30", "９:30", "09:３0", "9:30pm", "12:-5",
        ])
    func nonsense(text: String) {
        #expect(MinuteOfDay(text) == nil)
    }
}

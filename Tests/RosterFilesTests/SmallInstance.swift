import Testing

/// A week for three people, as a text to be broken by tests.
enum SmallInstance {
    static let text = """
        # A week of two shifts.
        SECTION_HORIZON
        7

        SECTION_SHIFTS
        # ShiftID, Length in mins, Shifts which cannot follow this shift
        E,480,
        L,480,E

        SECTION_STAFF
        ann,E=7|L=2,2400,960,5,2,2,1
        bob,E=7|L=7,2400,960,5,2,2,1
        cid,E=0|L=7,2400,960,5,1,2,1

        SECTION_DAYS_OFF
        ann,2
        cid,0,6

        SECTION_SHIFT_ON_REQUESTS
        ann,0,E,2

        SECTION_SHIFT_OFF_REQUESTS
        bob,1,L,3

        SECTION_COVER

        """ + cover

    private static let cover = (0..<7).map { "\($0),E,1,100,1\n\($0),L,1,100,1\n" }.joined()

    /// A text put in the place of another, and what is then told.
    struct Change: Sendable, CustomTestStringConvertible {
        let from: String
        let to: String
        let fault: String
        var applied: String { text.replacing(from, with: to) }
        var testDescription: String { fault }
    }

    static let broken = [
        Change(from: "\n7\n", to: "\nseven\n", fault: "week.txt:3: days: “seven” is not a whole number"),
        Change(from: "\n7\n", to: "\n-7\n", fault: "week.txt:3: days: “-7” is negative"),
        Change(
            from: "L,480,E\n", to: "L,480,X\n",
            fault: "week.txt:8: cannot follow: there is no shift “X”, expected one of E, L"),
        Change(from: "L,480,E\n", to: "L,0,E\n", fault: "week.txt:8: Length: “0” is out of range"),
        Change(from: "L,480,E\n", to: "E,480,\n", fault: "week.txt:8: ShiftID: “E” is there twice"),
        Change(from: "bob,E=7", to: "ann,E=7", fault: "week.txt:12: ID: “ann” is there twice"),
        Change(
            from: "bob,E=7|", to: "bob,E|", fault: "week.txt:12: MaxShifts: “E” is no limit, expected one like D=14"),
        Change(
            from: "bob,E=7|L=7,2400,960,5", to: "bob,E=7|L=7,2400,9600,5",
            fault: "week.txt:12: MinTotalMinutes: 9600 is more than MaxTotalMinutes, 2400"),
        Change(from: ",5,1,2,1\n", to: ",5,1,2\n", fault: "week.txt:13: MaxWeekends: the line has 7 fields"),
        Change(
            from: "cid,0,6", to: "cid,0,7",
            fault: "week.txt:17: DayIndexes: “7” is out of range, expected a whole number from 0 to 6"),
        Change(from: "ann,0,E,2", to: "eve,0,E,2", fault: "week.txt:20: EmployeeID: there is no employee “eve”"),
        Change(from: "bob,1,L,3", to: "bob,1,L,", fault: "week.txt:23: Weight: the value is empty"),
        Change(from: "6,L,1,100,1", to: "6,E,1,100,1", fault: "Day: day 6 and “E” are there twice"),
        Change(from: "6,E,1,100,1\n6,L,1,100,1\n", to: "", fault: "Day: the cover of day 6 is missing"),
        Change(from: "SECTION_COVER", to: "SECTION_COVERS", fault: "there is no section “SECTION_COVERS”"),
        Change(from: "SECTION_DAYS_OFF", to: "SECTION_STAFF", fault: "SECTION_STAFF is there a second time"),
        Change(from: "# A week of two shifts.", to: "7", fault: "week.txt:1: “7” is in no section"),
    ]
}

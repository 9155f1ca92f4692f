extension BrokenBundle {
    static let times = [
        BrokenBundle(
            "demand.csv", "ask,2027-03-14", "aks,2027-03-14",
            "demand.csv:4: queue_id: there is no queue “aks” in queues.csv, expected the id of one that is"),
        BrokenBundle(
            "demand.csv", "ask,2027-03-14T01:00:00-05:00", "ask,2027-03-14T01:00:00",
            "demand.csv:4: starts_at: “2027-03-14T01:00:00” has no offset from UTC, "
                + "expected 2027-03-14T01:00:00-05:00"),
        BrokenBundle(
            "demand.csv", "2027-03-14T03:00:00-04:00", "3 am",
            "demand.csv:4: ends_at: “3 am” is not a time that can be read, "
                + "expected one like 2026-10-26T09:00:00-04:00"),
        BrokenBundle(
            "demand.csv", "2027-03-14T01:00:00-05:00", "2027-03-14T02:30:00-05:00",
            "demand.csv:4: starts_at: 02:30 does not exist on 2027-03-14 in America/New_York: "
                + "the clocks go from 02:00 to 03:00, expected a time that exists, like 2027-03-14T03:30:00-04:00"),
        BrokenBundle(
            "demand.csv", "2027-03-14T01:00:00-05:00", "2027-03-14T02:00:00-04:00",
            "demand.csv:4: starts_at: 02:00 does not exist on 2027-03-14 in America/New_York: "
                + "the clocks go from 02:00 to 03:00, expected a time that exists, like 2027-03-14T01:00:00-05:00"),
        BrokenBundle(
            "demand.csv", "2027-03-08T10:00:00-05:00,2027-03-08T11", "2027-03-08T10:00:00-05:00,2027-03-08T09",
            "demand.csv:3: ends_at: “2027-03-08T09:00:00-05:00” is not after starts_at “2027-03-08T10:00:00-05:00”, "
                + "expected a later time"),
        BrokenBundle(
            "demand.csv", "2027-03-08T17:00:00-05:00", "2027-03-08T17:30:00-05:00",
            "demand.csv:5: ends_at: “2027-03-08T17:30:00-05:00” is not where a slot begins, "
                + "expected 2027-03-08T17:00:00-05:00 or 2027-03-08T18:00:00-05:00"),
        BrokenBundle(
            "demand.csv", "email,2027-03-08T09", "email,2027-03-07T09",
            "demand.csv:5: starts_at: “2027-03-07T09:00:00-05:00” is outside the planned period, "
                + "expected 2027-03-08T00:00:00-05:00 to 2027-03-15T00:00:00-04:00"),
        BrokenBundle(
            "demand.csv", "2027-03-08T17:00:00-05:00", "2027-04-08T17:00:00-04:00",
            "demand.csv:5: ends_at: “2027-04-08T17:00:00-04:00” is outside the planned period, "
                + "expected 2027-03-08T00:00:00-05:00 to 2027-03-15T00:00:00-04:00"),
        BrokenBundle(
            "demand.csv", "ask,2027-03-08T10", "ask,2027-03-08T09",
            "demand.csv:3: starts_at: the time overlaps that of line 2, "
                + "expected demand of one queue that does not overlap"),
        BrokenBundle(
            "demand.csv", "-04:00,0,1", "-04:00,2,1",
            "demand.csv:4: minimum: 2 is more than target 1, expected 1 or less"),
        BrokenBundle(
            "demand.csv", "-04:00,0,1", "-04:00,-1,1",
            "demand.csv:4: minimum: “-1” is negative, expected a whole number from 0 to 100000"),
        BrokenBundle(
            "demand.csv", "-04:00,0,1", "-04:00,0,1.5",
            "demand.csv:4: target: “1.5” is not a number that can be read, expected a whole number from 0 to 100000"),
        BrokenBundle(
            "absences.csv", "acad01-01,", "acad01-09,",
            "absences.csv:2: operator_id: there is no operator “acad01-09” in operators.csv, "
                + "expected the id of one that is"),
        BrokenBundle(
            "absences.csv", "2027-03-10T00:00:00-05:00", "2027-03-09T00:00:00-05:00",
            "absences.csv:2: ends_at: “2027-03-09T00:00:00-05:00” is not after "
                + "starts_at “2027-03-09T00:00:00-05:00”, expected a later time"),
        BrokenBundle(
            "absences.csv", "pub01-01,2027-03-13T00:00:00-05:00", "pub01-01,2027-03-14T02:15:00-06:00",
            "absences.csv:3: starts_at: 02:15 does not exist on 2027-03-14 in America/Chicago: "
                + "the clocks go from 02:00 to 03:00, expected a time that exists, like 2027-03-14T03:15:00-05:00"),
        BrokenBundle(
            "absences.csv", "2027-03-10T00:00:00-05:00", "2127-03-10T00:00:00-05:00",
            "absences.csv:2: ends_at: 2127-03-10 is out of range, expected a date from 1990-01-01 to 2058-12-31"),
        BrokenBundle(
            "closures.csv", "pub01,", "pub09,",
            "closures.csv:3: library_id: there is no library “pub09” in libraries.csv, "
                + "expected the id of one that is"),
        BrokenBundle(
            "closures.csv", "pub01,2027-03-10", "*,2027-03-12",
            "closures.csv:3: date: the library's closure on 2027-03-12 is already on line 2, "
                + "expected one closure of a library and date"),
        BrokenBundle(
            "closures.csv", "2027-03-10", "10/3/2027",
            "closures.csv:3: date: “10/3/2027” is not a date of the calendar, expected one like 2026-10-26"),
    ]

    static let availability = [
        BrokenBundle(
            "availability.csv", "09:00,17:00", "17:00,09:00",
            "availability.csv:2: to: 09:00 is not after from 17:00, "
                + "expected a later time, up to 24:00; a span over midnight takes two rows"),
        BrokenBundle(
            "availability.csv", "10:00,11:00,2", "10:00,11:00,3",
            "availability.csv:3: preference: “3” is out of range, expected a whole number from -2 to 2"),
        BrokenBundle(
            "availability.csv", "10:00,11:00,2", "09:00,17:00,0",
            "availability.csv:3: operator_id: the row is the same as line 2, expected it once"),
        BrokenBundle(
            "availability.csv", "pub01-01,6", "pub01-01,Sun",
            "availability.csv:4: weekday: “Sun” is not a number that can be read, "
                + "expected a whole number from 0 to 6"),
        BrokenBundle(
            "availability.csv", "09:00,17:00", "9am,17:00",
            "availability.csv:2: from: “9am” is not a time of day, expected one from 00:00 to 24:00, like 09:30"),
    ]

    static let columns = [
        BrokenBundle(
            "hours.csv", "queue_id,weekday,opens,closes", "queue_id,weekday,open,closes",
            "hours.csv:1: open: there is no such column, expected opens"),
        BrokenBundle(
            "closures.csv", "library_id,date,reason\n", "",
            "closures.csv:1: the first line names no column of this file, "
                + "expected a first line that says library_id,date,reason"),
        BrokenBundle(
            "hours.csv", "ask,6,00:00,24:00", "ask,6,00:00",
            "hours.csv:4: the line has 3 values, expected 4 as in the first line, "
                + "with quotes around a value that holds a comma"),
        BrokenBundle(
            "closures.csv", "staff day", "staff \"day\"",
            "closures.csv:3: reason: a quote stands inside a value that does not begin with one, "
                + "expected quotes around the whole value, and each quote inside it doubled"),
        BrokenBundle(
            "closures.csv", "staff day", "\"staff\" day",
            "closures.csv:3: reason: there is text after the closing quote, "
                + "expected quotes around the whole value, and each quote inside it doubled"),
        BrokenBundle(
            "closures.csv", "state holiday", "\"state holiday",
            "closures.csv:2: reason: the quote that opens here is never closed, "
                + "expected a closing quote, and each quote inside the value doubled"),
        BrokenBundle(
            "closures.csv", "staff day", "staff\rday",
            "closures.csv:3: reason: a carriage return stands alone, "
                + "expected lines that end with a line feed, alone or after a carriage return"),
        BrokenBundle(
            "closures.csv", "staff day", "staff\u{0}day",
            "closures.csv:3: reason: there is a NUL byte, expected text"),
    ]
}

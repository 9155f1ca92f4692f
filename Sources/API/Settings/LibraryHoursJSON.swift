import Coverage

/// When a library answers its telephone, as clients read and write it.
enum LibraryHoursJSON {
    private static let hours = Schema.array(
        .object([
            .required("weekday", .integer(0...6), "0, Monday, to 6, Sunday."),
            .required("opens", .timeOfDay, "By the library's clocks."),
            .required("closes", .timeOfDay, "Later than it opens; 24:00 is midnight at the day's end."),
        ]), 0...100)

    static let contentSchema = Schema.named(
        "LibraryHoursContent",
        [.required("hours", hours, "All hours of the week in which somebody picks up; they do not overlap.")])

    static let schema = Schema.named(
        "LibraryHours",
        [
            .required("library", .identifier, "Whose hours."),
            .required("timezone", .text(1...100), "The zone in which they are meant."),
            .required("phone", .text(0...10_000), "The number that patrons are told in these hours, by the bundle."),
            .required("hours", hours, "All hours of the week in which somebody picks up."),
        ])

    static func content(_ hours: [LibraryHours]) -> JSONValue {
        .array(
            hours.map { hours in
                [
                    "weekday": .integer(hours.weekday.rawValue), "opens": .string(hours.opens.description),
                    "closes": .string(hours.closes.description),
                ]
            })
    }

    static func hours(of library: Library, _ hours: [LibraryHours]) -> JSONValue {
        [
            "library": .string(library.id.rawValue), "timezone": .string(library.timeZone),
            "phone": .string(library.phone), "hours": content(hours),
        ]
    }

    /// What a body says, by weekday and time.
    ///
    /// - Throws: ``Problem`` where hours end before they begin, or overlap.
    static func hours(_ body: JSONObject, of library: Library.ID) throws -> [LibraryHours] {
        var faults: [FieldFault] = []
        var read: [(hours: LibraryHours, index: Int)] = []
        for (index, value) in (body["hours"]?.array ?? []).enumerated() {
            guard let weekday = value["weekday"]?.integer.flatMap({ Weekday(rawValue: Int($0)) }),
                let opens = value["opens"]?.text.flatMap({ MinuteOfDay($0) }),
                let closes = value["closes"]?.text.flatMap({ MinuteOfDay($0) })
            else { throw UndeclaredMember(name: "hours") }
            guard opens < closes else {
                faults.append(
                    FieldFault(
                        field: "/hours/\(index)/closes",
                        problem: "must be later than \(opens): hours over midnight are two, to 24:00 and from 00:00"))
                continue
            }
            read.append((LibraryHours(library: library, weekday: weekday, opens: opens, closes: closes), index))
        }
        read.sort { ($0.hours.weekday.rawValue, $0.hours.opens) < ($1.hours.weekday.rawValue, $1.hours.opens) }
        for (earlier, later) in zip(read, read.dropFirst())
        where earlier.hours.weekday == later.hours.weekday && later.hours.opens < earlier.hours.closes {
            faults.append(
                FieldFault(
                    field: "/hours/\(later.index)/opens",
                    problem: "must be \(earlier.hours.closes) or later: hours of one day do not overlap"))
        }
        guard faults.isEmpty else { throw Problem.invalidFields(Array(faults.prefix(20))) }
        return read.map(\.hours)
    }
}

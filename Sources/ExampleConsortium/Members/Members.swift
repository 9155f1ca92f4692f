import Coverage

/// The libraries of an example and their people.
struct Members {
    var libraries: [Library] = []
    var operators: [Operator] = []
    var availability: [Availability] = []

    /// Gives each library its promise: its share of the hours wanted, by the hours that its operators can give, in
    /// halves of an hour as people promise them.
    ///
    /// - Parameters:
    ///   - hoursWanted: Operator-hours of the whole period.
    ///   - weeks: The period's length.
    mutating func promise(hoursWanted: Int, weeks: Int) {
        var offered: [Library.ID: Int] = [:]
        for person in operators { offered[person.library, default: 0] += person.maxHoursPerWeek.rawValue / 1000 }
        let offeredPerWeek = offered.values.reduce(0, +)
        for index in libraries.indices {
            let own = offered[libraries[index].id] ?? 0
            let halfHours = min(2 * own, (2 * own * hoursWanted) / max(1, offeredPerWeek * weeks))
            libraries[index].contributionHoursPerWeek = Thousandths(rawValue: 500 * halfHours)
        }
    }
}

/// When somebody is usually at work.
enum WorkingPattern {
    case daytime, evenings, nights
}

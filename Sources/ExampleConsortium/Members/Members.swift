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
    ///   - queues: Where the hours are wanted.
    mutating func promise(hoursWanted: Int, weeks: Int, on queues: [ExampleQueue]) {
        let rows = Dictionary(grouping: availability, by: \.operator)
        var offered: [Library.ID: Int] = [:]
        for person in operators {
            offered[person.library, default: 0] += hoursPerWeek(of: person, rows[person.id] ?? [], on: queues)
        }
        let offeredPerWeek = offered.values.reduce(0, +)
        for index in libraries.indices {
            let own = offered[libraries[index].id] ?? 0
            let halfHours = min(2 * own, (2 * own * hoursWanted) / max(1, offeredPerWeek * weeks))
            libraries[index].contributionHoursPerWeek = Thousandths(rawValue: 500 * halfHours)
        }
    }

    /// The hours that somebody can give in a week without absences, within the limits, while a queue of theirs is open.
    ///
    /// The hour or so by which a library's clocks may differ from the consortium's is left out of the account.
    private func hoursPerWeek(of person: Operator, _ rows: [Availability], on queues: [ExampleQueue]) -> Int {
        let open = queues.filter { person.skills.contains($0.queue.skill) }.flatMap(\.hours)
        let hours = Weekday.allCases.reduce(0) { sum, weekday in
            let openToday = open.filter { $0.weekday == weekday }
            let today = rows.filter { $0.weekday == weekday && $0.preference == 0 }
                .flatMap { $0.from.rawValue / 60..<$0.to.rawValue / 60 }
                .filter { hour in
                    openToday.contains { ($0.opens.rawValue..<$0.closes.rawValue).contains(hour * 60) }
                }
            return sum + min(today.count, person.maxHoursPerDay.rawValue / 1000)
        }
        return min(hours, person.maxHoursPerWeek.rawValue / 1000)
    }
}

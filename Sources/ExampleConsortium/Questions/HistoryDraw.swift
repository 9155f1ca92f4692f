import Coverage

/// Draws the questions of the weeks before the period, from the rhythms that its demand is made of.
struct HistoryDraw {
    private let seed: UInt64
    private let queues: [ExampleQueue]
    /// For each queue the libraries of its patrons, each as often as it has operators.
    private let patronLibraries: [[Library.ID]]

    init(seed: UInt64, queues: [ExampleQueue], members: Members) {
        self.seed = seed
        self.queues = queues
        let kinds = Dictionary(members.libraries.map { ($0.id, $0.kind) }) { first, _ in first }
        patronLibraries = queues.map { queue in
            members.operators.map(\.library).filter { library in
                kinds[library].map(queue.patrons.contains) ?? false
            }
        }
    }

    /// - Returns: Sessions by their start, each where the queue was open and the consortium not closed.
    func sessions(weeks: Int, before end: CivilDate, zone: TimeZoneRules) -> [PastSession] {
        let dates = end.advanced(byDays: -7 * weeks)..<end
        let closedDates = Set(Holiday.all(in: dates).filter(\.closesConsortium).map(\.date))
        let period = zone.firstInstant(ofDate: dates.lowerBound)..<zone.firstInstant(ofDate: end)
        var dice = Dice(seed: seed, topic: .history)
        return zone.hours(of: period).flatMap { start -> [PastSession] in
            let moment = zone.civil(at: start)
            guard !closedDates.contains(moment.date) else { return [] }
            let weeksBack = (end.daysSince1970 - moment.date.daysSince1970 + 6) / 7
            return queues.indices.filter { queues[$0].isOpen(at: moment) }.flatMap { index in
                let mean = queues[index].questionsPerHour(at: moment) * season(weeksBack: weeksBack)
                return (0..<dice.poisson(mean: mean)).map { _ in session(of: index, in: start, dice: &dice) }
            }.sorted {
                ($0.startedAt, $0.queue, $0.library, $0.handleSeconds)
                    < ($1.startedAt, $1.queue, $1.library, $1.handleSeconds)
            }
        }
    }

    private func session(of index: Int, in hour: Instant, dice: inout Dice) -> PastSession {
        PastSession(
            queue: queues[index].queue.id, startedAt: hour.advanced(bySeconds: Int64(dice.number(below: 3600))),
            handleSeconds: handleSeconds(mean: queues[index].handleSeconds, dice: &dice),
            library: dice.element(of: patronLibraries[index]))
    }

    /// The term gathers pace: two per cent more each week up to the period's.
    private func season(weeksBack: Int) -> Double {
        max(0.5, 1 - 0.02 * Double(weeksBack))
    }

    /// Most answers are short and a few are very long: tenths of them, in per cent of the mean.
    private static let tenths = [15, 30, 45, 58, 72, 86, 104, 130, 175, 285]

    private func handleSeconds(mean: Int, dice: inout Dice) -> Int {
        let percent = dice.element(of: Self.tenths) * dice.number(in: 85...115) / 100
        return max(20, mean * percent / 100)
    }
}

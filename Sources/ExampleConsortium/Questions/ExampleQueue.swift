import Coverage

/// A queue with the questions that come to it in an ordinary week.
struct ExampleQueue {
    let queue: Queue
    let hours: [OpeningHours]
    let questionsPerWeek: Double
    /// How long an answer takes on average.
    let handleSeconds: Int
    /// The kinds of library whose patrons ask here.
    let patrons: [Library.Kind]
    private let rhythm: QuestionRhythm
    /// The sum of the rhythm's weights over all open hours of a week.
    private let weightOfWeek: Double

    /// - Parameters:
    ///   - queue: The queue itself.
    ///   - open: Days and hours from and to which it is open.
    ///   - questions: Questions a week.
    ///   - handleSeconds: How long an answer takes on average.
    ///   - rhythm: How the questions spread over the week.
    ///   - patrons: The kinds of library whose patrons ask here.
    init(
        _ queue: Queue, open: [(days: [Weekday], hours: Range<Int>)], questions: Double, handleSeconds: Int,
        rhythm: QuestionRhythm, patrons: [Library.Kind] = Library.Kind.allCases
    ) {
        self.queue = queue
        hours = open.flatMap { days, hours in
            days.map {
                OpeningHours(
                    queue: queue.id, weekday: $0, opens: .hour(hours.lowerBound), closes: .hour(hours.upperBound))
            }
        }
        questionsPerWeek = questions
        self.handleSeconds = handleSeconds
        self.patrons = patrons
        self.rhythm = rhythm
        weightOfWeek = open.reduce(0) { sum, open in
            sum + open.days.reduce(0) { $0 + rhythm.weight(on: $1, hours: open.hours) }
        }
    }

    func isOpen(at moment: CivilMoment) -> Bool {
        hours.contains {
            $0.weekday == moment.date.weekday
                && ($0.opens.rawValue..<$0.closes.rawValue).contains(moment.minuteOfDay)
        }
    }

    /// Questions expected in the hour that begins at a time at which the queue is open.
    func questionsPerHour(at moment: CivilMoment) -> Double {
        let hour = moment.minuteOfDay / 60
        return questionsPerWeek * rhythm.weight(on: moment.date.weekday, hours: hour..<hour + 1) / weightOfWeek
    }

    /// Operators wanted in each open hour of the period.
    ///
    /// The target keeps the queue's promise; the minimum keeps half of it.
    func demand(of consortium: Consortium, zone: TimeZoneRules, holidays: [Holiday]) -> [Demand] {
        let closedDates = Set(holidays.filter(\.closesConsortium).map(\.date))
        return zone.hours(of: consortium.period(in: zone)).compactMap { start in
            let moment = zone.civil(at: start)
            guard isOpen(at: moment), !closedDates.contains(moment.date) else { return nil }
            let (minimum, target) = staffing(questionsPerHour: questionsPerHour(at: moment))
            return Demand(
                queue: queue.id, during: start..<start.advanced(byMinutes: 60), minimum: minimum, target: target)
        }
    }

    private func staffing(questionsPerHour: Double) -> (minimum: Int, target: Int) {
        let load = questionsPerHour * Double(handleSeconds) / 3600
        guard queue.channel == .chat else {
            // Answers may wait for hours: what counts is that the day's work is done, with a little to spare.
            let target = max(1, Int((load / 0.85).rounded(.up)))
            return (max(1, target * 3 / 4), target)
        }
        let patience = Double(queue.answerSeconds) / Double(handleSeconds)
        let share = queue.answerShare.doubleValue
        return (
            operatorsNeeded(load: load, patience: patience, share: share / 2),
            operatorsNeeded(load: load, patience: patience, share: share)
        )
    }
}

extension TimeZoneRules {
    /// The instants at which the hours of a period begin, as many as it has: 25 in a night when clocks go back.
    func hours(of period: Range<Instant>) -> [Instant] {
        let count = Int(period.upperBound.seconds(since: period.lowerBound) / 3600)
        return (0..<count).map { period.lowerBound.advanced(byMinutes: 60 * $0) }
    }
}

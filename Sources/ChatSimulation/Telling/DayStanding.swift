package import Coverage

/// What a queue has done so far in a day.
struct Tally: Hashable, Sendable {
    var came = 0
    var answered = 0
    var answeredInTime = 0
    var abandoned = 0
    /// Who gave up before the time in which an answer is promised: no fault of the desk's.
    var abandonedEarly = 0
    var movedOn = 0
    var declined = 0
    var missed = 0
    var requeued = 0

    mutating func answer(after wait: Duration, within promise: Duration) {
        answered += 1
        if wait <= promise { answeredInTime += 1 }
    }

    mutating func giveUp(after wait: Duration, within promise: Duration) {
        abandoned += 1
        if wait <= promise { abandonedEarly += 1 }
    }
}

/// Something that happened, in a few words.
package struct DayLine: Hashable, Sendable {
    /// By the simulated clock, from the day's beginning.
    package var at: Duration
    /// A word for programs and colours: accepted, declined, lost and others.
    package var word: String
    package var queue: Queue.ID?
    package var session: Int64?
    package var text: String
}

/// How the day stands.
package struct DayStanding: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        /// Nil for the sum of all.
        package var queue: Queue.ID?
        package var waiting = 0
        package var longestWait = Duration.zero
        /// Sessions with an open offer.
        package var offered = 0
        package var served = 0
        package var claimedSeats = 0
        package var seats = 0
        package var came = 0
        package var answered = 0
        package var answeredInTime = 0
        package var abandoned = 0
        package var abandonedEarly = 0
        package var movedOn = 0
        package var declined = 0
        package var missed = 0
        package var requeued = 0
        /// The seconds in which an answer is promised, and for which share, in thousandths.
        package var answerSeconds = 0
        package var answerShare = 0

        /// Answered in time, of those who were answered or gave up later than that; nil where there are none yet.
        package var level: Double? {
            let all = answered + abandoned - abandonedEarly
            return all > 0 ? Double(answeredInTime) / Double(all) : nil
        }
    }

    package var now: Duration
    package var length: Duration
    package var queues: [Line]
    package var total: Line
    /// Operators who are here, and those of them whose connection is lost.
    package var operators: Int
    package var lost: Int
    package var came: Int
    package var toCome: Int
    package var open: Int
    /// The newest last.
    package var latest: [DayLine]
    package var isWindingDown: Bool
}

extension DaySimulation {
    private static let keptLines = 12

    mutating func tell(_ word: String, visit: Int, _ text: String) {
        tell(
            DayLine(at: now, word: word, queue: visits[visit].queue, session: visits[visit].number, text: text))
    }

    mutating func tell(_ word: String, operator id: Operator.ID, _ text: String) {
        tell(DayLine(at: now, word: word, queue: queue(of: id), session: nil, text: "\(id) \(text)"))
    }

    private mutating func tell(_ line: DayLine) {
        latest.append(line)
        if latest.count > Self.keptLines { latest.removeFirst() }
    }

    /// The queue on which an operator sits now.
    func queue(of id: Operator.ID) -> Queue.ID? {
        guard let pieces = people[id]?.stint?.pieces else { return nil }
        return (pieces.last { $0.from <= now } ?? pieces.first)?.queue
    }

    /// How the day stands now.
    package func standing() -> DayStanding {
        var lines = Dictionary(
            day.queues.map { ($0.id, line(of: $0)) }, uniquingKeysWith: { first, _ in first })
        for index in openVisits { count(visits[index], in: &lines) }
        for person in people.values where person.place != .off {
            guard let queue = queue(of: person.id) else { continue }
            // Offers and sessions stand where the operator sits, whichever queue they are of.
            if person.place == .here { lines[queue]?.seats += person.seats }
            if person.place != .here { lines[queue]?.seats += person.held.count }
            lines[queue]?.claimedSeats += person.held.count + (person.place == .here ? person.offered.count : 0)
        }
        let queues = day.queues.compactMap { lines[$0.id] }.filter { $0.came > 0 || $0.seats > 0 }
        return DayStanding(
            now: now, length: day.length, queues: queues, total: Self.sum(queues),
            operators: people.values.filter { $0.place != .off }.count,
            lost: people.values.filter { $0.place == .lost }.count,
            came: visits.count { $0.state != .coming },
            toCome: isWindingDown ? 0 : visits.count { $0.state == .coming },
            open: openVisits.count { visits[$0].state != .coming }, latest: latest, isWindingDown: isWindingDown)
    }

    private func line(of queue: Queue) -> DayStanding.Line {
        let tally = tallies[queue.id] ?? Tally()
        var line = DayStanding.Line(queue: queue.id)
        line.came = tally.came
        line.answered = tally.answered
        line.answeredInTime = tally.answeredInTime
        line.abandoned = tally.abandoned
        line.abandonedEarly = tally.abandonedEarly
        line.movedOn = tally.movedOn
        line.declined = tally.declined
        line.missed = tally.missed
        line.requeued = tally.requeued
        line.answerSeconds = queue.answerSeconds
        line.answerShare = Int(queue.answerShare.rawValue)
        return line
    }

    private func count(_ visit: Visit, in lines: inout [Queue.ID: DayStanding.Line]) {
        switch visit.state {
        case .asked, .waiting(offeredTo: []):
            lines[visit.queue]?.waiting += 1
            let wait = now - visit.waitsSince
            let longest = lines[visit.queue]?.longestWait ?? .zero
            lines[visit.queue]?.longestWait = max(longest, wait)
        case .waiting: lines[visit.queue]?.offered += 1
        case .served, .wrappingUp: lines[visit.queue]?.served += 1
        case .coming, .ended, .refused, .unknown: break
        }
    }

    private static func sum(_ lines: [DayStanding.Line]) -> DayStanding.Line {
        lines.reduce(into: DayStanding.Line()) { sum, line in
            sum.waiting += line.waiting
            sum.longestWait = max(sum.longestWait, line.longestWait)
            sum.offered += line.offered
            sum.served += line.served
            sum.claimedSeats += line.claimedSeats
            sum.seats += line.seats
            sum.came += line.came
            sum.answered += line.answered
            sum.answeredInTime += line.answeredInTime
            sum.abandoned += line.abandoned
            sum.abandonedEarly += line.abandonedEarly
            sum.movedOn += line.movedOn
            sum.declined += line.declined
            sum.missed += line.missed
            sum.requeued += line.requeued
        }
    }
}

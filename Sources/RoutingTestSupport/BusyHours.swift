package import Coverage
import Routing

/// Some busy hours of a desk whose operators several queues share, played from a seed: what patrons in line were told of
/// their wait, and how long they waited.
///
/// Patrons come by chance (exponential gaps) in waves of an hour with more than the seats can serve and an hour with
/// less. They stay until they are served, or as long as their patience lasts. Operators pick up after 3 to 12 s and turn
/// nobody away. How long a session takes is exponential, as the estimate has it, or log-normal, as real desks have it;
/// so is patience. Of patrons who may give up only a tenth are looked at, who stay whatever happens: of the others one
/// sees no more than the shorter waits.
package struct BusyHours {
    /// A queue of the desk, and the traffic on it.
    package struct Line: Sendable {
        package var queue: Queue.ID
        package var channel: Queue.Channel
        package var priority: Int
        /// The mean of what a session takes.
        package var handleSeconds: Int
        /// What the queue's settings say of that.
        package var configuredSeconds: Int
        /// Its part of the traffic; parts of all lines are compared by the seats that they take.
        package var load: Double
        /// The mean of how long patrons wait before they give up; nil is for ever.
        package var patienceSeconds: Int?

        package init(
            _ queue: Queue.ID, channel: Queue.Channel = .chat, priority: Int = 1, handleSeconds: Int = 600,
            configuredSeconds: Int? = nil, load: Double = 1, patienceSeconds: Int? = nil
        ) {
            self.queue = queue
            self.channel = channel
            self.priority = priority
            self.handleSeconds = handleSeconds
            self.configuredSeconds = configuredSeconds ?? handleSeconds
            self.load = load
            self.patienceSeconds = patienceSeconds
        }
    }

    /// So many operators who answer the same queues, each with two seats.
    package struct Crew: Sendable {
        package var count: Int
        package var queues: Set<Queue.ID>

        package init(_ count: Int, _ queues: Set<Queue.ID>) {
            self.count = count
            self.queues = queues
        }
    }

    /// One patron who was told to wait.
    package struct Wait: Sendable {
        package var queue: Queue.ID
        package var likelySeconds: Int
        package var withinSeconds: Int
        /// From the session's creation until an operator had accepted it.
        package var realSeconds: Int
    }

    private enum Step: Sendable {
        case arrival(Int)
        case pickUp(Session.Number, Operator.ID)
        case giveUp(Session.Number)
        case end(Session.Number)
        case renewal(Operator.ID)
    }

    private let lines: [Line]
    private let crews: [Crew]
    private let isExponential: Bool
    private let hours: Int
    /// How much more than the seats can serve comes in a busy hour.
    private let peak: Double
    private var random: WalkRandom
    private var desk: LiveDesk
    private var now = Instant.mondayAtTen
    /// By time, then by the order in which they were planned.
    private var agenda: [(at: Instant, order: Int, step: Step)] = []
    private var planned = 0
    private var told: [Session.Number: Wait] = [:]
    private var lineOf: [Session.Number: Int] = [:]
    private var createdAt: [Session.Number: Instant] = [:]
    private var pickedUp: Set<Session.Number> = []
    private var arrivals = 0
    private var waits: [Wait] = []

    package init(
        seed: UInt64, lines: [Line], crews: [Crew], isExponential: Bool = true, hours: Int = 6, peak: Double = 1.15
    ) {
        self.lines = lines
        self.crews = crews
        self.isExponential = isExponential
        self.hours = hours
        self.peak = peak
        random = WalkRandom(state: seed)
        desk = LiveDesk(book: Self.book(lines, crews), now: now)
    }

    /// Plays the hours to the end of the last session.
    package mutating func run() throws -> [Wait] {
        for id in desk.book.operators.keys.sorted() { plan(.renewal(id), afterSeconds: 0) }
        for index in lines.indices { plan(.arrival(index), afterSeconds: gap(index)) }
        while let next = agenda.popLast() {
            now = next.at
            desk.advance(to: now)
            try take(next.step)
            collect()
        }
        return waits
    }

    private mutating func take(_ step: Step) throws {
        switch step {
        case .renewal(let id): try renew(id)
        case .arrival(let index): try arrive(index)
        case .pickUp(let number, let id):
            // Whoever was asked may find that the patron has left.
            guard desk.sessions[number]?.offers.isEmpty == false else { return }
            _ = try desk.perform(.accept(number, by: id))
            if var wait = told.removeValue(forKey: number), let start = createdAt[number] {
                wait.realSeconds = Int(now.seconds(since: start))
                waits.append(wait)
            }
            plan(.end(number), afterSeconds: handling(lineOf[number] ?? 0))
        case .giveUp(let number):
            guard desk.sessions[number]?.place != nil else { return }
            told[number] = nil
            _ = try desk.perform(.end(number, outcome: .abandoned, by: nil))
        case .end(let number): _ = try desk.perform(.end(number, outcome: .answered, by: nil))
        }
    }

    private mutating func renew(_ id: Operator.ID) throws {
        _ = try desk.perform(
            .setPresence(
                NewPresence(
                    operator: id, availability: .available, channels: [.chat, .email], queues: nil, seats: 2,
                    isWilling: true, languages: [], leaseSeconds: 3600)))
        if !isOver || !desk.sessions.isEmpty { plan(.renewal(id), afterSeconds: 1800) }
    }

    private var isOver: Bool { now.seconds(since: .mondayAtTen) > Int64(hours) * 3600 }

    private mutating func arrive(_ index: Int) throws {
        guard !isOver else { return }
        arrivals += 1
        let line = lines[index]
        let answer = try desk.perform(
            .create(
                NewSession(
                    origin: .init(chatServer: ChatServer.ID("chat"), externalID: "patron \(arrivals)"),
                    queue: line.queue, channel: line.channel)))
        if case .session(let decision) = answer {
            lineOf[decision.number] = index
            createdAt[decision.number] = now
            if case .wait(let likely, let within) = decision.expectation {
                told[decision.number] = Wait(
                    queue: line.queue, likelySeconds: likely, withinSeconds: within, realSeconds: 0)
            }
            losePatience(decision.number, index)
        }
        plan(.arrival(index), afterSeconds: gap(index))
    }

    /// Has nine of ten patrons give up at a time, where patrons of the line do.
    private mutating func losePatience(_ number: Session.Number, _ index: Int) {
        guard let mean = lines[index].patienceSeconds, random.below(10) > 0 else { return }
        told[number] = nil
        plan(.giveUp(number), afterSeconds: spread(Double(mean)))
    }

    /// Has those who are asked pick up.
    private mutating func collect() {
        for event in desk.takeChanges().events {
            guard case .offered(let offers, _) = event.kind, let number = event.session, let offer = offers.first,
                pickedUp.insert(number).inserted
            else { continue }
            plan(.pickUp(number, offer.seat.operator), afterSeconds: 3 + Double(random.below(10)))
        }
    }

    private mutating func plan(_ step: Step, afterSeconds seconds: Double) {
        planned += 1
        let entry = (at: now.advanced(bySeconds: Int64(seconds.rounded())), order: planned, step: step)
        // The soonest stands last.
        var (low, high) = (0, agenda.count)
        while low < high {
            let middle = (low + high) / 2
            if (agenda[middle].at, agenda[middle].order) > (entry.at, entry.order) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        agenda.insert(entry, at: low)
    }

    // MARK: Chance

    /// Seconds until the next patron of a line comes: in odd hours there is work for 0.8 of the seats, in even for the peak.
    private mutating func gap(_ index: Int) -> Double {
        let seats = Double(2 * crews.reduce(0) { $0 + $1.count })
        let intensity = now.seconds(since: .mondayAtTen) / 3600 % 2 == 0 ? peak : 0.8
        let share = lines[index].load / lines.reduce(0) { $0 + $1.load }
        return exponential(mean: Double(lines[index].handleSeconds) / (seats * intensity * share))
    }

    private mutating func handling(_ index: Int) -> Double { spread(Double(lines[index].handleSeconds)) }

    private mutating func spread(_ mean: Double) -> Double {
        guard !isExponential else { return max(1, exponential(mean: mean)) }
        // Sigma 0.8: some take three times as long as most.
        let sigma = 0.8
        return max(1, mean * Curve.exponential(sigma * normal() - sigma * sigma / 2))
    }

    private mutating func unit() -> Double {
        (Double(random.next() >> 11) + 0.5) / Double(1 << 53)
    }

    private mutating func exponential(mean: Double) -> Double {
        -mean * Curve.logarithm(unit())
    }

    /// The sum of twelve, less six: near enough.
    private mutating func normal() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + unit() }
    }

    // MARK: The desk

    private static func book(_ lines: [Line], _ crews: [Crew]) -> DeskBook {
        let calendar = OpeningCalendar(
            zone: .newYork, hours: Weekday.allCases.map { .init(weekday: $0, opens: .startOfDay, closes: .endOfDay) })
        let entries = lines.map { line in
            DeskBook.QueueEntry(
                queue: Queue(
                    id: line.queue, name: line.queue.rawValue, channel: line.channel, skill: Skill(line.queue.rawValue),
                    minShiftMinutes: 60, maxShiftMinutes: 180, priority: line.priority),
                routing: QueueRouting(handleSeconds: line.configuredSeconds), calendar: calendar)
        }
        let people = crews.enumerated().flatMap { index, crew in
            (0..<crew.count).map { number in
                Operator(
                    id: Operator.ID("crew\(index)-\(number)"), library: Library.ID("pub"),
                    name: "Operator \(index)-\(number)",
                    skills: crew.queues.map { Skill($0.rawValue) }.sorted(), maxHoursPerWeek: Thousandths(20),
                    maxHoursPerDay: Thousandths(8), chatCapacity: 2)
            }
        }
        let library = Library(
            id: Library.ID("pub"), name: "Library", kind: .public, timeZone: "America/New_York",
            contributionHoursPerWeek: Thousandths(5))
        return DeskBook(queues: entries, libraries: [library], operators: people)
    }
}

/// How true what was told has been.
package struct Calibration: Sendable, CustomStringConvertible {
    package let count: Int
    /// The share that waited no longer than half were told to, and than nine of ten were told to: 0.5 and 0.9 if what is
    /// told is true.
    package let likelyShare: Double
    package let withinShare: Double
    package let medianTold: Int
    package let medianWaited: Int

    package init(_ waits: [BusyHours.Wait]) {
        count = waits.count
        likelyShare = Self.share(waits) { $0.realSeconds <= $0.likelySeconds }
        withinShare = Self.share(waits) { $0.realSeconds <= $0.withinSeconds }
        medianTold = Self.median(waits.map(\.likelySeconds))
        medianWaited = Self.median(waits.map(\.realSeconds))
    }

    private static func share(_ waits: [BusyHours.Wait], _ isTrue: (BusyHours.Wait) -> Bool) -> Double {
        waits.isEmpty ? 0 : Double(waits.count(where: isTrue)) / Double(waits.count)
    }

    private static func median(_ values: [Int]) -> Int {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }

    package var description: String {
        let shares = [likelyShare, withinShare].map { Int(($0 * 100).rounded()) }
        return "\(count) waits, median told \(medianTold) s and waited \(medianWaited) s; "
            + "\(shares[0]) % waited at most the likely time, \(shares[1]) % at most that of nine in ten"
    }
}

import Coverage

/// A day at the desk, of which it plays both sides: patrons who come and operators who answer, as one chat server.
///
/// It is driven by values alone: the time, what the service tells in its stream of events, and what became of requests.
/// It answers with requests. Where a session stands it takes from the events, which have an order, and not from the
/// answers, which have none; but for its beginning, and for how long a patron has waited, as both would come later.
///
/// ```swift
/// simulation.advance(to: now)
/// for request in simulation.takeRequests() { … }      // send it, and tell by answered(_:_:) what came of it
/// simulation.hear(event)
/// ```
package struct DaySimulation: Sendable {
    /// What is planned.
    enum Item: Sendable {
        case patronComes(Int)
        case patronGivesUp(Int, turn: Int)
        case reacts(Operator.ID, visit: Int)
        case acts(Int, turn: Int)
        case notes(Int, turn: Int)
        case finishes(Int, turn: Int)
        case ends(Int, turn: Int)
        case stintBegins(Stint)
        case stintEnds(Operator.ID, Stint)
        case renews(Operator.ID, turn: Int)
        case stepsAway(Operator.ID, Stint)
        case comesBack(Operator.ID, turn: Int)
        case losesConnection(Operator.ID, Stint)
        case hasConnectionAgain(Operator.ID, turn: Int)
    }

    let day: SimulatedDay
    /// How long patrons come.
    package var length: Duration { day.length }
    let behaviour: Behaviour
    /// Begins the ids of the day's sessions, so that they are nobody else's.
    let run: String
    let renewEvery: Duration
    let emailQueue: Queue.ID?
    let channels: [Queue.ID: Queue.Channel]

    var random: DayRandom
    var agenda = Agenda<Item>()
    package private(set) var now = Duration.zero
    var visits: [Visit]
    var people: [Operator.ID: Person] = [:]
    var visitsByNumber: [Int64: Int] = [:]
    var visitsByID: [String: Int] = [:]
    var openVisits: Set<Int> = []
    var tallies: [Queue.ID: Tally] = [:]
    var latest: [DayLine] = []
    package internal(set) var isWindingDown = false

    private var lines: [ServiceRequest.Subject: [ServiceRequest]] = [:]
    private var underWay: [ServiceRequest.Subject: ServiceRequest] = [:]
    private var ready: [ServiceRequest] = []
    private var lastKey = 0
    private var lastEvent: Int64 = 0
    /// Numbers of events that should have come and did not.
    package private(set) var missedEvents = 0
    package private(set) var eventCount = 0

    /// - Parameters:
    ///   - day: Who comes when.
    ///   - behaviour: How people behave.
    ///   - run: 1 to 60 letters, digits and dashes that no other day of the same chat server has.
    ///   - seed: Where all chance comes from.
    ///   - renewEvery: How often a present operator's lease is renewed.
    package init(day: SimulatedDay, behaviour: Behaviour, run: String, seed: UInt64, renewEvery: Duration) {
        self.day = day
        self.behaviour = behaviour
        self.run = run
        self.renewEvery = renewEvery
        random = DayRandom(seed: seed)
        channels = Dictionary(day.queues.map { ($0.id, $0.channel) }, uniquingKeysWith: { first, _ in first })
        emailQueue = day.queues.first { $0.channel == .email }?.id
        let channels = channels
        visits = day.visits.enumerated().map { index, patron in
            Visit(
                patron: patron, id: "\(run)-\(index + 1)", queue: patron.queue,
                channel: channels[patron.queue] ?? .chat, waitsSince: patron.arrivesAt)
        }
        for (index, visit) in visits.enumerated() {
            visitsByID[visit.id] = index
            openVisits.insert(index)
            agenda.note(.patronComes(index), at: visit.patron.arrivesAt)
        }
        for stint in day.stints { plan(stint) }
    }

    // MARK: Time

    /// Lets happen what is due.
    package mutating func advance(to time: Duration) {
        while let (item, at) = agenda.takeNext(until: time) {
            now = max(now, at)
            happen(item)
        }
        now = max(now, time)
        // The last sessions are over: who is still at the desk may go.
        if now >= day.length, openVisits.isEmpty { windDown() }
    }

    private mutating func happen(_ item: Item) {
        switch item {
        case .patronComes(let visit): patronComes(visit)
        case .patronGivesUp(let visit, let turn): if isAt(turn, visit) { patronGivesUp(visit) }
        case .reacts(let id, let visit): react(id, to: visit)
        case .acts(let visit, let turn): if isAt(turn, visit) { act(visit) }
        case .notes(let visit, let turn): if isAt(turn, visit) { note(visit) }
        case .finishes(let visit, let turn): if isAt(turn, visit) { finish(visit) }
        case .ends(let visit, let turn): if isAt(turn, visit) { end(visit) }
        case .stintBegins(let stint): begin(stint)
        case .stintEnds(let id, let stint): end(stint, of: id)
        case .renews(let id, let turn): renew(id, turn)
        case .stepsAway(let id, let stint): stepAway(id, stint)
        case .comesBack(let id, let turn): comeBack(id, turn)
        case .losesConnection(let id, let stint): loseConnection(id, stint)
        case .hasConnectionAgain(let id, let turn): reconnect(id, turn)
        }
    }

    private func isAt(_ turn: Int, _ visit: Int) -> Bool {
        visits[visit].turn == turn && !visits[visit].isOver
    }

    /// Whether every session is over and every operator has left.
    package var isOver: Bool {
        guard openVisits.isEmpty, underWay.isEmpty, ready.isEmpty else { return false }
        return people.values.allSatisfy { $0.place == .off }
    }

    /// Ends the day at once: nobody comes any more, sessions are ended, operators leave.
    ///
    /// What an operator has is ended as `unrecorded`, who waits as `abandoned`: nothing of the day is left live.
    package mutating func windDown() {
        guard !isWindingDown else { return }
        isWindingDown = true
        lines = lines.mapValues { _ in [] }
        for index in openVisits {
            if visits[index].state == .coming {
                openVisits.remove(index)
            } else {
                visits[index].turn += 1
                endAtOnce(index)
                if visits[index].number == nil, underWay[.visit(index)] == nil { close(index, as: .unknown) }
            }
        }
        for id in people.keys.sorted() where people[id]?.place != .off { leave(id) }
    }

    func endingOutcome(of visit: Int) -> VisitOutcome {
        visits[visit].holder == nil ? .abandoned : .unrecorded
    }

    mutating func endAtOnce(_ visit: Int) {
        guard let number = visits[visit].number else { return }
        ask(.visit(visit), .end(number, outcome: endingOutcome(of: visit), by: nil))
    }

    // MARK: Requests

    /// The requests that may be sent now, in their order.
    package mutating func takeRequests() -> [ServiceRequest] {
        defer { ready = [] }
        return ready
    }

    mutating func ask(_ subject: ServiceRequest.Subject, _ act: ServiceRequest.Act) {
        var key: String?
        switch act {
        case .create, .arrive, .renew, .leave: break
        default:
            lastKey += 1
            key = "\(run)-key-\(lastKey)"
        }
        let request = ServiceRequest(subject: subject, act: act, key: key, jitterSeed: random.next())
        lines[subject, default: []].append(request)
        sendNext(of: subject)
    }

    private mutating func sendNext(of subject: ServiceRequest.Subject) {
        guard underWay[subject] == nil, let next = lines[subject]?.first else { return }
        lines[subject]?.removeFirst()
        underWay[subject] = next
        ready.append(next)
    }

    /// Tells what became of the request under way.
    package mutating func answered(_ subject: ServiceRequest.Subject, _ answer: ServiceAnswer) {
        guard let request = underWay.removeValue(forKey: subject) else { return }
        switch answer {
        case .done(let session, let asked): wasDone(request, session, asked)
        case .refused(let code): wasRefused(request, code)
        case .lost: wasLost(request)
        }
        sendNext(of: subject)
    }

    private mutating func wasDone(_ request: ServiceRequest, _ session: Int64?, _ asked: [Operator.ID]) {
        guard case .visit(let visit) = request.subject else { return }
        switch request.act {
        case .create:
            guard let session else { return }
            know(visit, as: session)
            isKnown(visit)
            if isWindingDown { endAtOnce(visit) } else { offer(visit, to: asked) }
        case .accept(_, let id): wasTaken(visit, by: id)
        case .note(_, let text, _): visits[visit].acknowledged.notes.append(text)
        case .end(_, let outcome, _):
            visits[visit].acknowledged.outcome = outcome
            // The event may not come any more where the day is to end.
            if isWindingDown { end(visit, outcome.rawValue) }
        default: break
        }
    }

    private mutating func wasRefused(_ request: ServiceRequest, _ code: String) {
        switch (request.subject, request.act) {
        case (.visit(let visit), .create):
            close(visit, as: .refused(code))
            tell("refused", visit: visit, "\(code): session \(visits[visit].id)")
        case (.visit(let visit), .end) where code == "not-yours":
            // It went to somebody else meanwhile, who will end it; unless everything is to end.
            if isWindingDown { endAtOnce(visit) }
        case (.visit(let visit), .end) where code == "already-ended" || code == "unknown-session":
            if case .ended = visits[visit].state { return }
            close(visit, as: .ended("unrecorded"))
        case (.person(let id), .renew) where code == "not-present": arriveAgain(id)
        case (.visit, .accept(_, let id)) where code == "not-present": arriveAgain(id)
        default: break
        }
    }

    private mutating func wasLost(_ request: ServiceRequest) {
        guard case .visit(let visit) = request.subject else { return }
        if isWindingDown {
            close(visit, as: .unknown)
        } else if case .create = request.act {
            // The same id is the same session, whether it was made or not.
            ask(request.subject, request.act)
        }
    }

    mutating func know(_ visit: Int, as number: Int64) {
        visits[visit].number = number
        visitsByNumber[number] = visit
    }

    /// The visit is over, as far as the day goes.
    mutating func close(_ visit: Int, as state: Visit.State) {
        for id in people.keys {
            people[id]?.offered.remove(visit)
            people[id]?.held.remove(visit)
        }
        visits[visit].state = state
        visits[visit].turn += 1
        openVisits.remove(visit)
    }

    // MARK: Events

    /// Takes an event, which is the one after the last.
    package mutating func hear(_ event: ToldEvent) {
        // Where a stream was resumed it may begin with what was told already.
        guard event.number > lastEvent else { return }
        if lastEvent > 0 { missedEvents += Int(event.number - lastEvent - 1) }
        lastEvent = event.number
        eventCount += 1
        learn(event)
    }
}

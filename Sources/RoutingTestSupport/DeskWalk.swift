import Coverage
package import Routing

/// A random history of a desk: the same for the same seed, with the clock, the chance and the faults injected.
package struct DeskWalk {
    package let seed: UInt64
    private var random: WalkRandom
    package private(set) var desk: LiveDesk
    package private(set) var model = DeskModel()
    private var past = KnownPast()
    private var origins: [Session.Number: (Session.Origin, Queue.ID, Instant)] = [:]
    private var now = Instant.mondayAtTen
    package private(set) var book: DeskBook
    /// What was done, for the report of a failure.
    private var story: [(at: Instant, request: DeskRequest?)] = []
    /// How often each thing was done with effect, to see that a walk is worth something.
    package private(set) var tally: [String: Int] = [:]

    package init(seed: UInt64) {
        self.seed = seed
        random = WalkRandom(state: seed)
        var consortium = SmallConsortium()
        consortium.ask.ringsAtOnce = 1 + random.below(2)
        consortium.academic.ringsAtOnce = 1 + random.below(3)
        consortium.ask.ladder = Self.ladder(&random)
        consortium.ask.partner = random.below(2) == 0 ? .init(name: "Partner", contact: "https://p.example.org") : nil
        let start = now
        consortium.shifts = ["acad-1", "acad-2", "pub-1", "spec-1"].flatMap { [random] id in
            var random = random
            return [0, 1].map { hour in
                let begin = start.advanced(byMinutes: 60 * hour + 10 * random.below(4))
                return Shift(
                    queue: Queue.ID(id.hasPrefix("acad") && hour == 0 ? "academic" : "ask"),
                    operator: Operator.ID(id), during: begin..<begin.advanced(byMinutes: 20))
            }
        }
        book = consortium.book
        desk = LiveDesk(book: book, now: now)
    }

    private static func ladder(_ random: inout WalkRandom) -> Ladder {
        var rungs: [Rung] = [.ownLibrary, .otherLibraries, .overflow, .partner, .email]
        if random.below(3) == 0 { rungs.swapAt(random.below(3), random.below(3)) }
        var time = 0
        let steps = rungs.map { rung in
            defer { time += random.below(30) }
            return Ladder.Step(rung, opensAfterSeconds: time)
        }
        return (try? Ladder(steps)) ?? .standard
    }

    /// Does random things and checks everything after each.
    package mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            if random.below(3) == 0 {
                now = now.advanced(bySeconds: Int64(random.below(random.below(8) == 0 ? 400 : 25)))
            }
            desk.advance(to: now)
            try settle()
            try checkNothingIsOverdue()
            let request = self.request()
            story.append((now, request))
            do throws(DeskRefusal) {
                let answer = try desk.perform(request, known: past)
                count(request, answer)
            } catch {
                tally["refused \(error.code)", default: 0] += 1
                guard desk.takeChanges().isEmpty else {
                    throw DeskModel.Broken(description: "refusing \(request) changed something")
                }
            }
            if random.below(25) == 0 { try lose() }
            try settle()
            if random.below(20) == 0 { try restart() }
        }
    }

    private mutating func count(_ request: DeskRequest, _ answer: DeskAnswer) {
        let name = Mirror(reflecting: request).children.first?.label ?? "?"
        if case .session(let decision) = answer, decision.isRepeat {
            tally["repeated \(name)", default: 0] += 1
        } else {
            tally["\(name)", default: 0] += 1
        }
    }

    /// Hands the changes to the model, and compares.
    private mutating func settle() throws {
        let changes = desk.takeChanges()
        for creation in changes.creations { origins[creation.number] = (creation.origin, creation.queue, creation.at) }
        for event in changes.events {
            tally["event \(event.kind.name)", default: 0] += 1
            do { try model.take(event) } catch { throw told(error) }
        }
        for ending in changes.endings {
            guard let (origin, queue, at) = origins[ending.number] else { continue }
            past.insert(
                .init(
                    number: ending.number, origin: origin, queue: queue, createdAt: at, outcome: ending.outcome,
                    endedAt: ending.at))
        }
        do { try model.check(desk) } catch { throw told(error) }
        try checkNobodyWaitsInVain()
    }

    private func told(_ error: DeskModel.Broken) -> DeskModel.Broken {
        .init(description: "seed \(seed), step \(story.count): \(error)\n\(lately)")
    }

    /// What was done last, a line each.
    private var lately: String {
        story.suffix(12).map { step in
            "\(step.at.secondsSince1970) \(step.request.map { "\($0)" } ?? "what was decided is lost")"
        }.joined(separator: "\n")
    }

    /// The changes cannot be stored: what was decided has not happened, nor what was decided upon it meanwhile.
    private mutating func lose() throws {
        story.append((now, nil))
        tally["lost", default: 0] += 1
        let lost = desk.takeChanges()
        if random.below(2) == 0 {
            tally["lost with another behind it", default: 0] += 1
            now = now.advanced(bySeconds: Int64(random.below(40)))
            desk.advance(to: now)
            _ = try? desk.perform(request(), known: past)
            desk.undo(desk.takeChanges())
        }
        desk.undo(lost)
        do { try model.check(desk) } catch { throw told(error) }
        desk.advance(to: now)
    }

    /// The process dies: another one takes over what was stored, and must stand as the first did.
    private mutating func restart() throws {
        var other = LiveDesk(
            book: book, now: now, lastEvent: desk.lastEvent, lastSession: desk.lastSession, gaps: desk.gaps,
            paces: desk.paces)
        for (id, standing) in desk.present { other.load(id, as: standing) }
        for (number, session) in desk.sessions { other.load(number, as: session) }
        for queue in book.queues.keys {
            guard desk.standing(of: queue) == other.standing(of: queue) else {
                throw told(.init(description: "a restart changes what is told of \(queue)"))
            }
        }
        desk = other
    }

    private func checkNothingIsOverdue() throws {
        for session in desk.sessions.values {
            if let late = session.offers.first(where: { $0.acceptBy <= now }) {
                throw told(.init(description: "the offer \(late) of \(session.number) did not expire"))
            }
        }
        for standing in desk.present.values {
            let end = standing.graceUntil ?? standing.presence.leaseUntil
            if end <= now { throw told(.init(description: "\(standing) did not lapse")) }
        }
    }

    /// By looking at every operator for every session: nobody waits whom somebody free could be asked for.
    private func checkNobodyWaitsInVain() throws {
        for session in desk.sessions.values {
            guard session.place != nil, session.wish == nil, let entry = book.queues[session.queue],
                session.offers.count < entry.routing.ringsAtOnce, let place = session.place
            else { continue }
            let elapsed = now.seconds(since: place.since)
            var isAnybodyBelow = false
            for step in entry.routing.ladder.steps where step.rung.hasOperators {
                let isOpen = Int64(step.opensAfterSeconds) <= elapsed || !isAnybodyBelow
                let standing = desk.present.values.filter { rung(of: $0.presence, for: session) == step.rung }
                let askable = standing.filter { session.passed[$0.presence.operator] == nil }
                let free = askable.filter { candidate in
                    candidate.canTakeOneMore
                        && !session.offers.contains { $0.seat.operator == candidate.presence.operator }
                }
                if isOpen, let idle = free.first {
                    throw told(.init(description: "\(session) waits while \(idle) is free on \(step.rung)"))
                }
                isAnybodyBelow =
                    isAnybodyBelow
                    || askable.contains { $0.graceUntil == nil && $0.presence.availability != .away }
            }
        }
    }

    /// The rung on which an operator stands for a session, by the plan.
    private func rung(of presence: Presence, for session: Session) -> Rung? {
        guard let entry = book.queues[session.queue], let person = book.operators[presence.operator],
            person.skills.contains(entry.queue.skill), presence.channels.contains(entry.queue.channel),
            presence.queues?.contains(session.queue) ?? true
        else { return nil }
        let shifts = book.shifts.filter { $0.operator == presence.operator && $0.during.contains(now) }
        if shifts.contains(where: { $0.queue == session.queue }) {
            return person.library == session.origin.library ? .ownLibrary : .otherLibraries
        }
        return shifts.isEmpty && presence.isWilling ? .overflow : nil
    }
}

// MARK: - Chance

extension DeskWalk {
    private mutating func request() -> DeskRequest {
        switch random.below(20) {
        case 0..<4: return .create(newSession())
        case 4..<8: return offered { .accept($0, by: $1) }
        case 8: return .end(anySession(), outcome: .abandoned, by: nil)
        case 9: return offered { .decline($0, by: $1) }
        case 10: return held { .requeue($0, by: $1, toFront: true) }
        case 11: return transfer()
        case 12: return held { .activity($0, by: $1) }
        case 13: return held { number, id in .wrapUp(number, by: id) }
        case 14, 15:
            let outcome = random.pick(Outcome.allCases) ?? .answered
            return held { .end($0, outcome: outcome, by: $1) }
        case 16: return .end(anySession(), outcome: .abandoned, by: nil)
        case 17: return random.below(3) == 0 ? .leave(anyOperator()) : .setPresence(newPresence())
        case 18: return .renewPresence(anyOperator(), leaseSeconds: 30 + random.below(90))
        default: return .setPresence(newPresence())
        }
    }

    private mutating func newSession() -> NewSession {
        let queue = random.pick(["ask", "ask", "academic", "mail"]) ?? "ask"
        // At times a key that was used before.
        let key = random.below(6) == 0 ? random.below(Int(desk.lastSession) + 1) : story.count + 1000
        return NewSession(
            origin: .init(
                chatServer: ChatServer.ID("chat"), externalID: "patron \(key)",
                library: random.pick([nil, "acad", "pub", "spec"]).flatMap(\.self).map { Library.ID($0) },
                language: random.below(4) == 0 ? "es" : nil),
            queue: Queue.ID(queue), channel: queue == "mail" ? .email : .chat)
    }

    private mutating func newPresence() -> NewPresence {
        let id = anyOperator()
        return NewPresence(
            operator: id, availability: random.pick([.available, .available, .available, .busy, .away]) ?? .away,
            channels: random.below(4) == 0 ? [.chat] : [.chat, .email],
            queues: random.below(4) == 0 ? [Queue.ID("ask")] : nil, seats: 1 + random.below(3),
            isWilling: random.below(4) > 0, languages: random.below(3) == 0 ? ["es"] : [],
            leaseSeconds: 30 + random.below(200))
    }

    private mutating func transfer() -> DeskRequest {
        let target: Transfer =
            switch random.below(3) {
            case 0: .toOperator(anyOperator())
            case 1: .toLibrary(Library.ID(random.pick(SmallConsortium.libraries) ?? "pub"))
            default: .toQueue(Queue.ID(random.pick(["ask", "academic", "mail"]) ?? "ask"))
            }
        return held { .transfer($0, to: target, by: $1) }
    }

    private mutating func anyOperator() -> Operator.ID {
        Operator.ID("\(random.pick(SmallConsortium.libraries) ?? "pub")-\(1 + random.below(2))")
    }

    private mutating func anySession() -> Session.Number {
        Session.Number(rawValue: 1 + Int64(random.below(Int(desk.lastSession) + 1)))
    }

    /// Mostly of an offer that is open, at times of any session and operator.
    private mutating func offered(_ make: (Session.Number, Operator.ID) -> DeskRequest) -> DeskRequest {
        let open = desk.sessions.values.sorted { $0.number < $1.number }
            .flatMap { session in session.offers.map { (session.number, $0.seat.operator) } }
        if random.below(8) > 0, let (number, id) = random.pick(open) { return make(number, id) }
        return make(anySession(), anyOperator())
    }

    private mutating func held(_ make: (Session.Number, Operator.ID) -> DeskRequest) -> DeskRequest {
        let taken = desk.sessions.values.sorted { $0.number < $1.number }
            .compactMap { session in session.seat.map { (session.number, $0.operator) } }
        if random.below(8) > 0, let (number, id) = random.pick(taken) { return make(number, id) }
        return make(anySession(), anyOperator())
    }
}

/// SplitMix64, as in TestSupport, with the draws that a walk makes.
struct WalkRandom {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        bound <= 1 ? 0 : Int(next() % UInt64(bound))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }
}

package import Coverage

/// What may be told of sessions and queues.
extension LiveDesk {
    mutating func decision(on session: Session, explanation: Explanation? = nil, isRepeat: Bool = false) -> Decision {
        let standing = standing(of: session)
        var alternatives = Alternatives()
        if session.place != nil { alternatives = self.alternatives(on: session.queue, home: session.origin.library) }
        return Decision(
            number: session.number, origin: session.origin, queue: session.queue,
            channel: book.queues[session.queue]?.queue.channel ?? .chat, createdAt: session.createdAt,
            standing: standing, expectation: expectation(of: session), alternatives: alternatives,
            explanation: explanation, isRepeat: isRepeat)
    }

    func standing(of session: Session) -> Standing {
        switch session.stand {
        case .held(let seat): return .held(seat)
        case .wrappingUp(let seat, let until): return .wrappingUp(seat, until: until)
        case .waiting: break
        }
        guard session.offers.isEmpty else { return .offered(session.offers) }
        let ahead = ahead(of: session)
        if let rung = session.fallbacks.sorted(by: { $0.rawValue > $1.rawValue }).first {
            return .fallback(rung, ahead: ahead)
        }
        let isAnybodyHere = Rung.allCases.contains { presentCount(on: $0, for: session) > 0 }
        return isAnybodyHere && isLadderBegun(session) ? .waiting(ahead: ahead) : .fallback(nil, ahead: ahead)
    }

    private func isLadderBegun(_ session: Session) -> Bool {
        ladderStart(session).map { $0 <= now } ?? false
    }

    /// What the patron may be told of the wait.
    func expectation(of session: Session) -> Expectation {
        guard session.place != nil else { return .withOperator }
        if let last = session.offers.map(\.acceptBy).max() { return .beingOffered(acceptBy: last) }
        let entry = session.place.map { WaitingLine.Entry(place: $0, number: session.number) }
        return expectation(on: session.queue, at: entry, since: session.createdAt)
    }

    /// The same for a session at a place, or behind everybody, that came at a time.
    private func expectation(on queue: Queue.ID, at place: WaitingLine.Entry?, since: Instant) -> Expectation {
        guard let entry = book.queues[queue] else { return .unknown }
        if entry.queue.channel == .email {
            return entry.calendar.adding(openSeconds: entry.queue.answerSeconds, to: since).map { .answerBy($0) }
                ?? .unknown
        }
        guard entry.calendar.isOpen(at: now) else { return .closed(opensAt: entry.calendar.firstOpen(from: now)) }
        let here = [Standpoint.onShift, .overflow].compactMap {
            heap(HeapKey(queue: queue, standpoint: $0, library: nil, language: nil))
        }
        let seats = here.reduce(0) { $0 + $1.seatCount }
        guard seats > 0 else {
            return book.nextShift(on: queue, after: now).map { .from($0) } ?? .unknown
        }
        guard let wait = waitEstimate(on: queue, at: place)?.wait() else {
            // Those who are here go before it is this session's turn, or take nobody.
            return book.nextShift(on: queue, after: now).map { .from($0) } ?? .unknown
        }
        let accept = entry.routing.acceptSeconds
        // Free operators stand on a rung that opens later: the longest that can take is until the last of them opens.
        if wait.ninetiethSeconds == 0 {
            let last = entry.routing.ladder.steps.last { $0.rung.hasOperators }?.opensAfterSeconds ?? 0
            return .wait(likelySeconds: last, withinSeconds: last + accept)
        }
        // Whoever is asked then takes a part of the time there is for that.
        return .wait(
            likelySeconds: Self.told(wait.medianSeconds) + accept / 3,
            withinSeconds: Self.told(wait.ninetiethSeconds) + accept)
    }

    /// Whole seconds, a month at most: beyond that one length is like another.
    private static func told(_ seconds: Double) -> Int { Int(min(seconds, 30 * 86_400).rounded(.up)) }

    /// Whether anybody is there for a queue, and what a patron who came now would be told.
    ///
    /// - Returns: Nil for a queue that there is not.
    /// - Complexity: O(queues × pools of operators who answer the same), but for the alternatives, which are worked out
    ///   once a minute.
    package mutating func standing(of queue: Queue.ID) -> QueueStanding? {
        guard let entry = book.queues[queue] else { return nil }
        let here = [Standpoint.onShift, .overflow].compactMap {
            heap(HeapKey(queue: queue, standpoint: $0, library: nil, language: nil))
        }
        let waiting = lines[queue]?.entries.count ?? 0
        let free = here.reduce(0) { $0 + $1.freeCount }
        var expectation = expectation(on: queue, at: nil, since: now)
        if free > waiting, entry.queue.channel == .chat, entry.calendar.isOpen(at: now) {
            expectation = .beingOffered(acceptBy: now.advanced(bySeconds: Int64(entry.routing.acceptSeconds)))
        }
        return QueueStanding(
            queue: queue, channel: entry.queue.channel, isOpen: entry.calendar.isOpen(at: now),
            present: here.reduce(0) { $0 + $1.presentCount }, free: free, waiting: waiting, expectation: expectation,
            alternatives: alternatives(on: queue, home: nil))
    }

    // MARK: Alternatives

    /// What a patron can do instead; worked out once a minute for each queue, the own library's phone put first.
    mutating func alternatives(on queue: Queue.ID, home: Library.ID?) -> Alternatives {
        let minute = now.minutesSince1970
        var found: Alternatives
        if let cached = alternativesCache[queue], cached.minute == minute {
            found = cached.alternatives
        } else {
            found = workOutAlternatives(on: queue)
            alternativesCache[queue] = (minute, found)
        }
        if let home, let index = found.phones.firstIndex(where: { $0.library == home }) {
            found.phones.insert(found.phones.remove(at: index), at: 0)
        }
        found.phones = Array(found.phones.prefix(Self.maximumPhones))
        return found
    }

    /// How many phone numbers are told.
    package static let maximumPhones = 5

    private func workOutAlternatives(on queue: Queue.ID) -> Alternatives {
        guard let entry = book.queues[queue] else { return Alternatives() }
        // Up to a whole minute, so that what is cached for a minute stays true.
        let soon = Instant(minutesSince1970: now.minutesSince1970 + 1)
        let email = entry.routing.emailQueue.flatMap { id in
            book.queues[id].map { email in
                Alternatives.Email(
                    queue: id, dueBy: email.calendar.adding(openSeconds: email.queue.answerSeconds, to: soon))
            }
        }
        let phones = book.libraries.values.sorted { $0.id < $1.id }.compactMap { library -> Alternatives.Phone? in
            guard !library.phone.isEmpty, let until = book.doors[library.id]?.openUntil(at: soon) else { return nil }
            return .init(library: library.id, name: library.name, number: library.phone, openUntil: until)
        }
        let opensAt = entry.calendar.isOpen(at: now) ? nil : entry.calendar.firstOpen(from: now)
        return Alternatives(email: email, phones: phones, opensAt: opensAt, partner: entry.routing.partner)
    }
}

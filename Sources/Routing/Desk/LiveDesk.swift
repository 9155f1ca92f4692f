package import Coverage

/// A consortium's desk as it is now: who is present, which sessions wait or are held, and what is due when.
///
/// A value that requests and the passing of time change; it knows neither a clock nor a database. Whoever holds it
/// decides with ``perform(_:known:)`` and ``advance(to:)``, stores what ``takeChanges()`` says, and only then tells
/// anybody. Given the same calls it does the same.
package struct LiveDesk: Sendable {
    package private(set) var book: DeskBook
    /// The latest time it was told; it never goes back.
    package internal(set) var now: Instant
    /// The number given last to an event and to a session.
    package internal(set) var lastEvent: Int64
    package internal(set) var lastSession: Int64

    package internal(set) var sessions: [Session.Number: Session] = [:]
    /// The live sessions by the chat server's own id.
    var creations: [RequestKey: Session.Number] = [:]

    // Operators by slot; see LiveDesk+Index.
    var slots: [OperatorSlot] = []
    var slotNumbers: [Operator.ID: Int] = [:]
    var freeSlots: [Int] = []
    var heaps: [CandidateHeap] = []
    var heapNumbers: [HeapKey: Int] = [:]
    /// Operators by what they answer; see LiveDesk+Pools.
    var pools: [SeatPool] = []
    var poolNumbers: [PoolKey: Int] = [:]
    var freePools: [Int] = []
    /// What was learned of each queue lately.
    package internal(set) var paces: [Queue.ID: QueuePace] = [:]
    /// Present operators of a queue, those who are away too, for explanations.
    var members: [MemberKey: [Int]] = [:]

    // Sessions by queue: all with a place, and those of them that want more offers.
    var lines: [Queue.ID: WaitingLine] = [:]
    var seekers: [Queue.ID: WaitingLine] = [:]

    var deadlines = DeadlineHeap()
    /// Moments at which a shift begins, is missed or ends, in order, and the first that is still to come.
    var turns: [ShiftTurn] = []
    var nextTurn = 0
    /// Who is on shift now, and on which queues.
    var onShift: [Operator.ID: Set<Queue.ID>] = [:]
    var onShiftByQueue: [Queue.ID: Set<Operator.ID>] = [:]
    /// Each operator's shifts that have not ended, by their start.
    var shiftsByOperator: [Operator.ID: [Shift]] = [:]
    package internal(set) var gaps: Set<LiveGap> = []

    /// The hours in which queues that are open now are open, and when to look at them again.
    var openHours: [Queue.ID: Range<Instant>] = [:]
    var openHoursEnd = Instant(secondsSince1970: 0)

    var changes = DeskChanges()
    /// Whether everybody who waits is to be looked for anew.
    var needsReview = false
    var alternativesCache: [Queue.ID: (minute: Int64, alternatives: Alternatives)] = [:]

    package init(
        book: DeskBook, now: Instant, lastEvent: Int64 = 0, lastSession: Int64 = 0, gaps: Set<LiveGap> = [],
        paces: [Queue.ID: QueuePace] = [:]
    ) {
        self.book = book
        self.now = now
        self.lastEvent = lastEvent
        self.lastSession = lastSession
        self.gaps = gaps
        self.paces = paces
        startTurns()
        changes.countedBefore = count
    }

    /// Takes another book, and arranges everybody anew by it.
    ///
    /// - Complexity: O(operators + sessions)
    package mutating func replaceBook(_ newBook: DeskBook) {
        book = newBook
        alternativesCache = [:]
        openHoursEnd = Instant(secondsSince1970: 0)
        startTurns()
        for (_, slot) in slotNumbers { rejoin(slot) }
        for number in sessions.keys.sorted() { scheduleSession(number) }
        lookAtEverybodyWaiting()
        reviewGaps()
    }

    /// The operators who are present, with their seats.
    package var present: [Operator.ID: PresentOperator] {
        slotNumbers.mapValues { slots[$0].standing }
    }

    /// The earliest moment at which there may be something to do without being asked.
    package var nextDeadline: Instant? {
        let turn = nextTurn < turns.count ? turns[nextTurn].at : nil
        guard let soonest = deadlines.soonest else { return turn }
        return turn.map { min($0, soonest) } ?? soonest
    }

    // MARK: Loading

    /// Puts a session as stored in the place of what is known of it; nil forgets it.
    ///
    /// For what another process has changed; nothing is decided and no change noted.
    package mutating func load(_ number: Session.Number, as stored: Session?) {
        if let old = sessions.removeValue(forKey: number) {
            leaveLines(old)
            creations[old.creationKey] = nil
        }
        deadlines.forget(.session(number))
        guard let stored else { return }
        sessions[number] = stored
        // Operators are loaded first, who could not know then of which queue their sessions are.
        let seated = stored.offers.map(\.seat.operator) + (stored.seat.map { [$0.operator] } ?? [])
        for id in seated { slotNumbers[id].map { recountPool(of: $0) } }
        creations[stored.creationKey] = number
        joinLines(stored)
        scheduleSession(number)
    }

    /// Puts an operator as stored in the place of what is known; nil forgets the operator.
    package mutating func load(_ id: Operator.ID, as stored: PresentOperator?) {
        if let stored {
            place(stored)
            schedulePresence(id)
        } else {
            removeSlot(of: id)
            deadlines.forget(.presence(id))
        }
    }

    /// Takes over what another process has counted.
    package mutating func load(
        lastEvent: Int64, lastSession: Int64, now: Instant, gaps: Set<LiveGap>, paces: [Queue.ID: QueuePace]
    ) {
        self.lastEvent = lastEvent
        self.lastSession = lastSession
        self.now = max(self.now, now)
        self.gaps = gaps
        self.paces = paces
        changes.countedBefore = count
    }

    // MARK: Changes

    /// What has changed since this was asked last, to be stored in one transaction.
    package mutating func takeChanges() -> DeskChanges {
        var taken = changes
        changes = DeskChanges()
        changes.countedBefore = count
        for index in taken.sessions.indices { taken.sessions[index].after = sessions[taken.sessions[index].number] }
        for index in taken.operators.indices { taken.operators[index].after = operatorNow(taken.operators[index].id) }
        taken.gapsAfter = taken.gapsBefore == nil ? nil : gaps
        taken.pacesAfter = taken.pacesBefore == nil ? nil : paces
        return taken
    }

    /// Takes back what was taken last, for it could not be stored.
    ///
    /// What time alone has brought about happens again at the next ``advance(to:)``.
    package mutating func undo(_ taken: DeskChanges) {
        for change in taken.operators { load(change.id, as: change.before) }
        now = taken.countedBefore.now
        for change in taken.sessions { load(change.number, as: change.before) }
        if let gapsBefore = taken.gapsBefore { gaps = gapsBefore }
        if let pacesBefore = taken.pacesBefore { paces = pacesBefore }
        lastEvent = taken.countedBefore.lastEvent
        lastSession = taken.countedBefore.lastSession
        changes = DeskChanges()
        changes.countedBefore = count
        needsReview = true
    }

    private var count: DeskCount { DeskCount(now: now, lastEvent: lastEvent, lastSession: lastSession) }

    /// The same desk at a later time, to be asked what may be told then; nothing happens to it.
    package func told(at time: Instant) -> LiveDesk {
        var copy = self
        copy.now = max(now, time)
        return copy
    }

    /// Changes a session and notes that it changed.
    @discardableResult
    mutating func update<Result>(_ number: Session.Number, _ change: (inout Session) -> Result) -> Result? {
        noteChange(of: number)
        guard let index = sessions.index(forKey: number) else { return nil }
        return change(&sessions.values[index])
    }

    mutating func noteChange(of number: Session.Number) {
        guard !changes.hasNoted(number) else { return }
        changes.note(number, before: sessions[number])
    }

    mutating func noteChange(of id: Operator.ID) {
        guard !changes.hasNoted(id) else { return }
        changes.note(id, before: operatorNow(id))
    }

    @discardableResult
    mutating func tell(
        _ kind: DeskEvent.Kind, session: Session.Number? = nil, operator: Operator.ID? = nil, queue: Queue.ID? = nil
    ) -> Int64 {
        lastEvent += 1
        changes.events.append(
            DeskEvent(
                number: lastEvent, at: now, session: session, operator: `operator`,
                queue: queue ?? session.flatMap { sessions[$0]?.queue }, kind: kind))
        return lastEvent
    }
}

extension Session {
    /// The key under which it was created.
    package var creationKey: RequestKey { RequestKey(chatServer: origin.chatServer, text: origin.externalID) }
}

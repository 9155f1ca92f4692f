/// What a pool decides: who gets which connection, when one is opened or closed, who has waited too long.
///
/// It does nothing itself: each call returns the actions that follow, and the caller performs them in their order. The
/// present is passed in.
package struct PoolMachine: Sendable {
    package typealias ConnectionID = Int
    package typealias WaiterID = Int
    package typealias Moment = ContinuousClock.Instant

    /// The pool's settings.
    package struct Limits: Sendable, Hashable {
        var maximumConnections: Int
        /// How long anybody waits for a connection.
        var waitingDeadline: Duration
        /// A connection that nobody used for longer is closed.
        var maximumIdleTime: Duration
        /// A connection that is older is not lent again, so that the pool follows a move of the server.
        var maximumAge: Duration

        package init(
            maximumConnections: Int, waitingDeadline: Duration, maximumIdleTime: Duration, maximumAge: Duration
        ) {
            self.maximumConnections = maximumConnections
            self.waitingDeadline = waitingDeadline
            self.maximumIdleTime = maximumIdleTime
            self.maximumAge = maximumAge
        }
    }

    package enum Action: Sendable, Hashable {
        case lend(ConnectionID, to: WaiterID)
        /// Open a connection and call ``PoolMachine/opened(_:at:)`` or ``PoolMachine/failedToOpen(_:because:)``.
        case open(ConnectionID)
        case close(ConnectionID)
        case refuse(WaiterID, PostgresError)
        /// Call ``PoolMachine/tick(at:)`` no later than then.
        case wake(at: Moment)
        /// The pool was closed and no connection of it is left.
        case closed
    }

    private enum Stage: Sendable {
        case opening
        case idle(since: Moment)
        case lent
    }

    private struct Entry: Sendable {
        var stage: Stage
        var openedAt: Moment?
        /// It broke, or the pool is closing: not to be lent again.
        var isUnfit = false
    }

    private struct Waiter: Sendable {
        let id: WaiterID
        let deadline: Moment
    }

    package let limits: Limits
    private var entries: [ConnectionID: Entry] = [:]
    /// The one used last is at the end, and is lent first: so those that are not needed become old.
    private var idle: [ConnectionID] = []
    private var waiters = FIFO<Waiter>()
    private var lastConnection = 0
    private var isClosing = false
    private var nextWake: Moment?

    package init(_ limits: Limits) {
        self.limits = limits
    }

    /// How many connections there are, by what they do.
    package struct Count: Sendable, Hashable {
        package var lent = 0
        package var idle = 0
        package var opening = 0
        package var waiting = 0

        package init(lent: Int = 0, idle: Int = 0, opening: Int = 0, waiting: Int = 0) {
            self.lent = lent
            self.idle = idle
            self.opening = opening
            self.waiting = waiting
        }
    }

    package var count: Count {
        var count = Count(waiting: waiters.count)
        for entry in entries.values {
            switch entry.stage {
            case .lent: count.lent += 1
            case .idle: count.idle += 1
            case .opening: count.opening += 1
            }
        }
        return count
    }

    // MARK: Those who want a connection

    /// Lends an idle connection at once, if there is one fit for it.
    package mutating func lendIdle(at now: Moment) -> ConnectionID? {
        guard !isClosing, waiters.isEmpty, let id = idle.last, let entry = entries[id],
            !isWornOut(entry, at: now)
        else { return nil }
        idle.removeLast()
        entries[id]?.stage = .lent
        return id
    }

    /// Somebody wants a connection, and may have to wait.
    package mutating func request(_ waiter: WaiterID, at now: Moment) -> [Action] {
        guard !isClosing else {
            return [.refuse(waiter, PostgresError(code: .poolClosed, message: "the pool was closed"))]
        }
        waiters.append(Waiter(id: waiter, deadline: now + limits.waitingDeadline))
        return serve(at: now)
    }

    /// Somebody wants a connection no more.
    ///
    /// - Returns: Whether it was still waiting.
    package mutating func withdraw(_ waiter: WaiterID) -> Bool {
        let isWaiting = waiters.contains { $0.id == waiter }
        waiters.removeAll { $0.id == waiter }
        return isWaiting
    }

    /// Somebody gives a connection back.
    package mutating func giveBack(_ id: ConnectionID, isFit: Bool, at now: Moment) -> [Action] {
        guard let entry = entries[id] else { return [] }
        guard isFit, !entry.isUnfit, !isClosing, !isTooOld(entry, at: now) else {
            entries[id] = nil
            return [.close(id)] + serve(at: now)
        }
        entries[id]?.stage = .idle(since: now)
        idle.append(id)
        return serve(at: now)
    }

    // MARK: Connections

    package mutating func opened(_ id: ConnectionID, at now: Moment) -> [Action] {
        guard entries[id] != nil else { return [.close(id)] }
        guard !isClosing else {
            entries[id] = nil
            return [.close(id)] + serve(at: now)
        }
        entries[id] = Entry(stage: .idle(since: now), openedAt: now)
        idle.append(id)
        return serve(at: now)
    }

    /// A connection could not be opened: the one who waits longest is told why.
    package mutating func failedToOpen(_ id: ConnectionID, because error: PostgresError, at now: Moment) -> [Action] {
        entries[id] = nil
        guard let waiter = waiters.popFirst() else { return serve(at: now) }
        return [.refuse(waiter.id, error)] + serve(at: now)
    }

    /// A connection broke.
    package mutating func lost(_ id: ConnectionID, at now: Moment) -> [Action] {
        guard let entry = entries[id] else { return [] }
        guard case .idle = entry.stage else {
            // Whoever has it notices, and gives it back.
            entries[id]?.isUnfit = true
            return []
        }
        entries[id] = nil
        idle.removeAll { $0 == id }
        return [.close(id)] + serve(at: now)
    }

    // MARK: Time

    /// Refuses those who waited too long and closes what nobody used.
    package mutating func tick(at now: Moment) -> [Action] {
        nextWake = nil
        var actions: [Action] = []
        let lentCount = count
        while let waiter = waiters.first, waiter.deadline <= now {
            waiters.popFirst()
            actions.append(.refuse(waiter.id, exhausted(lentCount)))
        }
        for id in idle {
            guard let entry = entries[id], isWornOut(entry, at: now) else { continue }
            entries[id] = nil
            actions.append(.close(id))
        }
        idle.removeAll { entries[$0] == nil }
        return actions + serve(at: now)
    }

    private func exhausted(_ count: Count) -> PostgresError {
        let opening = count.opening == 0 ? "" : ", \(count.opening) being opened"
        return PostgresError(
            code: .poolExhausted,
            message: "no connection became free within \(limits.waitingDeadline): \(count.lent) of "
                + "\(limits.maximumConnections) in use\(opening), \(count.waiting) waiting",
            hint: "allow more connections, or hold each for less time")
    }

    /// Takes no more requests and closes each connection as it becomes free.
    package mutating func close() -> [Action] {
        isClosing = true
        let error = PostgresError(code: .poolClosed, message: "the pool was closed")
        var actions = waiters.drain().map { Action.refuse($0.id, error) }
        for id in idle {
            entries[id] = nil
            actions.append(.close(id))
        }
        idle = []
        return entries.isEmpty ? actions + [.closed] : actions
    }

    // MARK: Decisions

    /// Lends what is idle, opens what is needed, and says when to look again.
    private mutating func serve(at now: Moment) -> [Action] {
        var actions: [Action] = []
        while let waiter = waiters.first, let id = idle.popLast() {
            guard let entry = entries[id], !isWornOut(entry, at: now) else {
                entries[id] = nil
                actions.append(.close(id))
                continue
            }
            entries[id]?.stage = .lent
            waiters.popFirst()
            actions.append(.lend(id, to: waiter.id))
        }
        if !isClosing, !waiters.isEmpty { actions += openAsNeeded() }
        if isClosing, entries.isEmpty { actions.append(.closed) }
        return actions + wakeIfNeeded()
    }

    private mutating func openAsNeeded() -> [Action] {
        let opening = entries.values.count { if case .opening = $0.stage { true } else { false } }
        let wanted = min(waiters.count - opening, limits.maximumConnections - entries.count)
        return (0..<max(0, wanted)).map { _ in
            lastConnection += 1
            entries[lastConnection] = Entry(stage: .opening)
            return .open(lastConnection)
        }
    }

    private mutating func wakeIfNeeded() -> [Action] {
        // The first is the one that has been idle for longest, as the others were put behind it later.
        let oldestIdle = idle.first.flatMap { id -> Moment? in
            guard case .idle(let since) = entries[id]?.stage else { return nil }
            return since + limits.maximumIdleTime
        }
        guard let moment = [waiters.first?.deadline, oldestIdle].compactMap(\.self).min(),
            nextWake.map({ moment < $0 }) ?? true
        else { return [] }
        nextWake = moment
        return [.wake(at: moment)]
    }

    private func isTooOld(_ entry: Entry, at now: Moment) -> Bool {
        entry.openedAt.map { now - $0 > limits.maximumAge } ?? false
    }

    private func isWornOut(_ entry: Entry, at now: Moment) -> Bool {
        guard case .idle(let since) = entry.stage else { return false }
        return now - since >= limits.maximumIdleTime || isTooOld(entry, at: now)
    }
}

package import Coverage

/// Which operators answer the same queues, and what is on their seats: what waits are told by.
extension LiveDesk {
    /// Who stands in the same pool: those who answer the same queues until the same time.
    struct PoolKey: Hashable, Sendable {
        var queues: [Queue.ID]
        /// When their shifts end, and they go; nil for those who stay as long as they are here.
        var until: Instant?

        static func precedes(_ left: PoolKey, _ right: PoolKey) -> Bool {
            guard left.queues == right.queues else { return left.queues.lexicographicallyPrecedes(right.queues) }
            guard let end = left.until, let other = right.until else { return left.until != nil && right.until == nil }
            return end < other
        }
    }

    /// Operators who answer the same queues now, for as long, and take sessions.
    struct SeatPool: Sendable {
        var key = PoolKey(queues: [])
        var memberCount = 0
        var freeSeats = 0
        /// Sessions on their seats, offered or held, by queue.
        var held: [Queue.ID: Int] = [:]
    }

    /// Brings an operator's pool to what is on the operator's seats now.
    ///
    /// - Complexity: O(seats)
    mutating func recountPool(of slot: Int) {
        let standing = slots[slot].standing
        let isOpen = standing.graceUntil == nil && standing.presence.availability == .available
        let held = isOpen ? standing.seats.compactMap { $0.flatMap { sessions[$0.session]?.queue } } : []
        let free = isOpen ? max(0, standing.presence.seats - standing.claimedCount) : 0
        countInPool(slot, freeSeats: free, held: held)
    }

    mutating func countInPool(_ slot: Int, freeSeats: Int, held: [Queue.ID]) {
        guard let pool = slots[slot].pool else { return }
        pools[pool].freeSeats += freeSeats - slots[slot].countedFreeSeats
        slots[slot].countedFreeSeats = freeSeats
        guard held != slots[slot].countedHeld else { return }
        for queue in slots[slot].countedHeld { pools[pool].held[queue, default: 0] -= 1 }
        for queue in held { pools[pool].held[queue, default: 0] += 1 }
        slots[slot].countedHeld = held
    }

    /// Puts an operator into the pool of those who answer the same queues.
    mutating func joinPool(_ slot: Int) {
        let queues = slots[slot].queues.map(\.queue).sorted()
        guard !queues.isEmpty else { return }
        let presence = slots[slot].standing.presence
        // Whoever is willing goes on off shift.
        let key = PoolKey(queues: queues, until: presence.isWilling ? nil : shiftEnd(of: presence.operator))
        let pool = poolNumbers[key] ?? newPool(key)
        pools[pool].memberCount += 1
        slots[slot].pool = pool
    }

    private mutating func newPool(_ key: PoolKey) -> Int {
        let number = freePools.popLast() ?? pools.count
        if number == pools.count { pools.append(SeatPool()) }
        pools[number] = SeatPool(key: key)
        poolNumbers[key] = number
        return number
    }

    mutating func leavePool(_ slot: Int) {
        guard let pool = slots[slot].pool else { return }
        countInPool(slot, freeSeats: 0, held: [])
        slots[slot].pool = nil
        pools[pool].memberCount -= 1
        guard pools[pool].memberCount == 0 else { return }
        poolNumbers[pools[pool].key] = nil
        pools[pool] = SeatPool()
        freePools.append(pool)
    }

    /// What competes for the seats that could take a session of a queue.
    ///
    /// - Parameters:
    ///   - queue: The session's queue.
    ///   - entry: Its place in line; nil is behind everybody.
    /// - Returns: Nil where nobody who takes sessions answers the queue.
    func waitEstimate(on queue: Queue.ID, at entry: WaitingLine.Entry?) -> WaitEstimate? {
        // In an order that is the same in every process, and so are the sums.
        let busy = pools.filter { pool in pool.freeSeats > 0 || pool.held.values.contains { $0 > 0 } }
            .sorted { PoolKey.precedes($0.key, $1.key) }
        let ids = Set(busy.flatMap(\.key.queues)).sorted()
        guard let target = ids.firstIndex(of: queue) else { return nil }
        let numbers = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
        var lines = ids.map { id in
            let waiting = seekers[id]
            return WaitEstimate.Line(
                priority: book.queues[id]?.queue.priority ?? 1,
                ahead: entry.map { waiting?.index(of: $0) ?? 0 } ?? waiting?.entries.count ?? 0,
                handleSeconds: handleSeconds(of: id), leavingPerSecond: paces[id]?.patience.leavingPerSecond ?? 0)
        }
        // At a higher priority all come first, whenever they came.
        for (index, id) in ids.enumerated() where lines[index].priority > lines[target].priority {
            lines[index].ahead = seekers[id]?.entries.count ?? 0
        }
        let waitPools = busy.map { pool in
            var rate = 0.0
            for (id, count) in pool.held.sorted(by: { $0.key < $1.key }) where count > 0 {
                rate += Double(count) / Double(handleSeconds(of: id))
                if let number = numbers[id] { lines[number].held += count }
            }
            return WaitEstimate.Pool(
                lines: pool.key.queues.compactMap { numbers[$0] }, freeSeats: pool.freeSeats, rate: rate,
                secondsLeft: pool.key.until.map { Double(max(0, $0.seconds(since: now))) })
        }
        return WaitEstimate(lines: lines, pools: waitPools, target: target)
    }

    // MARK: What is learned

    /// What a session of a queue is likely to take, as far as is known.
    package func handleSeconds(of queue: Queue.ID) -> Int {
        let configured = book.queues[queue]?.routing.handleSeconds ?? 600
        return paces[queue]?.handling.seconds(configured: configured) ?? configured
    }

    /// Learns what an operator had of a session that ends; spam says nothing of questions.
    mutating func learnPace(of session: Session, _ outcome: Outcome) {
        guard session.seat != nil, outcome != .spam, let since = session.heldSince,
            let configured = book.queues[session.queue]?.routing.handleSeconds
        else { return }
        if changes.pacesBefore == nil { changes.pacesBefore = paces }
        paces[session.queue, default: QueuePace()].handling
            .learn(Int(now.seconds(since: since)), configured: configured)
    }

    /// Learns from a wait that is over, be it that an operator has the session or that it ended in line.
    ///
    /// Of whoever had an operator before, or was handed on, it is not known how long they think that they have waited.
    mutating func learnPatience(of session: Session, _ outcome: Outcome? = nil) {
        guard let place = session.place, !place.isFront, place.since == session.createdAt, outcome != .spam
        else { return }
        if changes.pacesBefore == nil { changes.pacesBefore = paces }
        paces[session.queue, default: QueuePace()].patience
            .learn(Int(now.seconds(since: place.since)), hasLeft: outcome == .abandoned || outcome == .patronLeft)
    }
}

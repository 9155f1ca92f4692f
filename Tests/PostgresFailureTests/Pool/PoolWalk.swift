import TestSupport

import PostgresClient

/// A pool's machine among random events, with what must always hold checked after each.
struct PoolWalk {
    private static let maximum = 4
    private var generator: SplitMix64
    private var machine = PoolMachine(
        .init(
            maximumConnections: maximum, waitingDeadline: .seconds(5), maximumIdleTime: .seconds(20),
            maximumAge: .seconds(60)))
    private var now = ContinuousClock.now
    private var lastWaiter = 0
    private var waiting: [Int] = []
    private var opening: Set<Int> = []
    private var lent: Set<Int> = []
    private var idle: Set<Int> = []
    private var wasToldClosed = false
    /// What did not hold.
    private(set) var faults: [String] = []

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func step() {
        now += .milliseconds(Int.random(in: 0...500, using: &generator))
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...2: request()
        case 3...5: if let id = random(lent) { giveBack(id) }
        case 6: if let id = random(opening) { settle(id) }
        case 7: if let id = random(lent.union(idle)) { lose(id) }
        case 8: if let waiter = waiting.randomElement(using: &generator) { withdraw(waiter) }
        default: perform(machine.tick(at: now))
        }
        check()
    }

    mutating func finish() {
        perform(machine.close())
        while let id = random(opening) { settle(id) }
        while let id = random(lent) { giveBack(id) }
        if !wasToldClosed { faults.append("the end was not told") }
        if !waiting.isEmpty { faults.append("\(waiting) got no answer") }
        if !idle.isEmpty { faults.append("\(idle) were not closed") }
    }

    /// Sorted, for a set's order differs from run to run.
    private mutating func random(_ ids: Set<Int>) -> Int? {
        ids.sorted().randomElement(using: &generator)
    }

    private mutating func request() {
        if let id = machine.lendIdle(at: now) {
            if !waiting.isEmpty { faults.append("\(id) was lent past \(waiting)") }
            lend(id)
        } else {
            lastWaiter += 1
            waiting.append(lastWaiter)
            perform(machine.request(lastWaiter, at: now))
        }
    }

    private mutating func giveBack(_ id: Int) {
        lent.remove(id)
        idle.insert(id)
        perform(machine.giveBack(id, isFit: Bool.random(using: &generator), at: now))
    }

    private mutating func settle(_ id: Int) {
        opening.remove(id)
        if Bool.random(using: &generator) {
            idle.insert(id)
            perform(machine.opened(id, at: now))
        } else {
            let error = PostgresError(code: .connectionFailed, message: "nobody answers")
            perform(machine.failedToOpen(id, because: error, at: now))
        }
    }

    private mutating func lose(_ id: Int) {
        perform(machine.lost(id, at: now))
    }

    private mutating func withdraw(_ waiter: Int) {
        if !machine.withdraw(waiter) { faults.append("\(waiter) was not known to wait") }
        waiting.removeAll { $0 == waiter }
    }

    private mutating func lend(_ id: Int) {
        if idle.remove(id) == nil { faults.append("\(id) was lent and not idle") }
        lent.insert(id)
    }

    private mutating func perform(_ actions: [PoolMachine.Action]) {
        for action in actions {
            switch action {
            case .lend(let id, let waiter):
                lend(id)
                answer(waiter)
            case .refuse(let waiter, _): answer(waiter)
            case .open(let id): opening.insert(id)
            case .close(let id):
                if idle.remove(id) == nil { faults.append("\(id) was closed and not idle") }
            case .wake(let moment):
                if moment < now { faults.append("to be woken in the past") }
            case .closed:
                if wasToldClosed { faults.append("the end was told twice") }
                wasToldClosed = true
            }
        }
    }

    private mutating func answer(_ waiter: Int) {
        if waiting.first != waiter { faults.append("\(waiter) was answered before \(waiting)") }
        waiting.removeAll { $0 == waiter }
    }

    private mutating func check() {
        let count = machine.count
        if count != .init(lent: lent.count, idle: idle.count, opening: opening.count, waiting: waiting.count) {
            faults.append("counts \(count)")
        }
        if lent.count + idle.count + opening.count > Self.maximum { faults.append("more than allowed") }
        if !waiting.isEmpty, !idle.isEmpty { faults.append("\(waiting) wait though \(idle) are idle") }
    }
}

import Coverage
import Storage
import Synchronization

/// The newest changes, in memory once for all replicas that wait at this process.
///
/// A stream holds no more than its place. Where its place is no longer in memory it reads from the database by itself.
package final class SyncFeed: Sendable {
    /// One state of the database.
    struct Place: Hashable, Sendable {
        let database: String
        /// Since when the server runs that showed it.
        let serverStart: Int64
        let snapshot: ReplicaSnapshot
        /// Microseconds since 1970.
        let asOf: Int64

        init(_ reading: SyncReading) {
            database = reading.database
            serverStart = reading.serverStart
            snapshot = reading.snapshot
            asOf = reading.asOf
        }

        /// Whether snapshots of both can be compared.
        func isOfSameServer(as other: Place) -> Bool {
            database == other.database && serverStart == other.serverStart
        }
    }

    struct Portion: Sendable {
        let segment: SyncSegment
        let rows: Int
    }

    /// What leads from one state to a later one.
    struct Batch: Sendable {
        let from: ReplicaSnapshot
        let to: Place
        /// What all libraries see.
        let shared: Portion?
        /// What each sees alone.
        let own: [Library.ID: Portion]
        /// Those of which ``own`` tells, also where nothing changed for them.
        let covered: Set<Library.ID>
        /// False where there was too much to hold: whoever waits reads it from the database.
        let isWhole: Bool

        func concerns(_ library: Library.ID) -> Bool {
            shared != nil || own[library] != nil || !isWhole || !covered.contains(library)
        }
    }

    /// Where a stream stands.
    struct Standing: Sendable {
        let library: Library.ID
        /// The number of the last batch that it has, or that does not concern it.
        var number: Int
        /// What it has read.
        var seen: ReplicaSnapshot
    }

    /// What a stream is to do next.
    enum Turn: Sendable {
        case write(Batch)
        /// Its time has come, and it is in step with this state; nil is the one that it has read itself.
        case inStep(Place?)
        /// What it has not read is not in memory.
        case behind
        /// The process stops.
        case end
    }

    fileprivate struct Waiter {
        let library: Library.ID
        let until: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    fileprivate struct State {
        /// In order; their numbers end with `last`.
        var batches: [Batch] = []
        var last = 0
        var place: Place?
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
        var interest: [Library.ID: Int] = [:]
        var hasEnded = false
        /// Whether something was heard of that was not read yet.
        var isStale = false

        var first: Int { last - batches.count + 1 }
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: How many batches are kept in memory.
    package init(capacity: Int = 256) {
        self.capacity = capacity
    }

    /// How many streams wait.
    package var waitingCount: Int { state.withLock { $0.waiters.count } }

    // MARK: Streams

    /// Says that what changes for a library is wanted from now on.
    ///
    /// To be called before the stream's first reading, so that the feed misses nothing behind that.
    func join(_ library: Library.ID) {
        state.withLock { $0.interest[library, default: 0] += 1 }
    }

    func leave(_ library: Library.ID) {
        state.withLock { state in
            let others = state.interest[library, default: 1] - 1
            state.interest[library] = others == 0 ? nil : others
        }
    }

    /// Finds a stream's place once it has read a state by itself.
    ///
    /// - Returns: Nil if something lies between that is not in memory.
    func settle(_ library: Library.ID, at place: Place) -> Standing? {
        state.withLock { state in
            guard let known = state.place, known.isOfSameServer(as: place) else {
                // The first to wait; what changed since its reading is to be looked for.
                state.forget()
                state.place = place
                state.isStale = true
                return Standing(library: library, number: state.last, seen: place.snapshot)
            }
            let next = state.batches.firstIndex { !$0.to.snapshot.isShown(by: place.snapshot) }
            guard let next else {
                // What comes next goes on from where the feed is: another stream may have begun it at a later state,
                // of which no batch tells.
                guard known.snapshot.isShown(by: place.snapshot) else { return nil }
                return Standing(library: library, number: state.last, seen: place.snapshot)
            }
            guard state.batches[next].from.isShown(by: place.snapshot) else { return nil }
            return Standing(library: library, number: state.first + next - 1, seen: place.snapshot)
        }
    }

    /// Waits until there is something to do for a stream, at the latest at a time.
    func turn(_ standing: inout Standing, until time: ContinuousClock.Instant) async -> Turn {
        while true {
            if let turn = state.withLock({ Self.turn($0, &standing, until: time) }) { return turn }
            let (library, number) = (standing.library, standing.number)
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard !state.hasEnded, state.last == number, .now < time else { return true }
                    state.lastWaiter += 1
                    state.waiters[state.lastWaiter] = Waiter(library: library, until: time, continuation: continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    private static func turn(
        _ state: State, _ standing: inout Standing, until time: ContinuousClock.Instant
    ) -> Turn? {
        if state.hasEnded { return .end }
        guard let place = state.place, standing.number + 1 >= state.first else { return .behind }
        for batch in state.batches.dropFirst(standing.number + 1 - state.first) {
            standing.number += 1
            // What it has read by itself may be newer than what the feed tells.
            if batch.to.snapshot.isShown(by: standing.seen) || !batch.concerns(standing.library) { continue }
            guard batch.isWhole, batch.covered.contains(standing.library) else { return .behind }
            standing.seen = batch.to.snapshot
            return .write(batch)
        }
        guard time <= .now else { return nil }
        // The feed may not have got as far as the stream's own reading, behind which nothing is known then.
        return .inStep(standing.seen.isShown(by: place.snapshot) ? place : nil)
    }

    // MARK: The reader

    /// Notes that something changed, for all libraries or for one.
    func hear(of library: Library.ID?) {
        state.withLock { state in
            if library.map({ state.interest[$0] != nil }) ?? true { state.isStale = true }
        }
    }

    /// Whether there is something to be read for somebody.
    var isStale: Bool { state.withLock { $0.isStale && $0.place != nil } }

    /// From where the reader goes on, and for whom; nil while nobody waits.
    func begin() -> (place: Place, libraries: Set<Library.ID>)? {
        state.withLock { state in
            guard !state.interest.isEmpty, let place = state.place else {
                state.forget()
                return nil
            }
            state.isStale = false
            return (place, Set(state.interest.keys))
        }
    }

    /// Notes that the reading failed and is to be tried again.
    func fail() {
        state.withLock { $0.isStale = true }
    }

    /// Takes a state in which nothing has changed for anybody.
    func confirm(_ place: Place) {
        state.withLock { state in
            if state.place != nil { state.place = place }
        }
    }

    /// Takes a batch that goes on from the last state, and wakes those whom it concerns.
    func append(_ batch: Batch) {
        wake { state in
            guard state.place != nil else { return }
            state.place = batch.to
            state.last += 1
            // Twice as many are let grow before half is cut off, or each would move all others.
            state.batches = batch.isWhole ? state.batches + [batch] : [batch]
            if state.batches.count > 2 * capacity { state.batches.removeFirst(state.batches.count - capacity) }
        } where: { waiter in
            batch.concerns(waiter.library)
        }
    }

    /// Forgets everything: the database is another, or its history.
    func restart() {
        wake {
            $0.forget()
        } where: { _ in
            true
        }
    }

    /// Wakes those whose time has come.
    func tick() {
        let now = ContinuousClock.now
        wake { _ in
        } where: { waiter in
            waiter.until <= now
        }
    }

    /// Ends all streams, and those that come later at once.
    package func end() {
        wake {
            $0.hasEnded = true
        } where: { _ in
            true
        }
    }

    private func wake(_ change: (inout State) -> Void, where isMeant: (Waiter) -> Bool) {
        let woken = state.withLock { state in
            change(&state)
            let woken = state.waiters.filter { isMeant($0.value) }
            for number in woken.keys { state.waiters[number] = nil }
            return woken.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }
}

extension SyncFeed.State {
    /// Loses its place, and with it all streams theirs.
    fileprivate mutating func forget() {
        guard place != nil else { return }
        place = nil
        batches = []
        last += 1
    }
}

package import Coverage

/// A patron's question as it will come.
package struct PatronVisit: Hashable, Sendable {
    /// Counted from the day's beginning.
    package var arrivesAt: Duration
    package var queue: Queue.ID
    package var library: Library.ID
    /// How long it takes an operator.
    package var handling: Duration

    package init(arrivesAt: Duration, queue: Queue.ID, library: Library.ID, handling: Duration) {
        self.arrivesAt = arrivesAt
        self.queue = queue
        self.library = library
        self.handling = handling
    }
}

/// An operator's unbroken time at the desk, on one queue after another.
package struct Stint: Hashable, Sendable {
    /// Counted from the day's beginning.
    package struct Piece: Hashable, Sendable {
        package var queue: Queue.ID
        package var from: Duration
        package var until: Duration
    }

    package var `operator`: Operator.ID
    package var seats: Int
    /// In their order, one at least.
    package var pieces: [Piece]

    var begins: Duration { pieces.first?.from ?? .zero }
    var ends: Duration { pieces.last?.until ?? .zero }
}

/// Who comes when: the operators as a plan has them, the patrons as a history has them.
package struct SimulatedDay: Hashable, Sendable {
    package var queues: [Queue]
    package var stints: [Stint]
    package var visits: [PatronVisit]
    /// How long patrons come.
    package var length: Duration

    /// Lays a day of the past over a day of the plan.
    ///
    /// - Parameters:
    ///   - window: The part of the plan's day that is played.
    ///   - pastStart: The moment of the past that becomes the window's beginning.
    ///   - shifts: Those of the plan; shifts outside the window are left out.
    ///   - past: Those of the history; sessions outside the window are left out.
    ///   - operators: Whose capacities are the seats.
    ///   - queues: All queues of the consortium.
    package init(
        window: Range<Instant>, pastStart: Instant, shifts: [Shift], past: [PastSession], operators: [Operator],
        queues: [Queue]
    ) {
        let seconds = window.upperBound.seconds(since: window.lowerBound)
        self.queues = queues.sorted { ($0.channel.rawValue, $0.id) < ($1.channel.rawValue, $1.id) }
        length = .seconds(seconds)
        visits = past.compactMap { session in
            let offset = session.startedAt.seconds(since: pastStart)
            guard (0..<seconds).contains(offset) else { return nil }
            return PatronVisit(
                arrivesAt: .seconds(offset), queue: session.queue, library: session.library,
                handling: .seconds(max(20, session.handleSeconds)))
        }.sorted { ($0.arrivesAt, $0.queue, $0.library) < ($1.arrivesAt, $1.queue, $1.library) }
        let capacities = Dictionary(operators.map { ($0.id, $0.chatCapacity) }, uniquingKeysWith: { first, _ in first })
        let touching = shifts.filter { $0.during.overlaps(window) }.sorted(by: Shift.precedes)
        stints = Dictionary(grouping: touching, by: \.operator).sorted { $0.key < $1.key }.flatMap { id, shifts in
            Self.stints(of: id, shifts, from: window.lowerBound, seats: min(50, capacities[id] ?? 1))
        }
    }

    /// One operator's shifts, of which those that follow each other without a pause are one stint.
    private static func stints(of id: Operator.ID, _ shifts: [Shift], from start: Instant, seats: Int) -> [Stint] {
        var stints: [Stint] = []
        for shift in shifts {
            let piece = Stint.Piece(
                queue: shift.queue, from: .seconds(max(0, shift.during.lowerBound.seconds(since: start))),
                until: .seconds(shift.during.upperBound.seconds(since: start)))
            if let last = stints.indices.last, stints[last].ends >= piece.from {
                stints[last].pieces.append(piece)
            } else {
                stints.append(Stint(operator: id, seats: seats, pieces: [piece]))
            }
        }
        return stints
    }
}

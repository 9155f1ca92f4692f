/// A place where routing looks for somebody to take a session.
package enum Rung: String, Hashable, CaseIterable, Sendable {
    /// The patron's own library's operators who are on shift for the queue.
    case ownLibrary = "own_library"
    /// Other libraries' operators who are on shift for the queue.
    case otherLibraries = "other_libraries"
    /// Colleagues who are present and willing but not on shift, those of the patron's library first.
    case overflow
    /// A service outside the consortium.
    case partner
    /// An answer by email.
    case email

    /// Whether operators stand on it, to whom a session can be offered.
    package var hasOperators: Bool {
        switch self {
        case .ownLibrary, .otherLibraries, .overflow: true
        case .partner, .email: false
        }
    }
}

/// The order in which a queue's rungs are tried, and when each opens.
package struct Ladder: Hashable, Sendable {
    /// One rung with its time.
    package struct Step: Hashable, Sendable {
        package var rung: Rung
        /// Seconds after the session joined the line.
        package var opensAfterSeconds: Int

        package init(_ rung: Rung, opensAfterSeconds: Int) {
            self.rung = rung
            self.opensAfterSeconds = opensAfterSeconds
        }
    }

    /// In the order of trying; each rung at most once, and none opens before the one in front of it.
    package let steps: [Step]

    /// - Throws: ``LadderFault`` where a rung is named twice or opens before the one in front of it.
    package init(_ steps: [Step]) throws(LadderFault) {
        var seen: Set<Rung> = []
        var earliest = 0
        for step in steps {
            guard seen.insert(step.rung).inserted else { throw .namedTwice(step.rung) }
            guard step.opensAfterSeconds >= earliest else { throw .opensTooEarly(step.rung) }
            earliest = step.opensAfterSeconds
        }
        self.steps = steps
    }

    private init(known steps: [Step]) {
        self.steps = steps
    }

    /// Own library at once, other libraries after 15 s, off shift after 30 s, a partner after 90 s, email after 180 s.
    package static let standard = Ladder(known: [
        Step(.ownLibrary, opensAfterSeconds: 0), Step(.otherLibraries, opensAfterSeconds: 15),
        Step(.overflow, opensAfterSeconds: 30), Step(.partner, opensAfterSeconds: 90),
        Step(.email, opensAfterSeconds: 180),
    ])
}

/// Why steps are no ladder.
package enum LadderFault: Error, Hashable, Sendable, CustomStringConvertible {
    case namedTwice(Rung)
    case opensTooEarly(Rung)

    package var description: String {
        switch self {
        case .namedTwice(let rung): "the ladder names \(rung.rawValue) twice: each rung stands on it once"
        case .opensTooEarly(let rung):
            "\(rung.rawValue) would open before the rung in front of it: times on a ladder never fall"
        }
    }
}

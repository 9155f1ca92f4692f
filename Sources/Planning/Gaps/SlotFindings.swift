/// How the consortium's operators stand to one cell: all of them counted, a few of them named.
struct SlotFindings {
    /// So many of those who are held, or could be placed, are named.
    static let mostNames = 3

    private(set) var skilled = 0
    private(set) var here = 0
    private(set) var notAvailable = 0
    private(set) var absent = 0
    private(set) var libraryClosed = 0
    private(set) var elsewhere: [(queue: Int, count: Int)] = []
    private(set) var tooShort = Named()
    private(set) var held: [(limit: OperatorStanding.Limit, named: Named)] = []
    private(set) var free = 0
    /// Of those who are free the ones who cost least, the cheapest first.
    private(set) var candidates: [Candidate] = []

    /// A number of operators, the first of them by their indices.
    struct Named {
        private(set) var count = 0
        private(set) var people: [Int] = []

        mutating func add(_ person: Int) {
            count += 1
            if people.count < mostNames { people.append(person) }
        }
    }

    struct Candidate {
        let person: Int
        let proposal: OperatorStanding.Proposal
    }

    var placedElsewhere: Int { elsewhere.reduce(0) { $0 + $1.count } }
    var heldByLimits: Int { held.reduce(0) { $0 + $1.named.count } }

    mutating func record(_ person: Int, _ standing: OperatorStanding) {
        skilled += 1
        switch standing {
        case .here: here += 1
        case .notAvailable: notAvailable += 1
        case .absent: absent += 1
        case .libraryClosed: libraryClosed += 1
        case .tooShort: tooShort.add(person)
        case .elsewhere(let queue):
            if let index = elsewhere.firstIndex(where: { $0.queue == queue }) {
                elsewhere[index].count += 1
            } else {
                elsewhere.append((queue, 1))
            }
        case .held(let limit):
            let index = held.firstIndex { $0.limit == limit } ?? held.endIndex
            if index == held.endIndex { held.append((limit, Named())) }
            held[index].named.add(person)
        case .free(let proposal):
            free += 1
            let place = candidates.firstIndex { $0.proposal.cost > proposal.cost } ?? candidates.endIndex
            guard place < Self.mostNames else { return }
            candidates.insert(Candidate(person: person, proposal: proposal), at: place)
            if candidates.count > Self.mostNames { candidates.removeLast() }
        }
    }

    /// The nearest obstacle to a remedy.
    var kind: GapReason.Kind {
        if let best = candidates.first { return best.proposal.cost < .zero ? .couldBePlaced : .leftForCost }
        if !held.isEmpty { return .heldByLimit }
        if tooShort.count > 0 { return .stretchTooShort }
        if !elsewhere.isEmpty { return .placedElsewhere }
        if skilled == 0 { return .nobodyHasSkill }
        return here == skilled ? .allPlacedHere : .nobodyAvailable
    }

    /// The limits that hold somebody, for comparing neighbouring slots.
    var limits: Set<OperatorStanding.Limit> { Set(held.map(\.limit)) }
}

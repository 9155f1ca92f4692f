/// A roster problem as the search reads it: flat tables, made once and shared by all threads.
struct RosterTables: Sendable {
    /// Shift types that differ for nobody but in what they cost on a day: the same length, the same types that may
    /// come before them, the same that may come after.
    struct Kind: Sendable {
        /// An index into ``masks``.
        let mask: Int
        /// What may follow, an index of its class.
        let family: Int
        /// In units of ``minutesPerUnit``.
        let units: Int
        let shifts: [Int]
    }

    let problem: RosterProblem
    let days: Int
    let shiftCount: Int
    let people: Int
    let minutesPerUnit: Int
    /// For each shift type its length in units.
    let units: [Int]
    let longest: Int
    /// For each shift type its family: types after which the same types are forbidden.
    let familyOf: [Int]
    let families: Int
    let kinds: [Kind]
    /// For each kind what the innermost loops need of it.
    let kindMask: [Int]
    let kindFamily: [Int]
    let kindUnits: [Int]
    /// For each shift type its kind.
    let kindOf: [Int]
    /// Sets of families, as bits: after which of them a type may be worked.
    let masks: [UInt64]

    /// For each day and shift type, the cell `day * shiftCount + shift`.
    let wanted: [Int32]
    let weightUnder: [Int32]
    let weightOver: [Int32]
    /// For each person and cell what working it costs beyond the cover, or ``blocked``.
    let ownCost: [Int32]
    /// Cover with nobody at work, and every request for work not followed.
    let emptyCost: Int
    /// The requests' part of it.
    let requestCost: Int
    /// For each cell the people who may work it.
    let able: [[Int32]]

    /// How many times finer the row solver counts than the roster.
    let scale: Int

    static let blocked = Int32(1) << 29

    init(_ problem: RosterProblem) {
        self.problem = problem
        days = problem.days
        shiftCount = problem.shifts.count
        people = problem.people.count
        let unit = max(1, problem.shifts.reduce(0) { Self.commonDivisor($0, $1.minutes) })
        minutesPerUnit = unit
        units = problem.shifts.map { $0.minutes / unit }
        longest = units.max() ?? 0
        let (familyOf, families) = Self.numbering(problem.shifts.map(\.neverBefore))
        self.familyOf = familyOf
        self.families = families
        // By size, so that each is often the last one and some more.
        let masks = Set(problem.shifts.indices.map { Self.mask(before: $0, problem, familyOf) })
            .sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }
        var shiftsOf: [[Int]: [Int]] = [:]
        var keys: [[Int]] = []
        for shift in problem.shifts.indices {
            let index = masks.firstIndex(of: Self.mask(before: shift, problem, familyOf)) ?? 0
            let key = [index, familyOf[shift], units[shift]]
            if shiftsOf[key] == nil { keys.append(key) }
            shiftsOf[key, default: []].append(shift)
        }
        self.masks = masks
        let kinds = keys.map { Kind(mask: $0[0], family: $0[1], units: $0[2], shifts: shiftsOf[$0] ?? []) }
        self.kinds = kinds
        kindMask = kinds.map(\.mask)
        kindFamily = kinds.map(\.family)
        kindUnits = kinds.map(\.units)
        kindOf = problem.shifts.indices.map { shift in kinds.firstIndex { $0.shifts.contains(shift) } ?? 0 }

        let cells = days * shiftCount
        var wanted = [Int32](repeating: 0, count: cells)
        var under = wanted
        var over = wanted
        var empty = 0
        for cover in problem.cover {
            let cell = cover.day * problem.shifts.count + cover.shift
            wanted[cell] = Int32(cover.wanted)
            under[cell] = Int32(cover.weightUnder)
            over[cell] = Int32(cover.weightOver)
            empty += cover.wanted * cover.weightUnder
        }
        var own = [Int32](repeating: 0, count: people * cells)
        var wished = 0
        for request in problem.requests {
            let cell = request.person * cells + request.day * problem.shifts.count + request.shift
            own[cell] += Int32(request.isForWork ? -request.weight : request.weight)
            if request.isForWork { wished += request.weight }
        }
        var able = [[Int32]](repeating: [], count: cells)
        for (index, person) in problem.people.enumerated() {
            for cell in 0..<cells {
                if person.daysOff.contains(cell / problem.shifts.count)
                    || person.mostOfType[cell % problem.shifts.count] == 0
                {
                    own[index * cells + cell] = Self.blocked
                } else {
                    able[cell].append(Int32(index))
                }
            }
        }
        self.wanted = wanted
        weightUnder = under
        weightOver = over
        ownCost = own
        emptyCost = empty + wished
        requestCost = wished
        self.able = able
        scale = Self.scale(days: days, own: own, under: under, over: over)
    }

    var cells: Int { days * shiftCount }

    /// What a person missing costs, on average over the cells in which somebody is wanted.
    var usualWeight: Int {
        var (sum, count) = (0, 0)
        for cell in 0..<cells where wanted[cell] > 0 {
            sum += Int(weightUnder[cell])
            count += 1
        }
        return count > 0 ? sum / count : 0
    }

    /// As fine as the row solver's 32 bits allow.
    private static func scale(days: Int, own: [Int32], under: [Int32], over: [Int32]) -> Int {
        let most = own.reduce(0) { $1 < blocked ? max($0, abs(Int($1))) : $0 }
        let cover = max(under.max() ?? 0, over.max() ?? 0)
        var scale = 64
        while scale > 1, (most + Int(cover)) * 2 * scale * days >= 1 << 28 { scale /= 2 }
        return scale
    }

    /// The families after which a type may be worked.
    private static func mask(before shift: Int, _ problem: RosterProblem, _ familyOf: [Int]) -> UInt64 {
        var mask: UInt64 = 0
        for before in problem.shifts.indices where !problem.shifts[before].neverBefore.contains(shift) {
            mask |= 1 << UInt64(familyOf[before])
        }
        return mask
    }

    private static func commonDivisor(_ left: Int, _ right: Int) -> Int {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }

    private static func numbering(_ sets: [Set<Int>]) -> (numbers: [Int], count: Int) {
        var numbers: [Set<Int>: Int] = [:]
        let all = sets.map { set in
            let number = numbers[set] ?? numbers.count
            numbers[set] = number
            return number
        }
        return (all, numbers.count)
    }
}

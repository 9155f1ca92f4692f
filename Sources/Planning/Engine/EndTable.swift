/// Where stretches of one row can end, and what the row costs up to there.
///
/// A state is a slot before which a stretch ends, the queue it is on, whether the day of that slot has a start, the
/// units worked in the week and those on the day. For each slot and flag there is one plane of units in the week ×
/// units on the day per queue, and one more with the best of them.
///
/// Bounds: `index` stays below `(slots + 1) * (queues + 1) * 2 * area` as long as slot ≤ slots, number ≤ queues,
/// flag ≤ 1 and the position in a plane is below the area, for no row has more queues or a larger area than the table
/// was made for.
struct EndTable: ~Copyable {
    let units: FlatStore<Int>
    /// For a queue's state the start it comes from, ``StartTable/beforeWindow`` if it goes on from before the window;
    /// for a best state the queue's state that it is.
    let source: FlatStore<Int32>
    /// By slot: 1 if a stretch ends there on a day without a start, 2 if on a day with one, 3 if both.
    let isReached: FlatStore<UInt8>
    private let slots: Int
    private(set) var queues = 0
    private(set) var area = 0

    init(slots: Int, queues: Int, area: Int) {
        self.slots = slots
        let count = (slots + 1) * (queues + 1) * 2 * area
        units = FlatStore(count: count, repeating: RowSolver.never)
        source = FlatStore(count: count, repeating: -1)
        isReached = FlatStore(count: slots + 1, repeating: 0)
    }

    mutating func begin(_ row: borrowing RowShape) {
        queues = row.queues
        area = row.area
        isReached.fill(0..<slots + 1, with: 0)
    }

    /// The first state of a plane; queue number ``queues`` is the best of all.
    @inline(__always)
    func plane(_ slot: Int, _ number: Int, _ flag: Int) -> Int {
        ((slot * (queues + 1) + number) * 2 + flag) * area
    }

    /// Makes a slot's planes for a flag ready to be written.
    @inline(__always)
    func reach(_ slot: Int, _ flag: Int) {
        let bit: UInt8 = flag == 0 ? 1 : 2
        guard isReached[slot] & bit == 0 else { return }
        isReached[slot] |= bit
        for number in 0...queues {
            let first = plane(slot, number, flag)
            units.fill(first..<first + area, with: RowSolver.never)
        }
    }

    @inline(__always)
    func isReached(_ slot: Int, _ flag: Int) -> Bool {
        isReached[slot] & (flag == 0 ? 1 : 2) != 0
    }

    /// The slot before which a state's stretch ends, and its queue's number.
    func place(of state: Int) -> (slot: Int, number: Int) {
        let plane = state / area / 2
        return (plane / (queues + 1), plane % (queues + 1))
    }
}

/// Where stretches of one row can start, and which end each start follows.
///
/// Bounds: `index` stays below `slots * queues * area` as long as slot < slots, number < queues and the position in a
/// plane is below the area.
struct StartTable: ~Copyable {
    /// The state of the end before; ``nothing`` where the stretch is the first.
    let source: FlatStore<Int32>
    /// What the row costs up to the start, for the start that is being looked at.
    let units: FlatStore<Int>
    /// The plane that holds for each queue at one slot, without and with a start on the day, and the ends they follow.
    let open: FlatStore<Int>
    let openSource: FlatStore<Int32>
    /// The same for those who have had a full rest, up to the slot that was reached.
    let rested: FlatStore<Int>
    let restedSource: FlatStore<Int32>
    private(set) var queues = 0
    private(set) var area = 0

    /// The source of a stretch that goes on from before the window.
    static let beforeWindow: Int32 = -2
    /// The source of a first stretch.
    static let nothing: Int32 = -1

    init(slots: Int, queues: Int, area: Int) {
        source = FlatStore(count: slots * queues * area, repeating: Self.nothing)
        units = FlatStore(count: area, repeating: RowSolver.never)
        open = FlatStore(count: 2 * area, repeating: RowSolver.never)
        openSource = FlatStore(count: 2 * area, repeating: Self.nothing)
        rested = FlatStore(count: 2 * area, repeating: RowSolver.never)
        restedSource = FlatStore(count: 2 * area, repeating: Self.nothing)
    }

    mutating func begin(_ row: borrowing RowShape) {
        queues = row.queues
        area = row.area
        rested.fill(0..<2 * area, with: RowSolver.never)
    }

    @inline(__always)
    func plane(_ slot: Int, _ number: Int) -> Int { (slot * queues + number) * area }

    func slot(of start: Int) -> Int { start / area / queues }
}

/// Who could cover what, as a flow: from cells through operators' slots, days and weeks.
///
/// From the source an arc to each cell carries the operators wanted there; from the cell one operator at most goes to
/// each who could be there; what an operator takes in a slot goes to their day, with the day's limit, and on to their
/// week, with the week's. What the maximum flow leaves in the source no plan can cover (Ford and Fulkerson, 1956; found
/// by the method of Dinic, 1970), and the cells that can still be reached in the residual network from an unmet one are
/// a set that wants more than its operators can give: the theorem of Hall (1935), with limits.
struct CoverageNetwork {
    /// Arcs by their number; the arc back has the number with the last bit flipped.
    private var heads: [Int32] = []
    private var capacities: [Int32] = []
    private var next: [Int32] = []
    private var first: [Int32] = []
    private var level: [Int32] = []
    private var current: [Int32] = []
    private let cells: [Int]
    private var sourceArc: [Int] = []

    private static let source = 0
    private static let sink = 1

    /// - Parameters:
    ///   - cells: Queue × slots + slot, ascending.
    ///   - wanted: For each of them the operators wanted there.
    ///   - reaches: The operators.
    ///   - plan: Where a plan has them: a flow to begin with, as far as it keeps the limits.
    ///   - problem: Theirs.
    init(
        _ cells: [Int], wanted: [Int], _ reaches: [OperatorReach], from plan: PlacementTable,
        in problem: PlanningProblem
    ) {
        self.cells = cells
        first = [-1, -1]
        var nodeOfCell = [Int32](repeating: -1, count: problem.queues.count * problem.calendar.count)
        for (cell, wanted) in zip(cells, wanted) {
            let node = addNode()
            nodeOfCell[cell] = Int32(node)
            sourceArc.append(heads.count)
            addArc(Self.source, node, wanted)
        }
        for reach in reaches { add(reach, nodeOfCell, plan, problem) }
    }

    private mutating func addNode() -> Int {
        first.append(-1)
        return first.count - 1
    }

    private mutating func addArc(_ tail: Int, _ head: Int, _ capacity: Int) {
        for (from, to, amount) in [(tail, head, capacity), (head, tail, 0)] {
            heads.append(Int32(to))
            capacities.append(Int32(clamping: amount))
            next.append(first[from])
            first[from] = Int32(heads.count - 1)
        }
    }

    /// The arcs that an operator's next slot is reached by.
    private struct Way {
        var week = -1
        var day = -1
        var weekArc = -1
        var dayArc = -1
        var slotArc = -1
        var slot = -1
        var isExempt = false
    }

    private mutating func add(
        _ reach: OperatorReach, _ nodeOfCell: [Int32], _ plan: PlacementTable, _ problem: PlanningProblem
    ) {
        var way = Way()
        for place in reach.places {
            let cell = nodeOfCell[place.queue * problem.calendar.count + place.slot]
            guard cell >= 0 else { continue }
            if place.slot != way.slot { open(place.slot, &way, reach.caps, problem.calendar) }
            addArc(Int(cell), Int(heads[way.slotArc ^ 1]), 1)
            if plan.queue(of: reach.person, at: place.slot) == place.queue {
                let own = [sourceArc[Int(cell) - 2], heads.count - 2, way.slotArc]
                send(way.isExempt ? own : own + [way.dayArc, way.weekArc])
            }
        }
    }

    private mutating func open(_ slot: Int, _ way: inout Way, _ caps: HourCaps, _ calendar: SlotCalendar) {
        way.slot = slot
        way.isExempt = caps.isExempt(slot)
        let node = addNode()
        way.slotArc = heads.count
        guard !way.isExempt else {
            addArc(node, Self.sink, 1)
            return
        }
        if calendar.weekOfSlot[slot] != way.week {
            way.week = calendar.weekOfSlot[slot]
            way.weekArc = heads.count
            addArc(addNode(), Self.sink, caps.inWeek(way.week))
        }
        if calendar.dayOfSlot[slot] != way.day {
            way.day = calendar.dayOfSlot[slot]
            way.dayArc = heads.count
            addArc(addNode(), Int(heads[way.weekArc ^ 1]), caps.onDay(way.day))
        }
        way.slotArc = heads.count
        addArc(node, Int(heads[way.dayArc ^ 1]), 1)
    }

    /// Sends one operator along some arcs, if each has room.
    private mutating func send(_ arcs: [Int]) {
        guard arcs.allSatisfy({ capacities[$0] > 0 }) else { return }
        for arc in arcs {
            capacities[arc] -= 1
            capacities[arc ^ 1] += 1
        }
    }

    // MARK: Flow

    /// Wants so many operators more in a cell, by its place in the list of cells.
    mutating func want(_ index: Int, _ operators: Int) {
        capacities[sourceArc[index]] += Int32(clamping: operators)
    }

    /// Wants no more in a cell than it has.
    ///
    /// - Returns: What was unmet.
    mutating func giveUp(_ index: Int) -> Int {
        defer { capacities[sourceArc[index]] = 0 }
        return unmet(index)
    }

    /// What a cell wants and has not.
    func unmet(_ index: Int) -> Int { Int(capacities[sourceArc[index]]) }

    /// Fills the network.
    mutating func fill() {
        while layer() {
            current = first
            while push() {}
        }
    }

    /// Counts how far each node is from the source, up to the sink; false if that is out of reach.
    private mutating func layer() -> Bool {
        level = [Int32](repeating: -1, count: first.count)
        level[Self.source] = 0
        var queue = [Self.source]
        var index = 0
        while index < queue.count {
            let node = queue[index]
            index += 1
            var arc = first[node]
            while arc >= 0 {
                let head = Int(heads[Int(arc)])
                if capacities[Int(arc)] > 0, level[head] < 0 {
                    level[head] = level[node] + 1
                    if head == Self.sink { return true }
                    queue.append(head)
                }
                arc = next[Int(arc)]
            }
        }
        return false
    }

    /// Sends one operator from the source to the sink along the layers; false if there is no way.
    private mutating func push() -> Bool {
        var path: [Int] = []
        var node = Self.source
        while node != Self.sink {
            var arc = Int(current[node])
            while arc >= 0, capacities[arc] <= 0 || level[Int(heads[arc])] != level[node] + 1 { arc = Int(next[arc]) }
            current[node] = Int32(arc)
            if arc >= 0 {
                path.append(arc)
                node = Int(heads[arc])
            } else {
                // A dead end: back, and not here again.
                guard let last = path.popLast() else { return false }
                node = Int(heads[last ^ 1])
                current[node] = next[last]
            }
        }
        send(path)
        return true
    }

    /// The cells, by their places in the list, that compete with some unmet ones: any of them could be unmet instead.
    func competing(with indices: [Int]) -> [Int] {
        var isSeen = [Bool](repeating: false, count: first.count)
        isSeen[Self.source] = true
        isSeen[Self.sink] = true
        // Cells' nodes come right after the source and the sink.
        var queue = indices.map { $0 + 2 }
        for node in queue { isSeen[node] = true }
        var index = 0
        while index < queue.count {
            var arc = first[queue[index]]
            index += 1
            while arc >= 0 {
                let head = Int(heads[Int(arc)])
                if capacities[Int(arc)] > 0, !isSeen[head] {
                    isSeen[head] = true
                    queue.append(head)
                }
                arc = next[Int(arc)]
            }
        }
        return queue.filter { $0 < cells.count + 2 }.map { $0 - 2 }.sorted()
    }
}

/// The rows that the operators of a week, or the people of a roster, have found so far, and what share of each they take.
///
/// Shares, not choices: at good prices several rows of an operator cost the same, and only a mixture of them staffs
/// cells just as they want it. An operator who has chosen takes the whole of one row from then on.
struct RowShares: ~Copyable {
    /// One operator's row.
    struct Known {
        /// Beside what prices say.
        let cost: Int
        /// How many cells it has.
        let count: Int
        /// What it takes of its library's slots.
        let slots: Int
        var share: Double
    }

    /// Rows that an operator keeps at most; of those without a share the dearest goes first.
    private let most: Int

    private let library: FlatStore<Int>
    /// For each operator of the week their rows; a row's cells are in ``cells``, at its place times ``longest``.
    private let known: FlatStore<Known>
    private let knownCount: FlatStore<Int32>
    private let cells: FlatStore<Int32>
    private let longest: Int
    /// Which row an operator has chosen, -1 for none yet.
    private let chosen: FlatStore<Int32>
    private var chosenCount = 0
    /// Where two rows differ: how many more the second has in a cell.
    private let difference: FlatStore<Int8>
    /// How many operators the shares put in each cell.
    let given: FlatStore<Double>
    /// How many slots of each library the shares fill.
    let givenByLibrary: FlatStore<Double>

    /// - Parameters:
    ///   - people: For each operator their library; an operator is told by the place here.
    ///   - longest: The most cells that a row can have.
    ///   - count: How many cells there are.
    ///   - libraries: How many libraries there are.
    ///   - most: Rows that an operator keeps at most.
    init(people: [Int], longest: Int, cells count: Int, libraries: Int, keeping most: Int) {
        self.most = most
        self.longest = longest
        library = FlatStore(people)
        known = FlatStore(count: people.count * most, repeating: Known(cost: 0, count: 0, slots: 0, share: 0))
        knownCount = FlatStore(count: people.count, repeating: 0)
        cells = FlatStore(count: people.count * most * longest, repeating: 0)
        chosen = FlatStore(count: people.count, repeating: -1)
        difference = FlatStore(count: count, repeating: 0)
        given = FlatStore(count: count, repeating: 0)
        givenByLibrary = FlatStore(count: libraries, repeating: 0)
    }

    func count(of place: Int) -> Int { Int(knownCount[place]) }

    func share(of place: Int, _ number: Int) -> Double { known[place * most + number].share }

    func hasChosen(_ place: Int) -> Bool { chosen[place] >= 0 }

    /// What an operator's rows cost beside what prices say, by their shares.
    func cost(of place: Int) -> Double {
        (0..<count(of: place)).reduce(0.0) { sum, number in
            let row = known[place * most + number]
            return sum + row.share * Double(row.cost)
        }
    }

    /// Whether an operator knows a row.
    func knows(_ row: [Int], of place: Int) -> Bool {
        (0..<count(of: place)).contains { number in
            let index = place * most + number
            guard known[index].count == row.count else { return false }
            for (offset, cell) in row.enumerated() where Int(cells[index * longest + offset]) != cell { return false }
            return true
        }
    }

    /// Lets everybody share themselves again.
    mutating func reopen() {
        for place in 0..<chosen.count { chosen[place] = -1 }
        chosenCount = 0
    }

    /// Adds a row; the first one of an operator is taken wholly.
    ///
    /// - Parameters:
    ///   - row: Its cells.
    ///   - cost: What it costs beside what prices say.
    ///   - slots: What it takes of its library's.
    ///   - place: The operator.
    ///   - units: What a known row of the operator's costs with prices.
    /// - Returns: Its number among the operator's, nil where there is no room.
    func add(_ row: [Int], costing cost: Int, slots: Int, of place: Int, units: (Int) -> Int) -> Int? {
        guard row.count <= longest, let number = room(place, units) else { return nil }
        let isFirst = knownCount[place] == 0
        knownCount[place] = max(knownCount[place], Int32(number + 1))
        let index = place * most + number
        known[index] = Known(cost: cost, count: row.count, slots: slots, share: isFirst ? 1 : 0)
        for (offset, cell) in row.enumerated() { cells[index * longest + offset] = Int32(cell) }
        if isFirst {
            for cell in row { given[cell] += 1 }
            givenByLibrary[library[place]] += Double(slots)
        }
        return number
    }

    private func room(_ place: Int, _ units: (Int) -> Int) -> Int? {
        guard knownCount[place] == most else { return Int(knownCount[place]) }
        var (dearest, found): (Int, Int?) = (.min, nil)
        for number in 0..<most where known[place * most + number].share <= 0 {
            let units = units(number)
            if units > dearest { (dearest, found) = (units, number) }
        }
        return found
    }

    /// What a row costs with the prices of its cells and of its library's slots.
    @inline(__always)
    func units(of place: Int, _ number: Int, _ prices: borrowing FlatStore<Int>, perSlot: Int) -> Int {
        let index = place * most + number
        var sum = known[index].cost + perSlot * known[index].slots
        for offset in range(index) { sum += prices[Int(cells[offset])] }
        return sum
    }

    /// The cells of the row that an operator takes most of.
    func favourite(of place: Int) -> [Int] {
        range(place * most + greatest(place)).map { Int(cells[$0]) }
    }

    private func greatest(_ place: Int) -> Int {
        (0..<count(of: place)).max { share(of: place, $0) < share(of: place, $1) } ?? 0
    }

    @inline(__always)
    private func range(_ index: Int) -> Range<Int> { index * longest..<index * longest + known[index].count }

    /// How prices follow what is given.
    struct Stiffness: Sendable {
        /// How much one operator more in a cell is dearer for it, in units.
        var cells: Double
        /// The same for a slot more of a library.
        var libraries: Double
    }

    /// The ends between which a share may move: the cheapest row, and the dearest of those with a share.
    struct Ends {
        var least = Int.max
        var cheapest = -1
        fileprivate(set) var most = Int.min
        fileprivate(set) var dearest = -1
    }

    /// Where an operator's share may move from and to at some prices.
    func ends(of place: Int, _ prices: borrowing FlatStore<Int>, perSlot: Int) -> Ends {
        var ends = Ends()
        for number in 0..<count(of: place) {
            let units = units(of: place, number, prices, perSlot: perSlot)
            if units < ends.least { (ends.least, ends.cheapest) = (units, number) }
            if units > ends.most, share(of: place, number) > 0 { (ends.most, ends.dearest) = (units, number) }
        }
        return ends
    }

    /// Moves an operator's share from the dearest row that has one to the cheapest, prices following at once.
    func move(_ place: Int, _ ends: Ends, _ prices: borrowing SharePrices, _ stiffness: Stiffness) {
        guard ends.most > ends.least, ends.dearest >= 0, ends.cheapest >= 0 else { return }
        shift(place, from: ends.dearest, to: ends.cheapest, excess: ends.most - ends.least, stiffness) {
            prices.now[$0] = prices.price($0, given: given[$0], stiffness: stiffness.cells)
        }
    }

    /// Moves an operator's share from one row to another, as far as makes them cost the same if all prices follow.
    ///
    /// - Parameters:
    ///   - place: The operator.
    ///   - old: The row to take less of, which costs more.
    ///   - new: The row to take more of.
    ///   - excess: How much more.
    ///   - stiffness: How prices follow.
    ///   - changed: Told each cell in which there are more or fewer now.
    private func shift(
        _ place: Int, from old: Int, to new: Int, excess: Int, _ stiffness: Stiffness,
        changed: (Int) -> Void
    ) {
        let (old, new) = (place * most + old, place * most + new)
        for offset in range(old) { difference[Int(cells[offset])] -= 1 }
        for offset in range(new) { difference[Int(cells[offset])] += 1 }
        let more = Double(known[new].slots - known[old].slots)
        var slope = stiffness.libraries * more * more
        for row in [old, new] {
            for offset in range(row) where difference[Int(cells[offset])] != 0 { slope += stiffness.cells }
        }
        let moved = min(known[old].share, Double(excess) / max(1, slope))
        known[old].share -= moved
        known[new].share += moved
        givenByLibrary[library[place]] += moved * more
        for row in [old, new] {
            for offset in range(row) {
                let cell = Int(cells[offset])
                guard difference[cell] != 0 else { continue }
                given[cell] += Double(difference[cell]) * moved
                difference[cell] = 0
                changed(cell)
            }
        }
    }

    /// Has operators choose the row that they take most of, those with the clearest choice first.
    ///
    /// - Parameters:
    ///   - count: How many shall have chosen.
    ///   - random: Decides between those whose choice is about as clear.
    mutating func choose(_ count: Int, _ random: inout SeededRandom) {
        var open: [(share: Double, place: Int, row: Int)] = []
        for place in 0..<chosen.count where chosen[place] < 0 {
            let row = greatest(place)
            open.append((share(of: place, row) + Double(random.below(1024)) / 20_480, place, row))
        }
        open.sort { ($0.share, $1.place) > ($1.share, $0.place) }
        for (_, place, row) in open.prefix(max(0, count - chosenCount)) {
            chosen[place] = Int32(row)
            chosenCount += 1
            for other in 0..<self.count(of: place) where other != row && share(of: place, other) > 0 {
                shift(place, from: other, to: row, excess: .max, Stiffness(cells: 0, libraries: 0)) { _ in }
            }
        }
    }
}

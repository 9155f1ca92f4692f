extension RosterRowSolver {
    /// One shortest path, the types in ``counted`` counted and the others' limits not looked at.
    ///
    /// - Returns: Its cost, the row in ``found`` and its shifts by type in ``worked``; nil where there is none.
    mutating func shortestPath(_ path: RosterPath, _ costs: borrowing FlatStore<Int32>) -> Int? {
        let vectors = Vectors(path, counted, stride: stride, tables.kinds.count, tables.families)
        let needed = (path.days.count + 1) * path.states * vectors.size
        if labels.count < needed { labels = FlatStore(count: needed + needed / 4, repeating: 0) }
        if joined.count < vectors.size { joined = FlatStore(count: vectors.size * 2, repeating: 0) }
        // A bit a state and day would do; states by runs, each a word of families, are simpler to walk.
        let words = 1 + path.mostRun
        reached.removeAll(keepingCapacity: true)
        reached.append(contentsOf: repeatElement(0, count: (path.days.count + 1) * words))
        begin(path, vectors, words)
        for step in 0..<path.days.count { advance(step, path, vectors, words, costs) }
        return trace(path, vectors, words, costs)
    }

    /// How the labels of one node lie in memory: for each count of the counted types, for each number of weekends, a
    /// stride of minutes.
    struct Vectors {
        let stride: Int
        let weekends: Int
        let blocks: Int
        /// For each counted type how far apart its counts lie, in blocks.
        let strides: [Int]
        let mosts: [Int]
        var block: Int { weekends * stride }
        var size: Int { blocks * weekends * stride }

        init(_ path: RosterPath, _ counted: [(shift: Int, most: Int)], stride: Int, _ kinds: Int, _ families: Int) {
            self.stride = stride
            weekends = path.mostWeekends + 1
            var blocks = 1
            var strides: [Int] = []
            for (_, most) in counted {
                strides.append(blocks)
                blocks *= most + 1
            }
            self.blocks = blocks
            self.strides = strides
            mosts = counted.map(\.most)
        }
    }

    private func wordAndBit(_ state: Int, _ path: RosterPath) -> (word: Int, bit: UInt64) {
        if state < path.daysOff { return (0, 1 << UInt64(min(state, 63))) }
        let (above, family) = (state - path.daysOff).quotientAndRemainder(dividingBy: path.families)
        return (1 + above, 1 << UInt64(family))
    }

    private mutating func begin(_ path: RosterPath, _ vectors: Vectors, _ words: Int) {
        let base = path.start * vectors.size
        labels.fill(base..<base + vectors.size, with: Self.unreached)
        labels[base] = 0
        let (word, bit) = wordAndBit(path.start, path)
        reached[word] |= bit
    }

    /// The place of a state's vector after so many days, cleared if it is reached for the first time.
    @inline(__always)
    private mutating func touch(_ step: Int, _ state: Int, _ path: RosterPath, _ vectors: Vectors, _ words: Int) -> Int
    {
        let base = (step * path.states + state) * vectors.size
        let (word, bit) = wordAndBit(state, path)
        if reached[step * words + word] & bit == 0 {
            reached[step * words + word] |= bit
            labels.fill(base..<base + vectors.size, with: Self.unreached)
        }
        return base
    }

    private mutating func advance(
        _ step: Int, _ path: RosterPath, _ vectors: Vectors, _ words: Int, _ costs: borrowing FlatStore<Int32>
    ) {
        let day = path.days.lowerBound + step
        let rise = lowest[step + 1] - lowest[step]
        setKindCosts(day, costs)
        let pin = pinned[day]
        // Days off.
        for state in 0..<path.daysOff where pin < 0 {
            guard reached[step * words] >> UInt64(min(state, 63)) & 1 == 1 else { continue }
            let source = (step * path.states + state) * vectors.size
            let target = touch(step + 1, min(state + 1, path.daysOff - 1), path, vectors, words)
            lower(target, source, nil, weekend: 0, minutes: -rise, cost: 0, vectors)
        }
        let weekendFromOff = day % 7 >= 5 ? 1 : 0
        let weekendFromWork = day % 7 == 5 ? 1 : 0
        if reached[step * words] >> UInt64(min(path.daysOff - 1, 63)) & 1 == 1, path.mostRun > 0 {
            let source = (step * path.states + path.daysOff - 1) * vectors.size
            work(step, run: 0, from: source, mask: nil, weekendFromOff, path, vectors, words)
        }
        for run in 1..<max(1, path.mostRun + 1) {
            let families = reached[step * words + run]
            guard families != 0 else { continue }
            let base = (step * path.states + path.daysOff + (run - 1) * path.families) * vectors.size
            if pin < 0, day > 0, path.mayEnd(run: run, on: day - 1) {
                let target = touch(step + 1, 0, path, vectors, words)
                var rest = families
                while rest != 0 {
                    let family = rest.trailingZeroBitCount
                    rest &= rest - 1
                    lower(target, base + family * vectors.size, nil, weekend: 0, minutes: -rise, cost: 0, vectors)
                }
            }
            guard run < path.mostRun else { continue }
            extend(step, run: run, families, weekendFromWork, path, vectors, words)
        }
        clearGuards(step + 1, path, vectors, words)
    }

    /// Goes on from runs of one length.
    @inline(__always)
    private mutating func extend(
        _ step: Int, run: Int, _ families: UInt64, _ weekend: Int, _ path: RosterPath, _ vectors: Vectors, _ words: Int
    ) {
        let base = (step * path.states + path.daysOff + (run - 1) * path.families) * vectors.size
        var gathered: UInt64 = 0
        for mask in 0..<tables.masks.count where usedMasks >> UInt64(mask) & 1 == 1 {
            let sources = tables.masks[mask] & families
            guard sources != 0 else { continue }
            if sources.nonzeroBitCount == 1 {
                let source = base + sources.trailingZeroBitCount * vectors.size
                work(step, run: run, from: source, mask: mask, weekend, path, vectors, words)
                continue
            }
            if gathered == 0 || gathered & ~sources != 0 {
                joined.fill(0..<vectors.size, with: Self.unreached)
                gathered = 0
            }
            var rest = sources & ~gathered
            gathered = sources
            while rest != 0 {
                let family = rest.trailingZeroBitCount
                rest &= rest - 1
                joined.lower(at: 0, to: base + family * vectors.size, of: labels, adding: 0, count: vectors.size)
            }
            work(step, run: run, from: nil, mask: mask, weekend, path, vectors, words)
        }
    }

    /// All shifts that may come next.
    private mutating func work(
        _ step: Int, run: Int, from source: Int?, mask: Int?, _ weekend: Int, _ path: RosterPath, _ vectors: Vectors,
        _ words: Int
    ) {
        guard weekend < vectors.weekends else { return }
        let rise = lowest[step + 1] - lowest[step]
        let base = path.daysOff + run * path.families
        for index in 0..<tables.kindMask.count {
            let cost = kindCosts[index]
            guard cost < Self.reachedBelow else { continue }
            if let mask, tables.kindMask[index] != mask { continue }
            let target = touch(step + 1, base + tables.kindFamily[index], path, vectors, words)
            lower(target, source, nil, weekend: weekend, minutes: tables.kindUnits[index] - rise, cost: cost, vectors)
        }
        for (index, type) in counted.enumerated() {
            let cost = kindCosts[tables.kinds.count + index]
            guard cost < Self.reachedBelow else { continue }
            let kind = tables.kindOf[type.shift]
            if let mask, tables.kindMask[kind] != mask { continue }
            let target = touch(step + 1, base + tables.kindFamily[kind], path, vectors, words)
            lower(target, source, index, weekend: weekend, minutes: tables.kindUnits[kind] - rise, cost: cost, vectors)
        }
    }

    /// Lowers one vector to another, moved by what an arc uses of the resources.
    @inline(__always)
    private func lower(
        _ target: Int, _ source: Int?, _ type: Int?, weekend: Int, minutes: Int, cost: Int32, _ vectors: Vectors
    ) {
        let length = vectors.block - weekend * vectors.stride - abs(minutes)
        let from = (source ?? 0) + max(0, -minutes)
        let to = target + weekend * vectors.stride + max(0, minutes)
        if vectors.blocks == 1 {
            lowerOne(to, from, source == nil, cost, length)
            return
        }
        for block in 0..<vectors.blocks {
            var next = block
            if let type {
                guard block / vectors.strides[type] % (vectors.mosts[type] + 1) < vectors.mosts[type] else { continue }
                next += vectors.strides[type]
            }
            lowerOne(to + next * vectors.block, from + block * vectors.block, source == nil, cost, length)
        }
    }

    @inline(__always)
    private func lowerOne(_ to: Int, _ from: Int, _ isJoined: Bool, _ cost: Int32, _ length: Int) {
        if isJoined {
            labels.lower(at: to, to: from, of: joined, adding: cost, count: length)
        } else {
            labels.lower(at: to, to: from, of: labels, adding: cost, count: length)
        }
    }

    /// What was moved beyond the band's ends must not come back in.
    private mutating func clearGuards(_ step: Int, _ path: RosterPath, _ vectors: Vectors, _ words: Int) {
        let band = highest[step] - lowest[step] + 1
        guard band < vectors.stride else { return }
        for state in 0..<path.states {
            let (word, bit) = wordAndBit(state, path)
            guard reached[step * words + word] & bit != 0 else { continue }
            var row = (step * path.states + state) * vectors.size
            for _ in 0..<vectors.blocks * vectors.weekends {
                labels.fill(row + band..<row + vectors.stride, with: Self.unreached)
                row += vectors.stride
            }
        }
    }

    /// The least cost on a day of the types that differ in nothing else; counted types stand for themselves.
    private mutating func setKindCosts(_ day: Int, _ costs: borrowing FlatStore<Int32>) {
        for index in 0..<tables.kindMask.count + counted.count { kindCosts[index] = Self.unreached }
        usedMasks = 0
        let base = day * tables.shiftCount
        let pin = Int(pinned[day])
        if pin == -1 { return }
        for shift in (pin < 0 ? 0 : pin)..<(pin < 0 ? tables.shiftCount : pin + 1) where left[shift] > 0 {
            let cost = pin < 0 ? costs[base + shift] : 0
            guard cost < Self.reachedBelow else { continue }
            let kind = tables.kindOf[shift]
            usedMasks |= 1 << UInt64(tables.kindMask[kind])
            if !counted.isEmpty, let index = counted.firstIndex(where: { $0.shift == shift }) {
                kindCosts[tables.kinds.count + index] = cost
            } else {
                kindCosts[kind] = min(kindCosts[kind], cost + surcharge[shift])
            }
        }
    }
}

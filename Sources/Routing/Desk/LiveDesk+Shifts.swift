import Coverage

/// Who is on shift, and who of them is missing.
extension LiveDesk {
    /// A moment at which the plan changes something.
    struct ShiftTurn: Sendable {
        var at: Instant
        var shift: Shift
    }

    /// Arranges the book's shifts from the present on.
    mutating func startTurns() {
        turns = book.shifts.filter { $0.during.upperBound > now }.flatMap { shift in
            [shift.during.lowerBound, missedAt(shift), shift.during.upperBound].map { ShiftTurn(at: $0, shift: shift) }
        }.filter { $0.at > now }.sorted { $0.at < $1.at }
        nextTurn = 0
        onShift = [:]
        onShiftByQueue = [:]
        shiftsByOperator = Dictionary(
            grouping: book.shifts.filter { $0.during.upperBound > now }, by: \.operator)
        for shift in book.shifts where shift.during.contains(now) { begin(shift) }
    }

    private mutating func begin(_ shift: Shift) {
        onShift[shift.operator, default: []].insert(shift.queue)
        onShiftByQueue[shift.queue, default: []].insert(shift.operator)
    }

    private mutating func end(_ shift: Shift) {
        onShift[shift.operator]?.remove(shift.queue)
        if onShift[shift.operator]?.isEmpty == true { onShift[shift.operator] = nil }
        onShiftByQueue[shift.queue]?.remove(shift.operator)
    }

    /// When an operator who is on shift goes, by the plan: a shift that begins where another on the same queue ends
    /// is the same one to those who wait.
    ///
    /// - Returns: Nil for who is not on shift.
    func shiftEnd(of id: Operator.ID) -> Instant? {
        guard let shifts = shiftsByOperator[id], onShift[id] != nil else { return nil }
        return shifts.filter { $0.during.contains(now) }.map { first in
            shifts.reduce(first.during.upperBound) { end, next in
                next.queue == first.queue && next.during.lowerBound == end ? next.during.upperBound : end
            }
        }.max()
    }

    private func missedAt(_ shift: Shift) -> Instant {
        shift.during.lowerBound.advanced(bySeconds: Int64(book.gapAfterSeconds))
    }

    /// Lets shifts begin and end up to now, and those who are present change their rung by them.
    mutating func takeTurns() {
        guard nextTurn < turns.count, turns[nextTurn].at <= now else { return }
        var ending: [Shift] = []
        var beginning: [Shift] = []
        var touched: Set<Operator.ID> = []
        while nextTurn < turns.count, turns[nextTurn].at <= now {
            let turn = turns[nextTurn]
            touched.insert(turn.shift.operator)
            if turn.at == turn.shift.during.upperBound {
                ending.append(turn.shift)
            } else if turn.at == turn.shift.during.lowerBound {
                beginning.append(turn.shift)
            }
            nextTurn += 1
        }
        for shift in ending { end(shift) }
        for shift in beginning where shift.during.upperBound > now { begin(shift) }
        var queues: Set<Queue.ID> = []
        for id in touched.sorted() {
            queues.formUnion(self.queues(of: id))
            if let slot = slotNumbers[id] { rejoin(slot) }
        }
        for id in touched.sorted() {
            reviewGaps(of: id)
            findWork(for: id)
        }
        lookWhereEmptied(queues.sorted())
    }

    // MARK: Live gaps

    mutating func reviewGaps() {
        let ids = Set(gaps.map(\.operator)).union(onShift.keys)
        for id in ids.sorted() { reviewGaps(of: id) }
    }

    /// Opens and closes the gaps of one operator.
    mutating func reviewGaps(of id: Operator.ID) {
        guard !gaps.isEmpty || onShift[id] != nil else { return }
        let isThere = operatorNow(id).map { $0.graceUntil == nil } ?? false
        let wanted: Set<LiveGap> =
            isThere || onShift[id] == nil
            ? []
            : Set(
                book.shifts.filter { $0.operator == id && $0.during.contains(now) && missedAt($0) <= now }
                    .map { LiveGap(queue: $0.queue, operator: id, shift: $0.during) })
        let open = gaps.filter { $0.operator == id }
        guard open != wanted else { return }
        if changes.gapsBefore == nil { changes.gapsBefore = gaps }
        for gap in open.subtracting(wanted).sorted(by: LiveGap.precedes) {
            gaps.remove(gap)
            tell(.gapClosed(shift: gap.shift), operator: id, queue: gap.queue)
        }
        for gap in wanted.subtracting(open).sorted(by: LiveGap.precedes) {
            gaps.insert(gap)
            tell(.gapOpened(shift: gap.shift), operator: id, queue: gap.queue)
        }
    }
}

extension LiveGap {
    static func precedes(_ left: LiveGap, _ right: LiveGap) -> Bool {
        left.queue == right.queue
            ? left.shift.lowerBound < right.shift.lowerBound : left.queue < right.queue
    }
}

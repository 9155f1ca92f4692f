import Coverage

/// Who could take a session of a queue, the best first, without looking at everybody.
extension LiveDesk {
    /// On shift for a queue, or present and willing though off shift.
    enum Standpoint: Hashable, Sendable {
        case onShift, overflow
    }

    /// The operators of a heap: at a queue, by standpoint; only those of a library or with a language, if one is named.
    struct HeapKey: Hashable, Sendable {
        var queue: Queue.ID
        var standpoint: Standpoint
        var library: Library.ID?
        var language: String?
    }

    struct MemberKey: Hashable, Sendable {
        var queue: Queue.ID
        var standpoint: Standpoint
    }

    /// A present operator, with where the index has them.
    struct OperatorSlot: Sendable {
        var standing: PresentOperator
        var library: Library.ID
        var queues: [MemberKey] = []
        var heaps: [Int] = []
        /// What the heaps have counted of the operator.
        var isCountedPresent = false
        var isCountedFree = false
        var countedSeats = 0
        /// The pool of those who answer the same queues, and what it has counted of the operator.
        var pool: Int?
        var countedFreeSeats = 0
        var countedHeld: [Queue.ID] = []
        /// Entries in heaps with another stamp are outdated; it never falls, whoever has the slot.
        var stamp: UInt64 = 0
    }

    func operatorNow(_ id: Operator.ID) -> PresentOperator? {
        slotNumbers[id].map { slots[$0].standing }
    }

    /// Takes in an operator, or puts another standing in the place of the old one.
    mutating func place(_ standing: PresentOperator) {
        let id = standing.presence.operator
        let library = book.operators[id]?.library ?? Library.ID("")
        if let slot = slotNumbers[id] {
            slots[slot].standing = standing
            rejoin(slot)
            return
        }
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            slots[slot].standing = standing
            slots[slot].library = library
        } else {
            slot = slots.count
            slots.append(OperatorSlot(standing: standing, library: library))
        }
        slotNumbers[id] = slot
        rejoin(slot)
    }

    mutating func removeSlot(of id: Operator.ID) {
        guard let slot = slotNumbers.removeValue(forKey: id) else { return }
        leaveHeaps(slot)
        slots[slot].stamp += 1
        freeSlots.append(slot)
    }

    /// Changes an operator's seats or times, but not what the operator answers; notes the change.
    mutating func updateSeats(of slot: Int, _ change: (inout PresentOperator) -> Void) {
        noteChange(of: slots[slot].standing.presence.operator)
        change(&slots[slot].standing)
        refresh(slot)
    }

    /// Puts an operator into the heaps of what they answer now.
    mutating func rejoin(_ slot: Int) {
        leaveHeaps(slot)
        let queues = queuesAnswered(by: slots[slot].standing.presence)
        slots[slot].queues = queues
        slots[slot].library = book.operators[slots[slot].standing.presence.operator]?.library ?? slots[slot].library
        for key in queues { members[key, default: []].append(slot) }
        let languages: [String?] = [nil] + slots[slot].standing.presence.languages.sorted()
        for key in queues {
            for library in [nil, slots[slot].library] {
                for language in languages {
                    slots[slot].heaps.append(
                        heapNumber(
                            HeapKey(
                                queue: key.queue, standpoint: key.standpoint, library: library, language: language)))
                }
            }
        }
        joinPool(slot)
        refresh(slot)
    }

    private mutating func leaveHeaps(_ slot: Int) {
        leavePool(slot)
        count(slot, isPresent: false, isFree: false, seats: 0)
        slots[slot].heaps = []
        for key in slots[slot].queues { members[key]?.removeAll { $0 == slot } }
        slots[slot].queues = []
    }

    /// Brings the heaps to what an operator's seats and times are now.
    ///
    /// - Complexity: O(heaps of the operator × log n)
    mutating func refresh(_ slot: Int) {
        let standing = slots[slot].standing
        let isPresent = standing.graceUntil == nil && standing.presence.availability != .away
        let isFree = standing.canTakeOneMore
        count(slot, isPresent: isPresent, isFree: isFree, seats: isPresent ? standing.presence.seats : 0)
        recountPool(of: slot)
        slots[slot].stamp += 1
        guard isFree else { return }
        let entry = CandidateHeap.Entry(
            load: standing.claimedCount * CandidateHeap.loadUnit / standing.presence.seats,
            idleSince: standing.idleSince, slot: slot, stamp: slots[slot].stamp)
        for heap in slots[slot].heaps {
            heaps[heap].push(entry)
            if heaps[heap].isOvergrown {
                heaps[heap].removeAll { [slots] in slots[$0.slot].stamp != $0.stamp }
            }
        }
    }

    private mutating func count(_ slot: Int, isPresent: Bool, isFree: Bool, seats: Int) {
        let present = (isPresent ? 1 : 0) - (slots[slot].isCountedPresent ? 1 : 0)
        let free = (isFree ? 1 : 0) - (slots[slot].isCountedFree ? 1 : 0)
        let seated = seats - slots[slot].countedSeats
        slots[slot].isCountedPresent = isPresent
        slots[slot].isCountedFree = isFree
        slots[slot].countedSeats = seats
        guard present != 0 || free != 0 || seated != 0 else { return }
        for heap in slots[slot].heaps {
            heaps[heap].presentCount += present
            heaps[heap].freeCount += free
            heaps[heap].seatCount += seated
        }
    }

    private mutating func heapNumber(_ key: HeapKey) -> Int {
        if let number = heapNumbers[key] { return number }
        heaps.append(CandidateHeap())
        heapNumbers[key] = heaps.count - 1
        return heaps.count - 1
    }

    /// The queues that a presence answers by skill, channel and choice, each as the plan and the will have it.
    private func queuesAnswered(by presence: Presence) -> [MemberKey] {
        let shiftQueues = onShift[presence.operator] ?? []
        let candidates = presence.queues.map { $0.sorted() } ?? book.queues.keys.sorted()
        return candidates.compactMap { id in
            guard let entry = book.queues[id], presence.channels.contains(entry.queue.channel),
                book.canAnswer(presence.operator, id)
            else { return nil }
            if shiftQueues.contains(id) { return MemberKey(queue: id, standpoint: .onShift) }
            guard shiftQueues.isEmpty, presence.isWilling else { return nil }
            return MemberKey(queue: id, standpoint: .overflow)
        }
    }

    /// The best operator of a heap whom `isSkipped` lets through; those it does not stay in the heap.
    ///
    /// - Complexity: O(log n) for each operator skipped and each outdated entry.
    mutating func best(in key: HeapKey, isSkipped: (Int) -> Bool) -> Int? {
        guard let number = heapNumbers[key] else { return nil }
        var skipped: [CandidateHeap.Entry] = []
        defer { for entry in skipped { heaps[number].push(entry) } }
        while let entry = heaps[number].popFirst() {
            guard slots[entry.slot].stamp == entry.stamp else { continue }
            skipped.append(entry)
            if !isSkipped(entry.slot) { return entry.slot }
        }
        return nil
    }

    func heap(_ key: HeapKey) -> CandidateHeap? {
        heapNumbers[key].map { heaps[$0] }
    }
}

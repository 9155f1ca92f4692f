/// What is to happen later: the earliest first, and of what is due together that which was noted first.
struct Agenda<Item: Sendable>: Sendable {
    private struct Entry {
        let time: Duration
        let order: Int
        let item: Item

        func precedes(_ other: Entry) -> Bool { time == other.time ? order < other.order : time < other.time }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var lastOrder = 0

    mutating func note(_ item: Item, at time: Duration) {
        lastOrder += 1
        entries.append(Entry(time: time, order: lastOrder, item: item))
        var index = entries.count - 1
        while index > 0, entries[index].precedes(entries[(index - 1) / 2]) {
            entries.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes the first that is due, with the time at which it was to happen.
    ///
    /// - Complexity: O(log entries)
    mutating func takeNext(until now: Duration) -> (item: Item, time: Duration)? {
        guard let first = entries.first, first.time <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        sink()
        return (first.item, first.time)
    }

    private mutating func sink() {
        var index = 0
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < entries.count }
            guard let least = children.min(by: { entries[$0].precedes(entries[$1]) }),
                entries[least].precedes(entries[index])
            else { return }
            entries.swapAt(index, least)
            index = least
        }
    }
}

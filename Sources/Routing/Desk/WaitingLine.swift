/// Sessions of a queue in the order of their places.
struct WaitingLine: Sendable {
    struct Entry: Hashable, Sendable {
        var place: Session.Place
        var number: Session.Number

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            if left.place.isFront != right.place.isFront { return left.place.isFront }
            if left.place.since != right.place.since { return left.place.since < right.place.since }
            return left.number < right.number
        }
    }

    private(set) var entries: [Entry] = []

    /// - Complexity: O(1) at the end of the line, O(n) further in front.
    mutating func insert(_ entry: Entry) {
        entries.insert(entry, at: index(of: entry))
    }

    /// - Complexity: O(n)
    mutating func remove(_ entry: Entry) {
        let index = index(of: entry)
        guard index < entries.count, entries[index] == entry else { return }
        entries.remove(at: index)
    }

    /// How many are in front of it.
    ///
    /// - Complexity: O(log n)
    func index(of entry: Entry) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if Entry.precedes(entries[middle], entry) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

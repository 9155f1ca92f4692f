/// Operators with a free seat, the best first: the least loaded, then the longest idle.
///
/// A binary heap whose outdated entries are dropped when they come to the top: an operator's load changes with every
/// offer and end, and finding its old entry would cost more than leaving it. An entry holds while its stamp is its
/// operator's.
struct CandidateHeap: Sendable {
    struct Entry: Sendable {
        /// Claimed seats per seat, in parts of ``CandidateHeap/loadUnit``.
        var load: Int
        /// The smaller, the longer idle.
        var idleSince: Int64
        var slot: Int
        var stamp: UInt64

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            if left.load != right.load { return left.load < right.load }
            return left.idleSince == right.idleSince ? left.slot < right.slot : left.idleSince < right.idleSince
        }
    }

    /// Divisible by 1 to 16, so that loads compare as fractions do.
    static let loadUnit = 720_720

    private var entries: [Entry] = []
    /// Operators who are here and not away, busy ones too.
    var presentCount = 0
    /// Operators with a free seat.
    var freeCount = 0
    /// Seats of those who are present.
    var seatCount = 0

    /// Whether outdated entries are so many that they should be cleared out.
    var isOvergrown: Bool { entries.count > 2 * freeCount + 64 }

    /// - Complexity: O(log n)
    mutating func push(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Entry.precedes(entries[child], entries[parent]) else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    var first: Entry? { entries.first }

    /// - Complexity: O(log n)
    mutating func popFirst() -> Entry? {
        guard let top = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return top }
        entries[0] = last
        sink(0)
        return top
    }

    /// Keeps the entries that hold.
    ///
    /// - Complexity: O(n), paid for by as many pushes.
    mutating func removeAll(where isOutdated: (Entry) -> Bool) {
        entries.removeAll(where: isOutdated)
        for index in stride(from: entries.count / 2, through: 0, by: -1) where index < entries.count { sink(index) }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var best = parent
            for child in 2 * parent + 1...2 * parent + 2 where child < entries.count {
                if Entry.precedes(entries[child], entries[best]) { best = child }
            }
            guard best != parent else { return }
            entries.swapAt(parent, best)
            parent = best
        }
    }
}

/// Spans of time with the lines that state them, to find those that overlap.
struct SpanLedger<Key: Hashable, Bound: Comparable> {
    struct Overlap {
        /// The later line.
        let line: Int
        let earlierLine: Int
        let span: Range<Bound>
    }

    private struct Entry {
        let span: Range<Bound>
        let line: Int
    }

    private var entries: [Key: [Entry]] = [:]

    mutating func add(_ span: Range<Bound>, of key: Key, line: Int) {
        entries[key, default: []].append(Entry(span: span, line: line))
    }

    /// Each span that begins inside another of its key, with that one.
    ///
    /// - Returns: By line.
    /// - Complexity: n log n in the spans.
    func overlaps() -> [Overlap] {
        var found: [Overlap] = []
        for ofKey in entries.values {
            let sorted = ofKey.sorted {
                $0.span.lowerBound == $1.span.lowerBound
                    ? $0.line < $1.line : $0.span.lowerBound < $1.span.lowerBound
            }
            // The span seen so far that reaches farthest: whatever overlaps any overlaps it.
            var farthest: Entry?
            for entry in sorted {
                if let other = farthest, entry.span.lowerBound < other.span.upperBound {
                    let (later, earlier) = other.line < entry.line ? (entry, other) : (other, entry)
                    found.append(Overlap(line: later.line, earlierLine: earlier.line, span: earlier.span))
                }
                if entry.span.upperBound > farthest?.span.upperBound ?? entry.span.lowerBound { farthest = entry }
            }
        }
        return found.sorted { ($0.line, $0.earlierLine) < ($1.line, $1.earlierLine) }
    }
}

/// The word that somebody probably meant.
enum Nearest {
    /// The candidate that the fewest typing slips separate from a text; nil where none is near.
    ///
    /// - Complexity: the length of the text times that of all candidates: for short closed lists, not for ids.
    static func word(to text: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(text.lowercased().utf8.prefix(80))
        var best: (word: String, slips: Int)?
        for candidate in candidates {
            let limit = max(1, candidate.utf8.count / 3)
            let slips = slips(from: wanted, to: Array(candidate.lowercased().utf8))
            guard slips <= limit, slips < best?.slips ?? .max else { continue }
            best = (candidate, slips)
        }
        return best?.word
    }

    /// `expected one of red, yellow, green`, with the nearest first where there is one.
    static func remedy(for text: String, among candidates: [String]) -> String {
        let all = candidates.joined(separator: ", ")
        guard let nearest = word(to: text, among: candidates), candidates.count > 1 else {
            return candidates.count == 1 ? "expected \(all)" : "expected one of \(all)"
        }
        return "expected perhaps \(nearest), one of \(all)"
    }

    /// Insertions, deletions and replacements of one byte that turn one text into the other (Levenshtein's distance,
    /// by Wagner and Fischer's table of which only a row is kept).
    private static func slips(from left: [UInt8], to right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}

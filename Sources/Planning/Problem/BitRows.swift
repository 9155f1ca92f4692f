/// A table of bits, row by row: 64 to a word, each row beginning a word.
package struct BitRows: Hashable, Sendable {
    package let rows: Int
    package let columns: Int
    private let wordsPerRow: Int
    private var words: [UInt64]

    package init(rows: Int, columns: Int, repeating value: Bool = false) {
        self.rows = rows
        self.columns = columns
        wordsPerRow = (columns + 63) / 64
        words = [UInt64](repeating: value ? .max : 0, count: rows * wordsPerRow)
    }

    /// - Complexity: O(1)
    package subscript(row: Int, column: Int) -> Bool {
        get {
            precondition(column < columns)
            return words[row * wordsPerRow + column >> 6] >> UInt64(column & 63) & 1 == 1
        }
        set {
            precondition(column < columns)
            let bit: UInt64 = 1 << UInt64(column & 63)
            if newValue {
                words[row * wordsPerRow + column >> 6] |= bit
            } else {
                words[row * wordsPerRow + column >> 6] &= ~bit
            }
        }
    }
}

import Crypto
import PostgresClient

/// What the rows of a range come to: replicas compare it with their own.
package struct RangeDigest: Hashable, Sendable {
    package let range: KeyRange
    package let rows: Int
    /// The sum, modulo 2^64, of each row's first 8 bytes of SHA-256, most significant first.
    package let digest: UInt64

    /// A row's part of the sum.
    ///
    /// - Parameter line: The table's name and the fields in COPY's text form, with tabs between and no line break.
    /// - Returns: The first 8 bytes of its SHA-256, most significant first.
    package static func digest(ofLine line: some Sequence<UInt8>) -> UInt64 {
        SHA256.hash(data: Array(line)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Sums up rows that come in their key's order, and begins a new part after so many.
struct DigestSumming {
    private let range: KeyRange
    private let rowsEach: Int
    private let keyCount: Int
    private var parts: [RangeDigest] = []
    private var from: [String]?
    private var rows = 0
    private var sum: UInt64 = 0

    init(_ range: KeyRange, rowsEach: Int, keyCount: Int) {
        self.range = range
        self.rowsEach = rowsEach
        self.keyCount = keyCount
        from = range.from
    }

    mutating func add(_ row: PostgresCopyRow) throws(PostgresError) {
        if rows == rowsEach {
            // The table's name comes before the key.
            let key = Array(try row.texts(upTo: 1 + keyCount).dropFirst())
            endPart(at: key)
            from = key
        }
        rows += 1
        sum &+= RangeDigest.digest(ofLine: row.bytes.dropLast())
    }

    mutating func finish() -> [RangeDigest] {
        endPart(at: range.to)
        return parts
    }

    private mutating func endPart(at to: [String]?) {
        parts.append(RangeDigest(range: KeyRange(from: from, to: to), rows: rows, digest: sum))
        rows = 0
        sum = 0
    }
}

/// One column's value in a key.
package enum KeyValue: Hashable, Sendable, Codable {
    case text(String)
    case integer(Int64)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        }
    }

    /// The same as a column of a kind has it: a number may have come as text.
    package func of(_ kind: ReplicaTable.Kind) -> KeyValue? {
        switch (self, kind) {
        case (.text, .text), (.integer, .integer): self
        case (.text(let text), .integer): Int64(text).map { .integer($0) }
        case (.integer(let number), .text): .text(String(number))
        case (_, .decimal): nil
        }
    }
}

/// A stretch of a table by its key, half open: from the first key on, up to before the last; nil is open.
package struct KeyRange: Hashable, Sendable, Codable {
    package var table: String
    package var from: [KeyValue]?
    package var to: [KeyValue]?

    package init(table: String, from: [KeyValue]? = nil, to: [KeyValue]? = nil) {
        self.table = table
        self.from = from
        self.to = to
    }
}

/// What a range holds, in two numbers.
package struct RangeDigest: Hashable, Sendable, Decodable {
    package var range: KeyRange
    package var rows: Int
    /// The sum modulo 2^64 of the rows' digests.
    package var digest: UInt64

    package init(range: KeyRange, rows: Int, digest: UInt64) {
        self.range = range
        self.rows = rows
        self.digest = digest
    }

    private enum CodingKeys: String, CodingKey {
        case rows, digest
    }

    package init(from decoder: any Decoder) throws {
        range = try KeyRange(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rows = try container.decode(Int.self, forKey: .rows)
        let text = try container.decode(String.self, forKey: .digest)
        guard text.utf8.count == 16, let number = UInt64(text, radix: 16) else {
            throw DecodingError.dataCorruptedError(
                forKey: .digest, in: container, debugDescription: "16 hexadecimal digits")
        }
        digest = number
    }
}

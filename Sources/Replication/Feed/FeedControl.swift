import Foundation

/// A control line of the feed: what its rows mean and how far they go.
package enum FeedControl: Hashable, Sendable {
    /// Whose feed it is and what it sends: the first line.
    package struct Header: Hashable, Sendable, Decodable {
        package var format: Int
        package var library: String
        package var consortium: String
        package var database: String
        /// Columns of each table, in wire order.
        package var tables: [String: [String]]
        /// How many of them are the key.
        package var keys: [String: Int]
    }

    /// The end of a step from one consistent state to a later one.
    package struct Commit: Hashable, Sendable, Decodable {
        package var cursor: String
        /// Unix microseconds by the service's clock.
        package var asOf: Int64
        /// How many lines of rows the step has.
        package var rows: Int

        private enum CodingKeys: String, CodingKey {
            case cursor, rows
            case asOf = "as_of"
        }
    }

    /// Nothing has changed.
    package struct Alive: Hashable, Sendable, Decodable {
        /// Unix microseconds by the service's clock.
        package var asOf: Int64

        private enum CodingKeys: String, CodingKey {
            case asOf = "as_of"
        }
    }

    case feed(Header)
    case snapshot
    case commit(Commit)
    case alive(Alive)
    case digest(RangeDigest)
    case range(KeyRange)
    case end
    /// A word that this agent does not know, which a newer service may send.
    case unknown(String)

    /// Reads a control line without its `#`.
    ///
    /// - Throws: ``FeedFault`` where a known word is not followed by what belongs to it.
    package init(_ bytes: some Sequence<UInt8>, line: Int) throws(FeedFault) {
        let all = Array(bytes)
        let split = all.firstIndex(of: 0x20) ?? all.endIndex
        let word = String(decoding: all[..<split], as: UTF8.self)
        let json = Data(all[split...].dropFirst())
        switch word {
        case "feed": self = .feed(try Self.decode(json, word, line))
        case "snapshot": self = .snapshot
        case "commit": self = .commit(try Self.decode(json, word, line))
        case "alive": self = .alive(try Self.decode(json, word, line))
        case "digest": self = .digest(try Self.decode(json, word, line))
        case "range": self = .range(try Self.decode(json, word, line))
        case "end": self = .end
        default:
            guard !word.isEmpty, word.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F }) else {
                throw FeedFault(line: line, "a line begins with # and a word in small letters, + or -")
            }
            self = .unknown(word)
        }
    }

    private static func decode<Value: Decodable>(
        _ json: Data, _ word: String, _ line: Int
    ) throws(FeedFault) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: json)
        } catch {
            throw FeedFault(line: line, "#\(word) is not followed by the JSON that belongs to it: \(Self.text(error))")
        }
    }

    private static func text(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "it has no \(key.stringValue)"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is of another kind"
        default: "it is no JSON object"
        }
    }
}

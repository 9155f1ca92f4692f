import Foundation

/// What the service decided on an intent.
package struct IntentOutcome: Hashable, Sendable, Decodable {
    /// A decision; the raw value is the wire's and the cache's.
    package enum State: String, Hashable, Sendable, Decodable {
        case applied, rejected, conflicting
    }

    package var id: String
    package var state: State
    /// In words for people.
    package var reason: String?
    /// The service's version as JSON, where it is another than the intent saw.
    package var theirs: String?
    /// Unix seconds.
    package var decidedAt: Int64

    package init(id: String, state: State, reason: String?, theirs: String?, decidedAt: Int64) {
        self.id = id
        self.state = state
        self.reason = reason
        self.theirs = theirs
        self.decidedAt = decidedAt
    }

    /// The answer to intents.
    struct List: Decodable {
        var outcomes: [IntentOutcome]
    }

    private enum CodingKeys: String, CodingKey {
        case id, state, reason, theirs
        case decidedAt = "decided_at"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id).lowercased()
        state = try container.decode(State.self, forKey: .state)
        reason = try container.decodeIfPresent(String.self, forKey: .reason)
        decidedAt = try container.decode(Int64.self, forKey: .decidedAt)
        if let value = try container.decodeIfPresent(JSONBox.self, forKey: .theirs) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            theirs = String(decoding: try encoder.encode(value), as: UTF8.self)
        }
    }
}

/// Any JSON, passed on as it is.
private enum JSONBox: Codable {
    case object([String: JSONBox]), array([JSONBox]), text(String), integer(Int64), number(Double), boolean(Bool), null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONBox].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONBox].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

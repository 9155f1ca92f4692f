package import Coverage
import Foundation

/// Something that a library does while it may be offline: the service decides on it later.
package struct Intent: Hashable, Sendable {
    /// What is done; the raw value is the wire's and the cache's.
    package enum Kind: String, Hashable, Sendable {
        case absence = "absence_add"
        case swap = "swap_request"
        case decline = "shift_decline"
    }

    /// What exactly.
    package enum Act: Hashable, Sendable {
        /// An operator will be away.
        case absence(Operator.ID, during: Range<Instant>)
        /// An operator wants another's shift for theirs; without a partner, anybody's.
        case swap(CachedShift, with: CachedShift?)
        /// An operator cannot take a shift.
        case decline(CachedShift)
    }

    package var act: Act
    /// In words for people; may be empty.
    package var reason: String

    package init(_ act: Act, reason: String) {
        self.act = act
        self.reason = reason
    }

    package var kind: Kind {
        switch act {
        case .absence: .absence
        case .swap: .swap
        case .decline: .decline
        }
    }

    /// The shift that is meant; nil for an absence.
    package var shift: CachedShift? {
        switch act {
        case .absence: nil
        case .swap(let shift, _), .decline(let shift): shift
        }
    }

    package var `operator`: Operator.ID {
        switch act {
        case .absence(let id, _): id
        case .swap(let shift, _), .decline(let shift): shift.operator
        }
    }

    package var during: Range<Instant> {
        switch act {
        case .absence(_, let during): during
        case .swap(let shift, _), .decline(let shift): shift.during
        }
    }

    /// As it is sent, the same each time.
    func body(id: String, madeAt: Instant) throws -> String {
        var body = Body(id: id, kind: kind.rawValue, madeAt: madeAt.secondsSince1970, reason: reason)
        switch act {
        case .absence(let id, let during):
            body.operatorId = id.rawValue
            body.startsAt = during.lowerBound.secondsSince1970
            body.endsAt = during.upperBound.secondsSince1970
        case .swap(let shift, let partner):
            body.shift = Body.Seen(shift)
            body.with = partner.map(Body.Seen.init)
        case .decline(let shift):
            body.shift = Body.Seen(shift)
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(body), as: UTF8.self)
    }

    private struct Body: Encodable {
        var id: String
        var kind: String
        var madeAt: Int64
        var reason: String
        var operatorId: String?
        var startsAt: Int64?
        var endsAt: Int64?
        var shift: Seen?
        var with: Seen?

        private enum CodingKeys: String, CodingKey {
            case id, kind, madeAt, reason, operatorId, startsAt, endsAt, shift, with
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(kind, forKey: .kind)
            try container.encode(madeAt, forKey: .madeAt)
            try container.encode(reason, forKey: .reason)
            try container.encodeIfPresent(operatorId, forKey: .operatorId)
            try container.encodeIfPresent(startsAt, forKey: .startsAt)
            try container.encodeIfPresent(endsAt, forKey: .endsAt)
            try container.encodeIfPresent(shift, forKey: .shift)
            // A swap with anybody says so: null is not the same as nothing.
            if kind == Kind.swap.rawValue { try container.encode(with, forKey: .with) }
        }

        /// A shift as the library saw it, so that the service can tell whether it has changed.
        struct Seen: Encodable {
            var planNumber: Int
            var shiftNumber: Int
            var queueId: String
            var operatorId: String
            var startsAt: Int64
            var endsAt: Int64

            init(_ shift: CachedShift) {
                planNumber = shift.plan
                shiftNumber = shift.number
                queueId = shift.queue.rawValue
                operatorId = shift.operator.rawValue
                startsAt = shift.during.lowerBound.secondsSince1970
                endsAt = shift.during.upperBound.secondsSince1970
            }
        }
    }
}

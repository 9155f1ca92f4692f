import Synchronization
import TestSupport

/// What the storm's clients know of the sessions that they have made; as of the last answer, so it may be outdated.
final class StormFloor: Sendable {
    /// A session as some client was told.
    struct Known: Sendable {
        var number: Int64
        var holder: String?
        var offered: [String]
    }

    /// With as many sessions no more are made, so that operators have seats left and clients meet on the same ones.
    private static let capacity = 25

    private let sessions = Mutex<[Known]>([])

    /// Forgets a session that has ended, as another client was told.
    func forget(_ number: Int64) {
        sessions.withLock { $0.removeAll { $0.number == number } }
    }

    /// Notes what an answer told of a session.
    func note(_ answer: SessionAnswer) {
        sessions.withLock { sessions in
            sessions.removeAll { $0.number == answer.session }
            guard answer.state != "ended" else { return }
            sessions.append(
                Known(
                    number: answer.session, holder: answer.operator,
                    offered: (answer.offers ?? []).map(\.operator)))
        }
    }

    var isFull: Bool { sessions.withLock { $0.count >= Self.capacity } }

    func draw(using random: inout SplitMix64) -> Known? {
        sessions.withLock { $0 }.randomElement(using: &random)
    }
}

/// What the storm reads of a session in an answer.
struct SessionAnswer: Decodable {
    struct Offer: Decodable {
        var `operator`: String
    }

    var session: Int64
    var state: String
    var `operator`: String?
    var offers: [Offer]?
}

/// What it reads of a problem.
struct ProblemAnswer: Decodable {
    var type: String

    /// The last part of the type.
    var word: String { String(type.split(separator: ":").last ?? "") }
}

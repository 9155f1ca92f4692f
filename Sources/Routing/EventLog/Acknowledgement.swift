/// One request that a chat server has sent, and what it was told: a line of a file of acknowledgements.
///
/// The members are named as in the API: `{"asked":"accept","session":7,"operator":"pub01-01","status":200}`.
package struct Acknowledgement: Hashable, Codable, Sendable {
    /// What was asked; the raw values are the last parts of the API's paths.
    package enum Asked: String, Hashable, CaseIterable, Codable, Sendable {
        case create, accept, decline, requeue, transfer, activity, end, presence, renew, leave
        case note = "notes"
        case wrapUp = "wrap-up"
    }

    package var asked: Asked
    /// The answer's status; nil if none came, so that nobody knows whether it was done.
    package var status: Int?
    /// The last part of a problem's type.
    package var problem: String?
    /// Whose token it was; nil is the file's only one.
    package var chatServer: String?
    /// The chat server's own id of the session, of a creation.
    package var id: String?
    /// The session's number, as the answer of a creation told it.
    package var session: Int64?
    package var `operator`: String?
    /// The `Idempotency-Key`.
    package var key: String?
    package var text: String?
    /// Of a transfer: operator, library or queue, and which one.
    package var to: String?
    package var target: String?
    package var outcome: String?

    package init(_ asked: Asked) {
        self.asked = asked
    }

    private enum CodingKeys: String, CodingKey {
        case asked, status, problem, id, session, `operator`, key, text, to, target, outcome
        case chatServer = "chat_server"
    }

    /// Whether it was told that it was done.
    package var isDone: Bool { status.map { (200..<300).contains($0) } ?? false }
}

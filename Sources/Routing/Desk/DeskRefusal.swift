package import Coverage

/// Why the desk does not do what was asked; nothing was changed then.
package enum DeskRefusal: Error, Hashable, Sendable {
    case unknownQueue(Queue.ID)
    case unknownLibrary(Library.ID)
    case unknownOperator(Operator.ID)
    case unknownSession(Session.Number)
    case wrongChannel(Queue.ID, Queue.Channel)
    case notPresent(Operator.ID)
    /// No open offer of the session to this operator: declined, expired, withdrawn, or never made.
    case notOffered(Session.Number, Operator.ID)
    /// Another operator was first, or it is this one's already in wrap-up.
    case alreadyTaken(Session.Number)
    /// The session is with somebody else, or with nobody.
    case notYours(Session.Number, Operator.ID)
    /// The session waits, so there is nothing to wrap up or to send back.
    case notHeld(Session.Number)
    case alreadyEnded(Session.Number)
    /// The same key came before with another request.
    case keyUsedBefore(String)
    case lacksSkill(Operator.ID, Queue.ID)
    /// A text or number out of its bounds.
    case invalid(field: String, allowed: String)

    /// A word for programs: bounded, fit for metric labels and problem types.
    package var code: String {
        switch self {
        case .unknownQueue: "unknown-queue"
        case .unknownLibrary: "unknown-library"
        case .unknownOperator: "unknown-operator"
        case .unknownSession: "unknown-session"
        case .wrongChannel: "wrong-channel"
        case .notPresent: "not-present"
        case .notOffered: "not-offered"
        case .alreadyTaken: "already-taken"
        case .notYours: "not-yours"
        case .notHeld: "not-held"
        case .alreadyEnded: "already-ended"
        case .keyUsedBefore: "key-used-before"
        case .lacksSkill: "lacks-skill"
        case .invalid: "invalid"
        }
    }
}

extension DeskRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownQueue(let id): "there is no queue “\(id)”"
        case .unknownLibrary(let id): "there is no library “\(id)”"
        case .unknownOperator(let id): "there is no operator “\(id)”"
        case .unknownSession(let number): "there is no session \(number)"
        case .wrongChannel(let queue, let channel): "the queue “\(queue)” takes no \(channel.rawValue) sessions"
        case .notPresent(let id): "operator “\(id)” is not present: set the presence first"
        case .notOffered(let number, let id):
            "session \(number) is not offered to “\(id)”: the offer was declined, has expired or was withdrawn"
        case .alreadyTaken(let number): "session \(number) has an operator already"
        case .notYours(let number, let id): "session \(number) is not with “\(id)”"
        case .notHeld(let number): "session \(number) waits in line: nobody has it"
        case .alreadyEnded(let number): "session \(number) has ended"
        case .keyUsedBefore(let key): "the key “\(key)” was used for another request before"
        case .lacksSkill(let id, let queue): "“\(id)” lacks the skill that the queue “\(queue)” asks for"
        case .invalid(let field, let allowed): "\(field) must be \(allowed)"
        }
    }
}

import HTTPTypes
import Routing

extension Problem {
    /// What the desk's refusal means to the client.
    init(_ refusal: DeskRefusal) {
        self.init(Self.status(of: refusal), refusal.code, Self.title(of: refusal), "\(refusal)")
        if case .invalid(let field, let allowed) = refusal {
            faults = [FieldFault(field: "/\(field)", problem: "must be \(allowed)")]
        }
    }

    private static func status(of refusal: DeskRefusal) -> HTTPResponse.Status {
        switch refusal {
        case .unknownSession: .notFound
        case .invalid: .unprocessableContent
        case .unknownQueue, .unknownLibrary, .unknownOperator, .wrongChannel, .keyUsedBefore, .lacksSkill, .notPresent,
            .notOffered, .alreadyTaken, .notYours, .notHeld, .alreadyEnded:
            .conflict
        }
    }

    private static func title(of refusal: DeskRefusal) -> String {
        switch refusal {
        case .unknownQueue: "There is no such queue"
        case .unknownLibrary: "There is no such library"
        case .unknownOperator: "There is no such operator"
        case .unknownSession: "There is no such session"
        case .wrongChannel: "The queue takes another channel"
        case .notPresent: "The operator is not present"
        case .notOffered: "The session is not offered to the operator"
        case .alreadyTaken: "The session has an operator already"
        case .notYours: "The session is not with the operator"
        case .notHeld: "Nobody has the session"
        case .alreadyEnded: "The session has ended"
        case .keyUsedBefore: "The key was used for another request"
        case .lacksSkill: "The operator lacks the queue's skill"
        case .invalid: "A value is out of its bounds"
        }
    }
}

package import Coverage

/// An event of the service's stream, as far as a simulated day needs it.
package struct ToldEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// With the chat server's own id.
        case created(id: String)
        case offered(to: [Operator.ID])
        case accepted
        case declined, expired, withdrawn
        case requeued
        case transferred(to: Queue.ID?)
        case noted(String)
        case silent
        case wrappingUp
        case ended(outcome: String)
        case present, lapsed, left, gone
        case gapOpened, gapClosed
        case other
    }

    package var number: Int64
    package var kind: Kind
    package var session: Int64?
    package var `operator`: Operator.ID?
    package var queue: Queue.ID?

    package init(
        number: Int64, kind: Kind, session: Int64? = nil, operator: Operator.ID? = nil, queue: Queue.ID? = nil
    ) {
        self.number = number
        self.kind = kind
        self.session = session
        self.operator = `operator`
        self.queue = queue
    }
}

package import Answering
package import Coverage
package import Routing

/// What the pages see of the desk: who is here, and how its queues stand.
package protocol DeskView: Sendable {
    /// Whether it has been read, so that what it tells means something.
    var hasBeenRead: Bool { get }
    /// Nil if there is no such queue, or the desk has not been read yet.
    func standing(of queue: Queue.ID) -> QueueStanding?
    var present: [Operator.ID: PresentOperator] { get }
}

extension Desk: DeskView {}

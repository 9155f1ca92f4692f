import Coverage
import Pages
import Routing

/// A desk at which everything is as a test says.
struct StillDesk: DeskView {
    var hasBeenRead = true
    var standings: [Queue.ID: QueueStanding] = [:]
    var present: [Operator.ID: PresentOperator] = [:]

    func standing(of queue: Queue.ID) -> QueueStanding? { standings[queue] }
}

package import Answering
package import Coverage
package import Routing

extension Desk: SessionDesk {
    package func newestEvent() async throws -> Int64 {
        guard hasBeenRead else { throw Problem.deskNotRead }
        return lastEvent
    }

    package var newestKnownEvent: Int64 { lastEvent }

    package func presence(at queue: Queue.ID) async throws -> QueueStanding? {
        guard hasBeenRead else { throw Problem.deskNotRead }
        return standing(of: queue)
    }
}

extension Problem {
    fileprivate static let deskNotRead = unavailable("the process has just begun: its desk is being read")
}

package import Coverage
package import Routing

/// The use cases of routing that the routes call, of one consortium.
package protocol SessionDesk: Sendable {
    func perform(_ request: DeskRequest, key: RequestKey?) async throws -> DeskAnswer
    func decision(on session: Session.Number) async throws -> Decision
    func trail(of session: Session.Number) async throws -> [DeskEvent]
    func events(after number: Int64, limit: Int) async throws -> [DeskEvent]
    /// Whether this process has read the desk; until then it can tell nothing of events.
    var hasBeenRead: Bool { get }
    func newestEvent() async throws -> Int64
    /// The newest event that is on disk.
    func newestStoredEvent() async throws -> Int64
    /// The newest event that this process knows of, without a look at the database.
    var newestKnownEvent: Int64 { get }
    /// Nil if there is no such queue.
    func presence(at queue: Queue.ID) async throws -> QueueStanding?
}

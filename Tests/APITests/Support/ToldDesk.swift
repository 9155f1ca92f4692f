import API
import Coverage
import Routing
import StorageTestSupport
import Synchronization

/// A desk that says what the test told it to, for what is about HTTP and not about routing.
final class ToldDesk: SessionDesk {
    private let log = Mutex<[DeskEvent]>([])
    /// Holds answers back until it is opened, for requests that are to be under way.
    private let gate = Mutex<(isClosed: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    /// Lets something happen.
    func happen(_ kind: DeskEvent.Kind, session: Int64? = nil) {
        log.withLock { log in
            log.append(
                DeskEvent(
                    number: Int64(log.count + 1), at: Instant(secondsSince1970: 1_790_000_000),
                    session: session.map { Session.Number(rawValue: $0) }, kind: kind))
        }
    }

    func perform(_ request: DeskRequest, key: RequestKey?) async throws -> DeskAnswer {
        throw DeskRefusal.unknownQueue(Queue.ID("none"))
    }

    func decision(on session: Session.Number) async throws -> Decision {
        throw DeskRefusal.unknownSession(session)
    }

    func trail(of session: Session.Number) async throws -> [DeskEvent] {
        log.withLock { log in log.filter { $0.session == session } }
    }

    func events(after number: Int64, limit: Int) async throws -> [DeskEvent] {
        log.withLock { Array($0.dropFirst(Int(number)).prefix(limit)) }
    }

    var hasBeenRead: Bool { true }

    func newestEvent() async throws -> Int64 {
        log.withLock { Int64($0.count) }
    }

    func newestStoredEvent() async throws -> Int64 {
        try await newestEvent()
    }

    var newestKnownEvent: Int64 { log.withLock { Int64($0.count) } }

    func presence(at queue: Queue.ID) async throws -> QueueStanding? {
        guard queue == "ask" else { return nil }
        return QueueStanding(
            queue: queue, channel: .chat, isOpen: true, present: 1, free: 1, waiting: 0,
            expectation: .wait(likelySeconds: 10, withinSeconds: 40), alternatives: Alternatives())
    }
}

import Routing
import Synchronization

extension Desk {
    /// Whether this process has read the desk, so that ``lastEvent`` and ``standing(of:)`` mean something.
    package var hasBeenRead: Bool { live.withLock { $0 != nil } }
}

import Dispatch

/// Calls of libpq that block, on threads that are nobody else's.
enum BlockingCalls {
    private static let queue = DispatchQueue(label: "coverdesk.postgres.blocking", attributes: .concurrent)

    static func run(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }
}

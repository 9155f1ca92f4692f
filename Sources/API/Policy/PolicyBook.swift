import Coverage
import PostgresClient
import Storage
import Synchronization

/// The libraries' policy pages, kept for some seconds, since each offer brings one.
final class PolicyBook: Sendable {
    private struct Entry {
        /// As clients read it; nil if the library has none.
        var page: JSONValue?
        var readAt: ContinuousClock.Instant
    }

    private static let trust = Duration.seconds(5)

    private let pool: PostgresPool
    private let repository: PolicyPageRepository
    private let now: @Sendable () -> Instant
    private let freshSeconds: Int64
    /// As many at most as there are libraries that sessions name.
    private let entries = Mutex<[Library.ID: Entry]>([:])

    init(pool: PostgresPool, consortium: Consortium.ID, freshDays: Int, now: @escaping @Sendable () -> Instant) {
        self.pool = pool
        repository = PolicyPageRepository(consortium: consortium)
        freshSeconds = Int64(freshDays) * 86_400
        self.now = now
    }

    /// The page of a library as clients read it; nil if it has none.
    func json(of library: Library.ID?) async throws -> JSONValue? {
        guard let library else { return nil }
        let known = entries.withLock { $0[library] }
        if let known, known.readAt.duration(to: .now) < Self.trust { return known.page }
        let readAt = ContinuousClock.now
        let page = try await pool.withConnection { try await repository.latest(of: library, in: $0) }.map {
            try json($0)
        }
        entries.withLock { $0[library] = Entry(page: page, readAt: readAt) }
        return page
    }

    func json(_ page: PolicyPageRepository.Page) throws -> JSONValue {
        try PolicyPageJSON.page(page, at: now(), freshSeconds: freshSeconds)
    }

    /// Forgets a page that was written here, so that the next offer brings the new one.
    func forget(_ library: Library.ID) {
        entries.withLock { $0[library] = nil }
    }
}

package import Coverage
package import Logging
package import PostgresClient
import ServiceLifecycle
import Storage
import Synchronization

/// The tokens that may be used, read again every few seconds, so that checking one costs no query.
///
/// A token that was revoked is refused after ``interval`` at the latest. One that is not known makes the book look
/// again, but not more often than ``quickestLook``, so that made-up tokens cost the database nothing.
package final class TokenBook: Service {
    package static let interval = Duration.seconds(2)
    private static let quickestLook = Duration.milliseconds(250)
    /// What was read longer ago is not trusted: a token may have been revoked since.
    private static let longestTrust = Duration.seconds(15)

    private struct State {
        var tokens: [[UInt8]: TokenAccess] = [:]
        var readAt: ContinuousClock.Instant?
        var triedAt: ContinuousClock.Instant?
        var isReading = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var used: Set<Int> = []
    }

    private let pool: PostgresPool
    private let repository: TokenRepository
    private let now: @Sendable () -> Instant
    private let logger: Logger
    private let state = Mutex(State())

    package init(pool: PostgresPool, consortium: Consortium.ID, now: @escaping @Sendable () -> Instant, logger: Logger)
    {
        self.pool = pool
        self.repository = TokenRepository(consortium: consortium)
        self.now = now
        self.logger = logger
    }

    /// Whether the database answered lately.
    package var isFresh: Bool { state.withLock { Self.isFresh($0) } }

    /// How many requests wait for a reading that is under way.
    package var waitingCount: Int { state.withLock { $0.waiters.count } }

    private static func isFresh(_ state: State) -> Bool {
        state.readAt.map { $0.duration(to: .now) < longestTrust } ?? false
    }

    /// What a token allows.
    ///
    /// - Throws: ``Problem``: 401 if it is not known, 503 if that cannot be told.
    package func access(for token: some StringProtocol) async throws -> TokenAccess {
        let hash = TokenText.hash(token)
        if let access = look(up: hash) { return access }
        let asked = ContinuousClock.now
        await readAgain(pause: Self.quickestLook)
        if let access = look(up: hash) { return access }
        // What somebody else was reading already may be from before the token was made.
        if !wasRead(since: asked) { await readAgain(pause: Self.quickestLook) }
        if let access = look(up: hash) { return access }
        guard isFresh else { throw Problem.unavailable("the database cannot be reached: tokens cannot be checked") }
        throw Problem.unknownToken
    }

    private func wasRead(since time: ContinuousClock.Instant) -> Bool {
        state.withLock { state in state.readAt.map { $0 >= time } ?? false }
    }

    private func look(up hash: [UInt8]) -> TokenAccess? {
        state.withLock { state in
            guard Self.isFresh(state), let access = state.tokens[hash] else { return nil }
            state.used.insert(access.number)
            return access
        }
    }

    /// Reads the tokens, at the earliest a pause after the last time; whoever wants the same meanwhile waits for that.
    func readAgain(pause: Duration) async {
        enum Turn { case mine, others, later(Duration) }
        let turn = state.withLock { state -> Turn in
            if state.isReading { return .others }
            let elapsed = state.triedAt?.duration(to: .now) ?? pause
            if elapsed < pause { return .later(pause - elapsed) }
            state.triedAt = .now
            state.isReading = true
            return .mine
        }
        switch turn {
        case .mine: await read()
        case .others: await waitForReader()
        case .later(let rest):
            try? await Task.sleep(for: rest)
            if !Task.isCancelled { await readAgain(pause: pause) }
        }
    }

    private func waitForReader() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isReading { state.waiters.append(continuation) }
                return !state.isReading
            }
            if isOver { continuation.resume() }
        }
    }

    private func endReading(_ change: (inout State) -> Void = { _ in }) {
        let waiters = state.withLock { state in
            change(&state)
            state.isReading = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func read() async {
        let start = ContinuousClock.now
        do {
            let usable = try await pool.withConnection { try await repository.usable(in: $0) }
            let tokens = usable.mapValues { token in
                TokenAccess(
                    number: token.number, chatServer: token.chatServer, library: token.library,
                    scopes: Set(token.scopes.compactMap(Scope.init(rawValue:))),
                    requestsPerSecond: token.requestsPerSecond)
            }
            endReading { state in
                state.tokens = tokens
                state.readAt = start
            }
        } catch {
            logger.warning("tokens could not be read", metadata: ["error": "\(error)"])
            endReading()
        }
    }

    /// Reads again and again, and notes now and then which tokens were used.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var rounds = 0
            while !Task.isCancelled {
                await self.readAgain(pause: .zero)
                rounds += 1
                if rounds % 15 == 0 { await self.noteUse() }
                do { try await Task.sleep(for: Self.interval) } catch { break }
            }
        }
        await noteUse()
    }

    private func noteUse() async {
        let used = state.withLock { state in
            defer { state.used = [] }
            return state.used.sorted()
        }
        guard !used.isEmpty else { return }
        do {
            try await pool.withConnection { try await repository.touch(used, at: now(), in: $0) }
        } catch {
            logger.warning("use of tokens could not be noted", metadata: ["error": "\(error)"])
        }
    }
}

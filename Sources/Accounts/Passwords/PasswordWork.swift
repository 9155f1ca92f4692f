import Dispatch
import Foundation
import Synchronization

/// Hashes passwords on threads that are nobody else's, few at a time.
///
/// Hashing takes a core and 64 MiB for a good part of a second, on purpose. On the threads that answer requests it
/// would hold up everybody else, and without a limit a flood of attempts would use up the machine; so at most two run
/// at once, some wait, and the others are told to try again.
package final class PasswordWork: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "coverdesk.accounts.passwords", attributes: .concurrent)
    private let cost: PasswordHash.Cost
    private let atOnce: Int
    private let waitingLimit: Int
    private let derive: PasswordHash.Derivation

    /// Sets up the threads.
    ///
    /// - Parameters:
    ///   - cost: Of new hashes.
    ///   - atOnce: How many run at once; by default two, but leaving a core to others where there are no more.
    ///   - waitingLimit: How many may wait.
    ///   - derive: scrypt, but in tests.
    package init(
        cost: PasswordHash.Cost = .standard,
        atOnce: Int = min(2, max(1, ProcessInfo.processInfo.activeProcessorCount - 1)), waitingLimit: Int = 16,
        derive: @escaping PasswordHash.Derivation = PasswordHash.scrypt
    ) {
        self.cost = cost
        self.atOnce = max(1, atOnce)
        self.waitingLimit = waitingLimit
        self.derive = derive
    }

    /// Hashes a new password.
    ///
    /// - Throws: ``PasswordsBusy`` if too many wait already.
    package func hash(_ password: Password, salt: [UInt8]) async throws -> PasswordHash {
        let (derive, cost) = (derive, cost)
        let key = try await run { try derive(password, salt, cost) }
        return PasswordHash(cost: cost, salt: salt, key: key)
    }

    /// Whether a password is the stored one.
    ///
    /// Where there is none the same is worked out and thrown away: how long it takes tells nobody whether an account
    /// exists.
    ///
    /// - Throws: ``PasswordsBusy`` if too many wait already.
    package func matches(_ password: Password, _ stored: PasswordHash?) async throws -> Bool {
        let derive = derive
        let salt = stored?.salt ?? Array(repeating: 0, count: PasswordHash.saltBytes)
        let cost = stored?.cost ?? cost
        let key = try await run { try derive(password, salt, cost) }
        return stored?.matches(key) ?? false
    }

    /// Whether a stored hash costs less, or more, than new ones do.
    func isOutdated(_ stored: PasswordHash) -> Bool { stored.cost != cost }

    // MARK: Threads

    private enum Admission { case start, wait, refuse }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job: @Sendable () -> Void = { continuation.resume(with: Swift.Result { try work() }) }
            switch admit(job) {
            case .start: queue.async { self.work(beginningWith: job) }
            case .wait: break
            case .refuse: continuation.resume(throwing: PasswordsBusy())
            }
        }
    }

    private func admit(_ job: @escaping @Sendable () -> Void) -> Admission {
        state.withLock { state in
            if state.running < atOnce {
                state.running += 1
                return .start
            }
            guard state.waiting.count < waitingLimit else { return .refuse }
            state.waiting.append(job)
            return .wait
        }
    }

    /// One thread's work: this job, and then those that wait.
    private func work(beginningWith first: @Sendable () -> Void) {
        first()
        while let next = next() { next() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}

/// Too many passwords wait to be hashed: whoever asks is to try again in a moment.
package struct PasswordsBusy: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String { "too many people sign in at this moment: try again in a few seconds" }
}

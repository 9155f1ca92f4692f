package import Accounts
import Synchronization

/// Whether the service still waits for its first coordinator.
///
/// The database is asked until there is an account, and then no more.
package final class SetUpDoor: Sendable {
    let link: SetUpLink
    private let keeper: AccountKeeper
    private let isOver = Mutex(false)

    package init(link: SetUpLink, keeper: AccountKeeper) {
        self.link = link
        self.keeper = keeper
    }

    func isOpen() async throws -> Bool {
        guard !isOver.withLock({ $0 }) else { return false }
        guard try await keeper.hasAccounts() else { return true }
        isOver.withLock { $0 = true }
        return false
    }
}

import Logging
import PostgresClient
import ServiceLifecycle
import Storage

/// Deletes changes that only replicas which were away for very long have not seen.
///
/// Any number of processes may do so: one at a time has the work, and the others find nothing left.
struct ChangeForgetting: Service {
    let repository: SyncRepository
    let pool: PostgresPool
    let days: Int
    let logger: Logger

    private static let interval = Duration.seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.forgetAll()
                } catch {
                    self.logger.warning("old changes could not be deleted", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: Self.interval) } catch { break }
            }
        }
    }

    private func forgetAll() async throws {
        var count = 0
        repeat {
            count = try await pool.withTransaction { transaction in
                try await repository.forgetChanges(olderThanSeconds: days * 86_400, in: transaction)
            }
        } while count > 0 && !Task.isCancelled
    }
}

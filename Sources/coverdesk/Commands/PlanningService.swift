import Coverage
import Foundation
import Logging
import PostgresClient
import Scheduling
import ServiceLifecycle

/// Does the searches that people start from the pages, as long as the service runs.
///
/// To be stopped while the database can still be reached: what a search has found until then is kept as a draft.
struct PlanningService: Service {
    private let worker: PlanningWorker

    init(
        consortium: Consortium.ID, pool: PostgresPool, pricePerHour: Thousandths,
        now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        // Half of the machine, so that pages and the desk stay quick.
        let threads = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
        worker = PlanningWorker(
            consortium: consortium, pool: pool,
            node: "\(ProcessInfo.processInfo.processIdentifier)-\(UInt64.random(in: 0 ... .max))",
            settings: .init(threads: threads, pricePerHour: pricePerHour), now: now,
            failed: { run, error in
                logger.error("search failed", metadata: ["search.number": "\(run)", "error": "\(error)"])
            })
    }

    func run() async throws {
        let worker = worker
        await withGracefulShutdownHandler {
            await worker.run()
        } onGracefulShutdown: {
            worker.stop()
        }
    }
}

package import Answering
import ServiceLifecycle

/// Decides what is asked, and what is due.
///
/// To be stopped last, when no request is under way any more.
package struct DeskService: Service {
    private let desks: Desks

    package init(desks: Desks) {
        self.desks = desks
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await desks.run() }
    }
}

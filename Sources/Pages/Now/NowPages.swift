import Answering
import Coverage
import HTTPTypes
import Hummingbird
import NIOCore
import Scheduling
import ServiceLifecycle
import Synchronization

/// The wall: queues, waiting patrons, seats and live gaps, as they are now.
struct NowPages: Sendable {
    let boards: WeekBoards
    let levels: ServiceLevels
    let desk: any DeskView
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    /// How often the board is looked at while somebody watches.
    private static let interval = Duration.seconds(2)
    /// A stream ends after so many looks, and the browser asks anew: whoever may no longer see it then does not.
    private static let looks = 150

    func addRoutes(to router: Router<PageContext>) {
        router.get("/now") { _, context in
            let view = try await view()
            return try renderer.response(
                Page(
                    template: "now", title: "Now", section: .now, values: view.values, stylesheets: ["now.css"],
                    scripts: ["now.js"]), to: context)
        }
        router.get("/now/stream") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
                body: ResponseBody { writer in try await stream(to: &writer) })
        }
    }

    private func view() async throws -> NowView {
        let (consortium, zone) = try await boards.settings()
        let now = now()
        let today = zone.civil(at: now).date
        let board = try await boards.board(weekOf: today, .published)
        let report = try await levels.report(on: today..<today.advanced(byDays: 1), in: zone)
        let days = report.days.compactMapValues(\.first)
        return NowView(
            board: NowBoard(board, desk: desk, days: days, now: now), consortium: consortium.name, zone: zone, now: now)
    }

    /// Sends the board whenever it has changed.
    private func stream(to writer: inout any ResponseBodyWriter) async throws {
        let isStopping = Flag()
        try await withGracefulShutdownHandler {
            var last = ""
            for _ in 0..<Self.looks where !isStopping.isRaised {
                // While the database is out of reach the board stands still, and says since when by its own time.
                let html = try? await withTaskExecutorPreference(globalConcurrentExecutor) {
                    try renderer.part("now-board", try await view().values)
                }
                if let html, html != last {
                    last = html
                    try await writer.write(ByteBuffer(string: Self.event(html)))
                } else {
                    // Finds out whether anybody is still there.
                    try await writer.write(ByteBuffer(string: ":\n\n"))
                }
                try await Task.sleep(for: Self.interval)
            }
        } onGracefulShutdown: {
            isStopping.raise()
        }
        try await writer.finish(nil)
    }

    private static func event(_ html: String) -> String {
        let lines = html.split(separator: "\n", omittingEmptySubsequences: true)
        return "retry: 2000\nevent: board\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
    }
}

/// Something that is told once.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .relaxed) }

    func raise() { value.store(true, ordering: .relaxed) }
}

import Answering
import Coverage
import HTTPTypes
import Hummingbird
import Scheduling
import ServiceLifecycle

/// The wall: queues, waiting patrons, seats and live gaps, as they are now.
struct NowPages: Sendable {
    let boards: WeekBoards
    let levels: ServiceLevels
    let desk: any DeskView
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

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
                body: ResponseBody(
                    asyncSequence: NowFrames { try renderer.part("now-board", try await view().values) }
                        .cancelOnGracefulShutdown()))
        }
    }

    private func view() async throws -> NowView {
        let (consortium, zone) = try await boards.settings()
        let now = now()
        let today = zone.civil(at: now).date
        // The desk is open on days that no plan reaches, too.
        let board = consortium.dates.contains(today) ? try await boards.board(weekOf: today, .published) : nil
        let report = try await levels.report(on: today..<today.advanced(byDays: 1), in: zone)
        let days = report.days.compactMapValues(\.first)
        return NowView(
            board: NowBoard(board, queues: report.queues, desk: desk, days: days, now: now),
            consortium: consortium.name, zone: zone, now: now)
    }
}

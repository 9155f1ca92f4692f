import Charts
import Coverage
import Planning
import Scheduling
import Storage

/// What a page shows of a search: how far it is, how good its plan is, and what came of it.
struct RunView {
    let run: PlanningRun
    let zone: TimeZoneRules
    var notice: String?

    private var curve: SearchCurve { SearchCurve(json: run.curve) }

    var page: Page {
        Page(
            template: "planning-run", title: "Search \(run.number)", section: .plans,
            values: .present([
                "heading": PlanningWords.purpose(run), "days": PlanningWords.days(run.request.days),
                "asked":
                    "Search \(run.number), started by \(run.askedBy), \(AccountWords.moment(run.askedAt, in: zone))",
                "notice": notice, "stream": run.state.isOpen ? "/planning/runs/\(run.number)/stream" : nil,
                "board": board, "live": run.state.isOpen ? liveValues : nil,
                "again": run.state.isOpen || run.state == .finished
                    ? nil : ["address": "/planning/runs/\(run.number)/again"],
                "result": result,
            ]), stylesheets: ["charts.css", "planning.css"], scripts: run.state.isOpen ? ["planning-run.js"] : [])
    }

    private var liveValues: [String: Any] {
        [
            "address": "/planning/runs/\(run.number)", "stop": "/planning/runs/\(run.number)/stop",
            "isStopAsked": run.stopAskedBy != nil, "keepsBest": run.request.purpose != .advise,
        ]
    }

    /// The part that changes while it is watched; for its template.
    var board: [String: Any] {
        let points = curve.points
        let last = points.last
        let chart = SearchChart(
            points: points.map { SearchChart.Point(seconds: $0.seconds, cost: $0.cost, bound: $0.bound) },
            seconds: run.request.seconds)
        return .present([
            "state": PlanningWords.state(run.state), "style": style, "isOpen": run.state.isOpen,
            "isSearching": run.state == .searching, "figures": figures(last),
            "spent": min(run.elapsedSeconds ?? 0, run.request.seconds), "seconds": run.request.seconds,
            "left": left, "message": message,
            "chart": points.isEmpty
                ? nil : ["svg": chart.svg(named: "search\(run.number)"), "summary": chart.summary],
            "remark": remark(isEmpty: points.isEmpty),
        ])
    }

    private var style: String {
        switch run.state {
        case .waiting, .searching: "is-open"
        case .finished: "is-done"
        case .stopped: "is-stopped"
        case .failed, .brokenOff: "is-problem"
        }
    }

    /// What there is to say where no curve tells how it goes.
    private func remark(isEmpty: Bool) -> String? {
        guard isEmpty, run.state == .searching else { return nil }
        switch run.request.purpose {
        case .search: return "Reading the data …"
        case .mend:
            return "It takes out what is forbidden now, and looks for the best way to fill the places. It ends "
                + "when nothing more is found, or the time is over."
        case .advise: return "It looks for proofs first, and then for moves that close gaps."
        }
    }

    private var left: String? {
        guard run.state == .searching else { return nil }
        if run.stopAskedBy != nil { return "It is about to stop" }
        let left = run.request.seconds - (run.elapsedSeconds ?? 0)
        return left > 0 ? "\(left) s left" : "About to end"
    }

    private func figures(_ last: SearchCurve.Point?) -> [[String: Any]] {
        guard let last else { return [] }
        var figures: [[String: Any]] = [
            ["figure": PlanningWords.grouped(last.cost), "text": "points, the best plan found"]
        ]
        if let bound = last.bound {
            figures.append([
                "figure": PlanningWords.grouped(bound.rounded(.down)), "text": "points, no plan costs less",
            ])
            if let gap = ProvenGap(cost: last.cost, lowerBound: bound) {
                figures.append(["figure": DraftView.share(gap), "text": "above the best plan there can be, at most"])
            }
        }
        return figures
    }

    private var message: String? {
        switch run.state {
        case .waiting: "It begins as soon as a node of the service is free for it, mostly within a second."
        case .searching: nil
        case .brokenOff: "The service ended while this was under way, and nothing of it was kept. Start it again."
        case .finished, .stopped, .failed: run.message.isEmpty ? nil : run.message
        }
    }

    private var result: [String: Any]? {
        if let draft = run.draft { return ["address": "/planning/drafts/\(draft)", "text": "Look at draft \(draft)"] }
        if run.findings != nil, let plan = run.request.plan {
            return ["address": "/planning/drafts/\(plan)/suggestions", "text": "Read the suggestions"]
        }
        return nil
    }
}

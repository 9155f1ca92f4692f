import Coverage
import Scheduling
import Storage

/// What becomes of published shifts, for whoever is about to save something that hits them.
struct ImpactView {
    let impact: ScheduleImpact
    /// The library's clock.
    let zone: TimeZoneRules
    /// What is about to be saved, `Dana Reyes is away on 26 October 2026`.
    let what: String
    /// Where the form goes.
    let action: String
    /// What it carries, by name.
    let fields: [(name: String, value: String)]
    let save: String
    let back: String
    /// Whether the schedule has changed since it was looked at.
    var hasChanged = false

    func page(heading: String, parts: [[String: Any]]) -> Page {
        let hidden = fields + [("seen", impact.fingerprint), ("action", "save")]
        return Page(
            template: "impact", title: heading, section: .library,
            values: .present([
                "parts": parts, "heading": heading, "what": what, "hits": impact.hits.map(values),
                "hasHits": !impact.hits.isEmpty, "summary": summary, "action": action,
                "fields": hidden.map { ["name": $0.name, "value": $0.value] }, "save": save, "back": back,
                "changed": hasChanged
                    ? "The schedule has changed since you looked, so nothing was saved yet. This is how it is now."
                    : nil,
            ]), stylesheets: ["library.css"])
    }

    private var summary: String {
        let count = impact.hits.count
        return (count == 1 ? "1 published shift" : "\(count) published shifts") + " cannot be worked then"
    }

    private func values(_ hit: ScheduleImpact.Hit) -> [String: Any] {
        let worst = hit.pieces.map(\.level).max { $0.badness < $1.badness }
        return .present([
            "name": hit.shift.name, "queue": hit.shift.queueName,
            "day": DayText.long(zone.civil(at: hit.shift.shift.during.lowerBound).date),
            "times": DayText.times(hit.shift.shift.during, in: zone),
            "missing": hit.missing == hit.shift.shift.during ? nil : DayText.times(hit.missing, in: zone),
            "style": worst == .critical ? "is-critical" : worst == .thin ? "is-thin" : "is-covered",
            "pieces": hit.pieces.map(words),
        ])
    }

    private func words(_ piece: ScheduleImpact.Piece) -> [String: Any] {
        let wanted = piece.isOpen ? "\(piece.left) left of \(piece.target) wanted" : "\(piece.left) left, none wanted"
        return ["times": DayText.times(piece.during, in: zone), "left": wanted, "level": piece.level.words]
    }
}

extension ScheduleImpact.Piece {
    /// How well the queue is staffed by those who are left.
    var level: CoverageLevel { CoverageLevel(there: left, minimum: minimum, target: target, isOpen: isOpen) }
}

extension CoverageLevel {
    /// The worse the greater.
    fileprivate var badness: Int {
        switch self {
        case .closed, .over: 0
        case .covered: 1
        case .thin: 2
        case .critical: 3
        }
    }
}

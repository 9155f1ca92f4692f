import Coverage
import Scheduling
import Storage

/// What becomes of published shifts while somebody is away, in words.
struct ImpactWords {
    private let impact: ScheduleImpact
    /// By whose clock times are told.
    private let zone: TimeZoneRules

    init(_ impact: ScheduleImpact, in zone: TimeZoneRules) {
        self.impact = impact
        self.zone = zone
    }

    /// For the template `impact-hits`.
    var values: [String: Any] {
        ["hits": impact.hits.map(values), "hasHits": !impact.hits.isEmpty, "summary": summary, "stays": stays]
    }

    private var summary: String {
        let count = impact.hits.count
        return (count == 1 ? "1 published shift" : "\(count) published shifts") + " cannot be worked then"
    }

    private var stays: String {
        (impact.hits.count == 1 ? "It stays" : "They stay")
            + " in the published schedule until a coordinator mends the plan."
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

import Coverage
import Scheduling

/// What somebody fills in to have a plan made.
struct PlanningForm: Hashable, Sendable {
    /// Which days are meant.
    enum Days: String, CaseIterable, Sendable {
        case whole, week, span
    }

    var days = Days.whole
    /// A Monday, as text.
    var week = ""
    var from = ""
    var to = ""
    /// One of those offered, or `own`.
    var seconds = "30"
    var ownSeconds = ""
    var isMending = false
    var seed = ""

    static let offeredSeconds = [10, 30, 60, 120]

    init() {}

    /// As it was sent, right or wrong.
    init(_ fields: FormFields) {
        days = Days(rawValue: fields["days"]) ?? .whole
        week = fields["week"]
        from = fields["from"]
        to = fields["to"]
        seconds = fields["seconds"]
        ownSeconds = fields.text("own_seconds") ?? ""
        isMending = fields["way"] == "mend"
        seed = fields.text("seed") ?? ""
    }

    /// The days that are meant.
    ///
    /// - Throws: ``FormProblem`` that names the field and what would be right.
    func selection() throws(FormProblem) -> PeriodSelection {
        switch days {
        case .whole: return .whole
        case .week: return .week(of: try Self.date(week, "the week"))
        case .span:
            let (first, last) = (try Self.date(from, "the first day"), try Self.date(to, "the last day"))
            guard first <= last else {
                throw FormProblem("The last day, \(last), comes before the first, \(first). Turn them round.")
            }
            return .days(from: first, to: last)
        }
    }

    private static func date(_ text: String, _ what: String) throws(FormProblem) -> CivilDate {
        guard let date = CivilDate(text) else {
            throw FormProblem(
                text.isEmpty
                    ? "Choose \(what)." : "“\(text.prefix(40))” is no day for \(what). Write one like 2026-10-26.")
        }
        return date
    }

    /// How long, and where chance begins.
    ///
    /// - Throws: ``FormProblem`` that names the field and what would be right.
    func effort() throws(FormProblem) -> PlanningRuns.Effort {
        let text = seconds == "own" ? ownSeconds : seconds
        guard let seconds = Int(text), (1...600).contains(seconds) else {
            throw FormProblem("Seconds are a whole number from 1 to 600, and “\(text.prefix(40))” is none.")
        }
        guard !seed.isEmpty else { return PlanningRuns.Effort(seconds: seconds) }
        guard let number = Int(seed), number >= 0 else {
            throw FormProblem(
                "The seed is a whole number from 0 on, and “\(seed.prefix(40))” is none. Or leave it empty.")
        }
        return PlanningRuns.Effort(seconds: seconds, seed: number)
    }
}

import ArgumentParser
import Coverage
import Scheduling

/// The options that say which days are meant.
struct PeriodOptions: ParsableArguments {
    @Option(help: "A day as YYYY-MM-DD: the week, Monday to Sunday, that holds it.")
    var week: String?

    @Option(help: "The first day as YYYY-MM-DD (default: the first of the consortium's period).")
    var from: String?

    @Option(help: "The last day as YYYY-MM-DD, included (default: the last of the consortium's period).")
    var to: String?

    func selection() throws -> PeriodSelection {
        if let week {
            guard from == nil, to == nil else {
                throw CommandFailure.badInput("--week cannot be given together with --from or --to: it is a whole week")
            }
            return .week(of: try date(week, "--week"))
        }
        guard from != nil || to != nil else { return .whole }
        return .days(from: try from.map { try date($0, "--from") }, to: try to.map { try date($0, "--to") })
    }

    private func date(_ text: String, _ option: String) throws -> CivilDate {
        guard let date = CivilDate(text) else {
            throw CommandFailure.badInput("\(option): “\(text)” is no date: write one of the calendar, like 2026-10-26")
        }
        return date
    }
}

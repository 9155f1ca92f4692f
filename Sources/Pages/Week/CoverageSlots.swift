import Coverage
import Planning
import Scheduling

/// What is wanted of a queue and who is there, slot by slot.
struct CoverageSlots: Hashable, Sendable {
    struct Slot: Hashable, Sendable {
        let there: Int
        let target: Int
        let minimum: Int
        let level: CoverageLevel

        /// `2 of 3`, for people who do not see colours.
        var words: String { level == .closed ? "closed" : "\(there) of \(target), \(level.words)" }
    }

    let slotMinutes: Int
    let slots: [Slot]

    /// - Parameters:
    ///   - queue: An index of the problem's.
    ///   - range: Indices of the problem's calendar, all inside its period.
    ///   - board: The week that they are of.
    init(_ queue: Int, _ range: Range<Int>, on board: WeekBoard) {
        let (problem, table) = (board.problem, board.table)
        slotMinutes = problem.calendar.slotMinutes
        slots = range.map { slot in
            let cell = queue * problem.demand.slots + slot
            let (minimum, target) = (Int(problem.demand.minimum[cell]), max(0, Int(problem.demand.target[cell])))
            let there = table.staffed(queue, at: slot)
            let level = CoverageLevel(
                there: there, minimum: minimum, target: target, isOpen: problem.demand.isOpen(queue, slot))
            return Slot(there: there, target: target, minimum: minimum, level: level)
        }
    }

    var wantedMinutes: Int { minutes { $0.target } }
    var coveredMinutes: Int { minutes { min($0.there, $0.target) } }
    /// Below the minimums.
    var criticalMinutes: Int { minutes { max(0, $0.minimum - $0.there) } }
    /// Above the minimums and below the targets.
    var thinMinutes: Int { minutes { max(0, $0.target - max($0.there, $0.minimum)) } }

    /// The worst of it; closed where nobody is wanted at all.
    var worst: CoverageLevel {
        for level in [CoverageLevel.critical, .thin, .covered, .over] where slots.contains(where: { $0.level == level })
        {
            return level
        }
        return .closed
    }

    private func minutes(_ count: (Slot) -> Int) -> Int {
        slots.reduce(0) { $0 + count($1) } * slotMinutes
    }

    /// Neighbouring slots that look alike, with how many they are.
    var runs: [(slot: Slot, count: Int)] {
        var runs: [(slot: Slot, count: Int)] = []
        for slot in slots {
            if let last = runs.last, last.slot.words == slot.words {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((slot, 1))
            }
        }
        return runs
    }

    /// An SVG strip of the levels, one unit wide a slot.
    var strip: String {
        var paths = ""
        for level in CoverageLevel.allCases where level != .closed {
            var outline = ""
            var x = 0
            for run in levelRuns {
                if run.level == level { outline += "M\(x) 0h\(run.count)v1h-\(run.count)z" }
                x += run.count
            }
            if !outline.isEmpty { paths += "<path class=\"\(level.styleClass)\" d=\"\(outline)\"/>" }
        }
        return "<svg class=\"strip\" viewBox=\"0 0 \(slots.count) 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\""
            + " focusable=\"false\">\(paths)</svg>"
    }

    private var levelRuns: [(level: CoverageLevel, count: Int)] {
        var runs: [(level: CoverageLevel, count: Int)] = []
        for slot in slots {
            if let last = runs.last, last.level == slot.level {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((slot.level, 1))
            }
        }
        return runs
    }
}

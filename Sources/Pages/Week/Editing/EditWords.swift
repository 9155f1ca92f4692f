import Coverage
import Planning
import Scheduling
import Storage

/// What an edit did, in words.
struct EditWords {
    let edit: PlanEditRepository.Edit
    let board: WeekBoard

    /// `Ada King: Ask, Mon 26 Oct 09:00–11:00 → 10:00–12:00`.
    var text: String {
        let pairs = max(edit.removed.count, edit.added.count)
        let texts = (0..<pairs).map { index in
            change(
                index < edit.removed.count ? edit.removed[index].shift : nil,
                index < edit.added.count ? edit.added[index].shift : nil)
        }
        return texts.joined(separator: "; ")
    }

    private func change(_ old: Shift?, _ new: Shift?) -> String {
        guard let old else { return new.map { "\(name($0.operator)) added to \(place($0))" } ?? "" }
        guard let new else { return "\(name(old.operator)) taken from \(place(old))" }
        if old.operator != new.operator {
            let rest = old.queue == new.queue && old.during == new.during ? "" : " → \(place(new))"
            return "\(place(old)): \(name(old.operator)) → \(name(new.operator))\(rest)"
        }
        if old.queue == new.queue, day(old) == day(new) {
            return "\(name(old.operator)): \(place(old)) → \(DayText.times(new.during, in: board.problem.zone))"
        }
        return "\(name(old.operator)): \(place(old)) → \(place(new))"
    }

    private func day(_ shift: Shift) -> CivilDate { board.problem.zone.civil(at: shift.during.lowerBound).date }

    private func name(_ id: Operator.ID) -> String {
        board.problem.operatorIndex[id].map { board.problem.operators[$0].name } ?? id.rawValue
    }

    private func place(_ shift: Shift) -> String {
        let queue = board.problem.queueIndex[shift.queue].map { board.problem.queues[$0].name } ?? shift.queue.rawValue
        let date = day(shift)
        return "\(queue), \(DayText.weekday(date.weekday).prefix(3)) \(DayText.short(date)) "
            + DayText.times(shift.during, in: board.problem.zone)
    }

    /// Values for the list of edits on a week.
    func values(isLatest: Bool) -> [String: Any] {
        let zone = board.problem.zone
        let date = zone.civil(at: edit.madeAt).date
        return .present([
            "number": edit.number, "text": (edit.kind == .undo ? "Taken back: " : "") + text,
            "by": edit.madeBy, "at": "\(DayText.short(date)), \(DayText.time(edit.madeAt, in: zone))",
            "reason": edit.reason.isEmpty ? nil : edit.reason,
            "undo": edit.undoneBy == nil ? "/week/edits/\(edit.number)/undo" : nil,
            "isUndone": edit.undoneBy != nil, "isLatest": isLatest,
        ])
    }
}

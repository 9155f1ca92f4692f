import Coverage
import HTTPTypes
import Planning
import Scheduling
import Storage

/// What the page of a week shows.
struct WeekView {
    let board: WeekBoard
    let selection: WeekSelection
    let date: CivilDate
    let now: Instant
    let matrix: WeekMatrix
    let grid: DayGrid
    /// Whether whoever looks may change shifts.
    var canEdit = false
    /// What was changed last, the newest first.
    var edits: [PlanEditRepository.Edit] = []
    /// The change that was just made, by its number.
    var justMade: Int?

    /// - Throws: ``PageProblem`` where the selection names what is not there.
    init(_ board: WeekBoard, _ selection: WeekSelection, now: Instant) throws(PageProblem) {
        let problem = board.problem
        if let queue = selection.queue, problem.queueIndex[queue] == nil { throw Self.unknown("queue", queue.rawValue) }
        if let library = selection.library, problem.libraryIndex[library] == nil {
            throw Self.unknown("library", library.rawValue)
        }
        self.board = board
        self.selection = selection
        self.now = now
        date = selection.date ?? board.monday
        let queues = problem.queues.indices.filter { index in
            (selection.queue == nil || problem.queues[index].id == selection.queue)
                && (selection.skill == nil || problem.queues[index].skill == selection.skill)
        }
        matrix = WeekMatrix(of: board, queues: queues)
        grid = DayGrid(date, of: board, queues: queues, now: now) { shift in
            guard let library = selection.library else { return true }
            return problem.operatorIndex[shift.operator].map { problem.operators[$0].library } == library
        }
    }

    private static func unknown(_ kind: String, _ id: String) -> PageProblem {
        PageProblem(
            .notFound, "There is no \(kind) “\(id)”", "It may have left the consortium.",
            way: ("/week", "See the whole week"))
    }

    var page: Page {
        let last = board.monday.advanced(byDays: 6)
        let neighbors = WeekNeighbors.values(of: date, on: board) { date in selection.with { $0.date = date }.address }
        return Page(
            template: "week", title: "Week of \(DayText.span(board.monday, last))", section: .week,
            values: .present([
                "heading": DayText.span(board.monday, last),
                "plan": planWords, "planMessage": board.messages, "isDraft": selection.plan != nil,
                "planning": planning, "summary": summary, "earlier": neighbors["earlier"], "later": neighbors["later"],
                "filters": filters, "days": dayTabs, "matrix": matrixRows, "day": dayValues,
                "edits": editValues, "made": madeValues, "isEditable": canEdit,
                "shownVersion": WeekFrames.version(of: board),
                "stream": "/week/stream?" + (selection.address.split(separator: "?").last.map(String.init) ?? ""),
            ]), stylesheets: canEdit ? ["week.css", "edit.css"] : ["week.css"],
            scripts: canEdit ? ["now-line.js", "week-edit.js", "week-live.js"] : ["now-line.js", "week-live.js"])
    }
}

// MARK: Changes

extension WeekView {
    private var editValues: [String: Any]? {
        guard canEdit, !edits.isEmpty else { return nil }
        return [
            "list": edits.map { EditWords(edit: $0, board: board).values(isLatest: $0.number == justMade) },
            "count": edits.count == 1 ? "The last change" : "The last \(edits.count) changes", "to": here,
        ]
    }

    private var madeValues: [String: Any]? {
        guard canEdit, let edit = edits.first(where: { $0.number == justMade }) else { return nil }
        var values = EditWords(edit: edit, board: board).values(isLatest: true)
        values["to"] = here
        return values
    }

    /// This page, for coming back to it.
    private var here: String { selection.address + "#day-\(date)" }
}

// MARK: The week

extension WeekView {
    private var planWords: String {
        guard let plan = board.plans.first else { return "Nothing is published for this week" }
        if selection.plan != nil { return "Plan \(plan.number), \(plan.state.rawValue)" }
        let numbers = board.plans.map { "\($0.number)" }.joined(separator: ", ")
        return board.plans.count == 1 ? "Published plan \(numbers)" : "Published plans \(numbers)"
    }

    /// Where whoever makes plans goes on from here.
    private var planning: [String: Any]? {
        guard canEdit else { return nil }
        guard let number = selection.plan, let plan = board.plans.first else {
            // What people have in their calendars is mended rather than made anew.
            let way = board.plans.isEmpty ? "" : "&way=mend"
            return ["address": "/planning?week=\(board.monday)\(way)", "text": "Plan this week"]
        }
        let name = plan.state == .draft ? "Draft \(number)" : "Plan \(number)"
        return ["address": DraftView.path(number), "text": "\(name): changes, suggestions, publishing"]
    }

    /// Figures of the week in words.
    private var summary: [[String: Any]] {
        let total = matrix.total()
        return [
            ["figure": Self.percent(total.covered, of: total.wanted), "text": "of the hours wanted are covered"],
            [
                "figure": DayText.hours(minutes: total.critical), "text": "below the minimum",
                "style": total.critical > 0 ? "is-critical" : "",
            ],
            [
                "figure": DayText.hours(minutes: total.thin), "text": "thin",
                "style": total.thin > 0 ? "is-thin" : "",
            ],
        ]
    }

    private var filters: [String: Any] {
        let problem = board.problem
        let skills = Set(problem.queues.map(\.skill)).sorted()
        let chosen = selection.library?.rawValue
        let isListed = problem.libraries.count <= Self.mostChoices
        return .present([
            "date": date.description, "version": selection.plan.map { "\($0)" },
            "queues": problem.queues.map { Self.option($0.id.rawValue, $0.name, selection.queue?.rawValue) },
            "libraries": isListed
                ? ["options": problem.libraries.map { Self.option($0.id.rawValue, $0.name, chosen) }] : nil,
            "libraryField": isListed ? nil : ["value": chosen ?? ""],
            "skills": skills.map { Self.option($0.rawValue, $0.rawValue, selection.skill?.rawValue) },
            "isFiltered": selection.queue != nil || selection.library != nil || selection.skill != nil,
            "all": selection.with {
                $0.queue = nil; $0.library = nil; $0.skill = nil
            }.address,
        ])
    }

    /// The most libraries that can be chosen from a list; with more, it would be longer than all else on the page.
    private static let mostChoices = 200

    private static func option(_ id: String, _ name: String, _ chosen: String?) -> [String: Any] {
        ["id": id, "name": name, "isChosen": id == chosen]
    }

    private var dayTabs: [[String: Any]] {
        let today = board.problem.zone.civil(at: now).date
        return matrix.days.indices.map { index in
            let day = matrix.days[index]
            let total = matrix.total(day: index)
            return [
                "address": selection.with { $0.date = day }.address,
                "weekday": DayText.weekday(day.weekday).prefix(3).description, "date": DayText.short(day),
                "percent": Self.percent(total.covered, of: total.wanted),
                "isToday": day == today, "isChosen": day == date,
            ]
        }
    }

    private var matrixRows: [[String: Any]] {
        matrix.rows.map { row in
            [
                "name": row.queue.name, "channel": row.queue.channel.rawValue,
                "cells": row.days.indices.map { index in cell(row.days[index], of: row.queue, on: matrix.days[index]) },
            ]
        }
    }

    private func cell(_ coverage: CoverageSlots, of queue: Queue, on day: CivilDate) -> [String: Any] {
        let isClosed = coverage.worst == .closed
        return .present([
            "address": selection.with { $0.date = day }.address + "#queue-\(queue.id.rawValue)",
            "percent": isClosed ? "closed" : Self.percent(coverage.coveredMinutes, of: coverage.wantedMinutes),
            "short": Self.shortage(coverage), "style": coverage.worst.styleClass, "strip": coverage.strip,
            "isChosen": day == date, "isClosed": isClosed,
        ])
    }

    /// What is missing, of the worst kind there is.
    private static func shortage(_ coverage: CoverageSlots) -> String? {
        if coverage.criticalMinutes > 0 { return "\(DayText.hours(minutes: coverage.criticalMinutes)) missing" }
        if coverage.thinMinutes > 0 { return "\(DayText.hours(minutes: coverage.thinMinutes)) thin" }
        return nil
    }

    /// Whole percent, never 100 where something is missing.
    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        return "\(part * 100 / whole) %"
    }
}

// MARK: The day

extension WeekView {
    private var dayValues: [String: Any] {
        let furtherGaps = grid.rows.reduce(0) { $0 + $1.gaps.count - shownGaps(of: $1).count }
        return .present([
            "heading": DayText.long(date), "id": date.description,
            "headings": grid.headings.map { ["text": $0.text, "slots": $0.slots, "isNow": $0.isNow] },
            "firstMinute": MinuteText.text(grid.start), "slotMinutes": board.problem.calendar.slotMinutes,
            "nowMinutes": grid.nowMinutes.map(String.init),
            "columns": grid.slotCount, "slotsAnHour": max(1, 60 / board.problem.calendar.slotMinutes),
            "queues": grid.rows.map(queueValues),
            "gapCount": grid.rows.reduce(0) { $0 + $1.gaps.count },
            "hasGaps": grid.rows.contains { !$0.gaps.isEmpty },
            "furtherGaps": furtherGaps > 0 ? furtherGaps : nil, "parts": partValues,
        ])
    }

    /// More shifts than a page can hold and anybody read: with several queues, each tells how many it has; one alone is
    /// shown in parts.
    private static let mostShifts = 300
    private static let mostGaps = 40

    private var isFolded: Bool {
        grid.rows.count > 1 && grid.rows.reduce(0) { $0 + $1.shiftCount } > Self.mostShifts
    }

    /// The parts of the one queue that is shown; nil where there is one part, or several queues.
    private var parts: (shown: Int, count: Int)? {
        guard grid.rows.count == 1, let rows = grid.rows.first else { return nil }
        let count = rows.parts(of: Self.mostShifts).count
        return count > 1 ? (min(selection.part, count), count) : nil
    }

    private var partValues: [String: Any]? {
        guard let parts else { return nil }
        let address = { (part: Int) in selection.with { $0.part = part }.address + "#day-\(date)" }
        return .present([
            "text": "Part \(parts.shown) of \(parts.count)",
            "before": parts.shown > 1 ? address(parts.shown - 1) : nil,
            "after": parts.shown < parts.count ? address(parts.shown + 1) : nil,
        ])
    }

    private func shownLanes(of rows: DayGrid.QueueRows) -> [[DayGrid.Placed]] {
        if isFolded { return [] }
        guard let parts else { return rows.lanes }
        return rows.parts(of: Self.mostShifts)[parts.shown - 1]
    }

    private func folded(_ rows: DayGrid.QueueRows) -> [String: Any]? {
        guard isFolded, rows.shiftCount > 0 else { return nil }
        return [
            "address": selection.with { $0.queue = rows.queue.id }.address + "#day-\(date)",
            "text": rows.shiftCount == 1 ? "1 shift: who sits when" : "\(rows.shiftCount) shifts: who sits when",
        ]
    }

    private func queueValues(_ rows: DayGrid.QueueRows) -> [String: Any] {
        let shown = shownLanes(of: rows)
        // Where nobody is there is a row without anybody, so that what is wanted is no taller than elsewhere.
        let lanes = shown.isEmpty && folded(rows) == nil ? [[]] : shown
        return .present([
            "id": rows.queue.id.rawValue, "name": rows.queue.name, "channel": rows.queue.channel.rawValue,
            "span": lanes.count + 1 + (folded(rows) == nil ? 0 : 1), "columns": grid.slotCount,
            "folded": folded(rows),
            "coverage": rows.coverage.runs.map { run in
                [
                    "slots": run.count, "style": run.slot.level.styleClass,
                    "text": run.slot.level == .closed ? "" : "\(run.slot.there)/\(run.slot.target)",
                    "words": run.slot.words,
                ] as [String: Any]
            },
            "lanes": lanes.map { ["pieces": pieces($0)] },
            "gaps": shownGaps(of: rows).map(gapValues),
        ])
    }

    /// The first of the day's gaps, the critical ones before the thin.
    private func shownGaps(of rows: DayGrid.QueueRows) -> [ExplainedGap] {
        let all = grid.rows.reduce(0) { $0 + $1.gaps.count }
        guard all > Self.mostGaps else { return rows.gaps }
        // Each queue its share, so that none is passed over.
        let share = max(1, Self.mostGaps / max(1, grid.rows.count { !$0.gaps.isEmpty }))
        let critical = rows.gaps.filter { $0.gap.severity == .critical }
        return Array((critical + rows.gaps.filter { $0.gap.severity == .thin }).prefix(share))
    }

    /// A lane as cells of a table: shifts, and the space between them.
    private func pieces(_ lane: [DayGrid.Placed]) -> [[String: Any]] {
        var pieces: [[String: Any]] = []
        var column = 0
        for placed in lane {
            if placed.slots.lowerBound > column { pieces.append(["slots": placed.slots.lowerBound - column]) }
            pieces.append(shiftValues(placed))
            column = placed.slots.upperBound
        }
        if column < grid.slotCount { pieces.append(["slots": grid.slotCount - column]) }
        return pieces
    }

    private func shiftValues(_ placed: DayGrid.Placed) -> [String: Any] {
        let problem = board.problem
        let person = problem.operatorIndex[placed.shift.operator].map { problem.operators[$0] }
        let library = person.flatMap { problem.libraryIndex[$0.library] }.map { problem.libraries[$0].name }
        let isAway = isAway(placed.shift)
        let style =
            (placed.isCutAtStart ? " from-before" : "") + (placed.isCutAtEnd ? " to-after" : "")
            + (isAway ? " is-away" : "")
        return [
            "slots": placed.slots.count,
            "shift": .present([
                "name": person?.name ?? placed.shift.operator.rawValue, "library": library ?? "has left",
                "times": DayText.times(placed.shift.during, in: problem.zone), "style": style,
                "away": isAway ? true : nil,
                "edit": isEditable(placed.shift) ? ShiftWish.address(of: placed.shift, plan: selection.plan) : nil,
            ]) as [String: Any],
        ]
    }

    /// Whether somebody is absent in some of a shift, or their library closed: published, and not to be worked.
    private func isAway(_ shift: Shift) -> Bool {
        let problem = board.problem
        guard let person = problem.operatorIndex[shift.operator] else { return false }
        let slots = problem.calendar.slots(touching: shift.during).clamped(to: 0..<problem.calendar.count)
        return slots.contains { slot in
            problem.availability.isAbsent[person, slot]
                || problem.availability.isClosed[problem.libraryOfOperator[person], slot]
        }
    }

    /// What was worked, and plans that another took the place of, stay as they were.
    private func isEditable(_ shift: Shift) -> Bool {
        guard canEdit, let plan = board.plan(of: shift.during) else { return false }
        return plan.state == .draft || plan.state == .published && shift.during.upperBound > now
    }

    private func gapValues(_ explained: ExplainedGap) -> [String: Any] {
        let isOpen =
            canEdit && board.plan(of: explained.gap.during)?.state != .superseded
            && (selection.plan != nil || explained.gap.during.upperBound > now)
        return .present([
            "style": explained.gap.severity == .critical ? "is-critical" : "is-thin",
            "severity": explained.gap.severity.rawValue,
            "times": DayText.times(explained.gap.during, in: board.problem.zone),
            "missing": explained.gap.missing == 1 ? "1 person missing" : "\(explained.gap.missing) people missing",
            "reason": GapWords(reason: explained.reason, problem: board.problem).text,
            "who": isOpen ? ShiftWish.address(of: explained.gap, plan: selection.plan) : nil,
        ])
    }
}

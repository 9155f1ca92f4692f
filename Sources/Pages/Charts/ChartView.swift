import Charts
import Coverage
import Planning
import Scheduling

/// What a page of charts shows.
struct ChartView {
    let board: ChartBoard
    let sheets: [ChartSheet]
    /// Whether it is one subject's own page, with its table.
    let isWhole: Bool

    private var selection: ChartSelection { board.selection }
    private var monday: CivilDate { board.board.monday }

    var page: Page {
        let week = DayText.span(monday, monday.advanced(byDays: 6))
        let title = isWhole ? sheets.first?.kind.title ?? "Charts" : "Charts"
        var values: [String: Any] = [
            "heading": title, "week": week, "isWhole": isWhole, "overview": whole(nil).address(),
            "filters": filters, "sheets": sheets.map(values),
        ]
        // Left out where there is none: a nil that is Any counts as something in a template.
        values.merge(
            WeekNeighbors.values(of: board.date, on: board.board) { date in
                selection.with { $0.week.date = date }.address(of: kind)
            }
        ) { $1 }
        return Page(
            template: "charts", title: "\(title), \(week)", section: .charts, values: values,
            stylesheets: ["charts.css"])
    }

    private var kind: ChartKind? { isWhole ? sheets.first?.kind : nil }

    /// The selection without what is of one page alone.
    private func whole(_ part: Int?) -> ChartSelection {
        selection.with {
            $0.part = part ?? 1
            $0.isDay = false
        }
    }

    private var filters: [String: Any] {
        let problem = board.board.problem
        let all = selection.with {
            $0.week.queue = nil
            $0.week.library = nil
        }
        let libraries = problem.libraries.filter { board.ownLibrary == nil || $0.id == board.ownLibrary }
        var values: [String: Any] = [
            "action": whole(nil).with { $0.week = WeekSelection() }.address(of: kind),
            "date": board.date.description,
            "isDay": selection.isDay && kind == .staffing,
            "queues": problem.queues.map { Self.option($0.id.rawValue, $0.name, selection.week.queue?.rawValue) },
            "isFiltered": selection.week.queue != nil || selection.week.library != nil,
            "all": all.address(of: kind),
        ]
        values["plan"] = selection.week.plan
        if libraries.count <= Self.mostChoices {
            let options = libraries.map { Self.option($0.id.rawValue, $0.name, selection.week.library?.rawValue) }
            values["libraries"] = ["options": options]
        } else {
            values["libraryField"] = ["value": selection.week.library?.rawValue ?? ""]
        }
        return values
    }

    /// The most libraries that can be chosen from a list; with more, it would be longer than all else on the page.
    private static let mostChoices = 200

    private static func option(_ id: String, _ name: String, _ chosen: String?) -> [String: Any] {
        ["id": id, "name": name, "isChosen": id == chosen]
    }

    // MARK: A subject

    private func values(of sheet: ChartSheet) -> [String: Any] {
        var values: [String: Any] = [
            "id": sheet.kind.rawValue, "title": sheet.kind.title, "lead": sheet.kind.lead,
            "address": whole(nil).address(of: sheet.kind), "file": selection.address(of: sheet.kind, file: true),
            "figures": zip(sheet.panels, sheet.captions).enumerated().map { number, figure in
                [
                    "caption": figure.1, "hasCaption": !figure.1.isEmpty, "summary": figure.0.summary,
                    "svg": figure.0.svg(named: "\(sheet.kind)\(number)".lowercased()),
                ] as [String: Any]
            },
            "isWide": sheet.panels.count == 1,
        ]
        if !sheet.note.isEmpty { values["remark"] = sheet.note }
        if sheet.kind == .staffing { values["days"] = ["links": dayLinks] }
        guard isWhole else { return values }
        values["table"] = Self.table(sheet.shownTable.shown)
        if sheet.kind == .contributions || sheet.kind == .unpopularHours, board.parts > 1 {
            values["parts"] = ["links": partLinks(of: sheet.kind)]
        }
        return values
    }

    /// The week, and each of its days.
    private var dayLinks: [[String: Any]] {
        let week: [String: Any] = [
            "address": whole(nil).address(of: .staffing), "text": "Week", "isChosen": !selection.isDay,
        ]
        return [week]
            + Weekday.allCases.map { weekday in
                let day = monday.advanced(byDays: weekday.rawValue)
                let chosen = whole(nil).with {
                    $0.isDay = true
                    $0.week.date = day
                }
                return [
                    "address": chosen.address(of: .staffing), "text": DayText.weekday(weekday),
                    "isChosen": selection.isDay && day == board.date,
                ]
            }
    }

    private func partLinks(of kind: ChartKind) -> [[String: Any]] {
        (1...board.parts).map { part in
            ["address": whole(part).address(of: kind), "text": "\(part)", "isChosen": part == selection.part]
        }
    }

    private static func table(_ table: ChartTable) -> [String: Any] {
        [
            "columns": table.columns.map { ["title": $0.title, "isNumber": $0.isNumber] as [String: Any] },
            "rows": table.rows.map { row in
                [
                    "first": row.first ?? "",
                    "cells": zip(table.columns, row).dropFirst().map { column, text in
                        ["text": text, "isNumber": column.isNumber] as [String: Any]
                    },
                ] as [String: Any]
            },
        ]
    }
}

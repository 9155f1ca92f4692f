import Coverage
import Planning
import Scheduling

/// What the page of a library's week shows.
struct LibraryView {
    let board: WeekBoard
    let week: LibraryWeek
    /// The library's clock, by which all times are told.
    let zone: TimeZoneRules
    let date: CivilDate
    let now: Instant
    let asker: RequestAsker
    let account: Account

    private var library: Library { week.library }
    private var address: String { "/library/\(library.id.rawValue)" }

    var page: Page {
        let neighbors = WeekNeighbors.values(of: date, on: board) { "\(address)?date=\($0)" }
        let span = DayText.span(board.monday, board.monday.advanced(byDays: 6))
        return Page(
            template: "library", title: "\(library.name), \(span)", section: .library,
            values: .present([
                "heading": library.name, "week": span, "planMessage": board.messages,
                "parts": LibraryParts.links(of: library.id, for: account, at: .week),
                "clock": zone.identifier == board.problem.zone.identifier ? nil : zone.identifier,
                "earlier": neighbors["earlier"], "later": neighbors["later"], "figures": figures,
                "present": onNow, "hasPresent": !onNow.isEmpty, "isThisWeek": board.period.contains(now),
                "next": next, "days": days, "rows": week.rows.map(rowValues), "hasRows": !week.rows.isEmpty,
                "openings": week.openings.prefix(Self.mostOpenings).map(openingValues),
                "hasOpenings": !week.openings.isEmpty,
                "furtherOpenings": week.openings.count > Self.mostOpenings
                    ? week.openings.count - Self.mostOpenings : nil,
            ]), stylesheets: ["library.css"])
    }

    /// More than a page of them help nobody to choose.
    private static let mostOpenings = 20

    /// The week's hours against the promise.
    private var figures: [[String: Any]] {
        // Thousandths of an hour.
        let promised = library.contributionHoursPerWeek.rawValue * 60 / 1000
        let difference = week.minutes - promised
        let missing = DayText.hours(minutes: abs(difference))
        let words =
            difference == 0
            ? "promised, and kept" : difference > 0 ? "promised, so \(missing) more" : "promised, so \(missing) missing"
        return [
            ["figure": DayText.hours(minutes: week.minutes), "text": "given this week"],
            ["figure": DayText.hours(minutes: promised), "text": words],
            ["figure": "\(week.shifts.count)", "text": week.shifts.count == 1 ? "shift" : "shifts"],
        ]
    }

    private var onNow: [[String: Any]] {
        week.shifts.filter { $0.during.contains(now) }.map { shift in
            [
                "name": name(of: shift.operator), "queue": queue(shift.queue),
                "until": DayText.time(shift.during.upperBound, in: zone),
            ]
        }
    }

    /// The shift that begins next, today.
    private var next: String? {
        let today = zone.civil(at: now).date
        guard let shift = week.shifts.filter({ $0.during.lowerBound > now }).min(by: Shift.precedes),
            zone.civil(at: shift.during.lowerBound).date == today
        else { return nil }
        return "\(name(of: shift.operator)) at \(DayText.time(shift.during.lowerBound, in: zone)), "
            + queue(shift.queue)
    }

    private var days: [[String: Any]] {
        let today = zone.civil(at: now).date
        return week.days.map { day in
            [
                "weekday": String(DayText.weekday(day.weekday).prefix(3)), "date": DayText.short(day),
                "isToday": day == today,
            ]
        }
    }

    private func rowValues(_ row: LibraryWeek.Row) -> [String: Any] {
        let today = zone.civil(at: now).date
        return [
            "name": row.person.name, "times": AvailabilityPages.address(of: row.person.id, at: library.id),
            "hours": row.minutes == 0 ? "–" : DayText.hours(minutes: row.minutes),
            "cells": zip(week.days, row.days).map { day, shifts in
                [
                    "isToday": day == today,
                    "shifts": shifts.map { shift in
                        [
                            "times": times(of: shift, on: day), "queue": queue(shift.queue),
                            "isNow": shift.during.contains(now), "ask": askAddress(shift),
                        ] as [String: Any]
                    },
                ] as [String: Any]
            },
        ]
    }

    /// With its day where it begins the evening before: the consortium's Monday may be a library's Sunday.
    private func times(of shift: Shift, on day: CivilDate) -> String {
        let start = zone.civil(at: shift.during.lowerBound).date
        let times = DayText.times(shift.during, in: zone)
        return start == day ? times : "\(DayText.weekday(start.weekday).prefix(3)) \(times)"
    }

    private func openingValues(_ opening: LibraryWeek.Opening) -> [String: Any] {
        let start = opening.gap.during.lowerBound
        return [
            "style": opening.gap.severity == .critical ? "is-critical" : "is-thin",
            "severity": opening.gap.severity == .critical ? "below the minimum" : "thin",
            "queue": queue(opening.gap.queue), "day": DayText.long(zone.civil(at: start).date),
            "times": DayText.times(opening.gap.during, in: zone),
            "people": opening.proposals.map(proposalValues),
        ]
    }

    private func proposalValues(_ proposal: LibraryWeek.Proposal) -> [String: Any] {
        let shift = proposal.shift
        return .present([
            "text": "\(name(of: shift.operator)), \(DayText.times(shift.during, in: zone))",
            "isFavourite": proposal.isFavourite && showsLiking, "operator": shift.operator.rawValue,
            "claim": mayClaim(shift) ? ShiftReference(shift).text : nil,
        ])
    }

    /// Readers of all libraries are not told how people like their times.
    private var showsLiking: Bool { account.role == .coordinator || account.library == library.id }

    /// Coordinators place people themselves.
    private func mayClaim(_ shift: Shift) -> Bool {
        !asker.decides && shift.during.lowerBound > now && asker.mayAsk(for: shift.operator, board.problem)
    }

    /// Where a shift that is yet to come is given away or swapped; false where it is not.
    private func askAddress(_ shift: Shift) -> Any {
        guard shift.during.lowerBound > now, asker.mayAsk(for: shift.operator, board.problem) else { return false }
        return "/requests/new?shift=\(FormFields.encoded(ShiftReference(shift).text))"
    }

    private func name(of person: Operator.ID) -> String {
        board.problem.operatorIndex[person].map { board.problem.operators[$0].name } ?? person.rawValue
    }

    private func queue(_ id: Queue.ID) -> String {
        board.problem.queueIndex[id].map { board.problem.queues[$0].name } ?? id.rawValue
    }
}

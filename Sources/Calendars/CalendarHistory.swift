import Coverage

/// What became of each shift over all publications: what is on now, since when, and what was cancelled.
///
/// To programs that read calendars a shift is the same as long as the operator, the queue and the start are: then its end
/// may change, it may be cancelled, and come back. Each of these makes its sequence number greater (RFC 5545, 3.8.7.4),
/// however plans are split and replaced.
package struct CalendarHistory: Sendable {
    /// What stays the same as long as a shift is the same.
    private struct Identity: Hashable {
        let person: Operator.ID
        let queue: Queue.ID
        let start: Instant
    }

    private let publications: [Publication]

    /// - Parameter publications: All plans that were ever published, as they were then and after each edit since, in any
    ///   order: sequence numbers count them.
    package init(_ publications: [Publication]) {
        self.publications = publications.sorted(by: Publication.precedes)
    }

    /// The events of a calendar, by start, queue and operator.
    ///
    /// - Parameter shifts: Those of the publications that the calendar is about, in any order.
    /// - Returns: One event for each shift that was ever published; those that are not any more are cancelled.
    /// - Complexity: O(shifts × publications that cover the same time)
    package func events(of shifts: [PublishedShift]) -> [CalendarEvent] {
        let byIdentity = Dictionary(grouping: shifts) { published in
            Identity(
                person: published.shift.operator, queue: published.shift.queue,
                start: published.shift.during.lowerBound)
        }
        return byIdentity.compactMap { event($0, $1) }.sorted(by: CalendarEvent.precedes)
    }

    private func event(_ identity: Identity, _ shifts: [PublishedShift]) -> CalendarEvent? {
        let byPlan = Dictionary(grouping: shifts, by: \.plan)
        var last: PublishedShift?
        var isOn = false
        var change: (sequence: Int, at: Instant)?
        for (number, publication) in publications.enumerated() where publication.period.contains(identity.start) {
            let shift = byPlan[publication.plan]?.first { $0.edits.contains(publication.edit) }
            let isSame = shift.map { isOn && $0.shift.during == last?.shift.during } ?? !isOn
            isOn = shift != nil
            last = shift ?? last
            if !isSame { change = (2 * number, publication.publishedAt) }
            guard let end = publication.supersededAt, isOn, isLast(number, at: identity.start) else { continue }
            // No other took its place for that time.
            isOn = false
            change = (2 * number + 1, end)
        }
        guard let last, let change else { return nil }
        return CalendarEvent(shift: last, sequence: change.sequence, changedAt: change.at, isCancelled: !isOn)
    }

    private func isLast(_ number: Int, at start: Instant) -> Bool {
        !publications[(number + 1)...].contains { $0.period.contains(start) }
    }
}

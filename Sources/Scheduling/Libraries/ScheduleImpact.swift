package import Coverage
import Planning
package import PostgresClient
package import Storage

/// What becomes of the published schedule if people of a library are away for a time: which of their shifts are hit, and
/// how many are left in these hours.
package struct ScheduleImpact: Sendable {
    /// A shift some of which cannot be worked.
    package struct Hit: Sendable {
        package let shift: LibraryRepository.NamedShift
        /// What of it lies in the time.
        package let missing: Range<Instant>
        /// The missing time in pieces that are alike; empty where the week cannot be judged.
        package let pieces: [Piece]
    }

    /// A time in which it is the same.
    package struct Piece: Hashable, Sendable {
        package var during: Range<Instant>
        /// How many are on the queue as it is published.
        package let there: Int
        /// How many are left.
        package let left: Int
        package let minimum: Int
        package let target: Int
        package let isOpen: Bool
    }

    /// By the begin of the shifts.
    package let hits: [Hit]

    /// Which shifts they are, so that it is seen whether they are still the same later.
    package var fingerprint: String { Self.fingerprint(hits.map(\.shift)) }

    /// Which shifts some are: `3/12@29700000-29700120`, their plans, numbers and minutes since 1970.
    package static func fingerprint(_ shifts: [LibraryRepository.NamedShift]) -> String {
        shifts.map { named in
            let (shift, during) = (named.shift, named.shift.during)
            let (start, end) = (during.lowerBound.minutesSince1970, during.upperBound.minutesSince1970)
            return "\(shift.plan)/\(shift.number)@\(start)-\(end)"
        }.joined(separator: " ")
    }

    /// Reads what an absence or a closure does.
    ///
    /// - Parameters:
    ///   - away: From when to when.
    ///   - person: Who is away; nil is everybody of the library.
    ///   - repository: The library's.
    ///   - boards: The weeks; of at most ``mostWeeks`` the coverage is told.
    ///   - pool: The database.
    /// - Returns: What it does.
    /// - Throws: ``PostgresError``; a week that cannot be judged is left without its coverage.
    package static func read(
        _ away: Range<Instant>, of person: Operator.ID?, _ repository: LibraryRepository, boards: WeekBoards,
        in pool: PostgresPool
    ) async throws -> ScheduleImpact {
        let shifts = try await pool.withConnection { try await repository.shifts(of: person, touching: away, in: $0) }
        let zone = try await boards.settings().zone
        let mondays = shifts.map { zone.civil(at: $0.shift.during.lowerBound).date.startOfWeek }
        var known: [CivilDate: WeekImpact] = [:]
        for monday in Set(mondays).sorted().prefix(mostWeeks) {
            do {
                let board = try await boards.board(weekOf: monday, .published)
                let hit = zip(shifts, mondays).filter { $0.1 == monday }.map(\.0)
                known[monday] = WeekImpact(hit.map(\.shift), away: away, on: board)
            } catch is SchedulingRefusal {
                // Published for days that the consortium plans no more: who is hit is told all the same.
                continue
            }
        }
        return ScheduleImpact(
            hits: zip(shifts, mondays).map { shift, monday in
                Hit(
                    shift: shift, missing: shift.shift.during.clamped(to: away),
                    pieces: known[monday]?.pieces(of: shift.shift) ?? [])
            })
    }

    /// How many weeks are judged: reading one costs as much as showing it.
    package static let mostWeeks = 6
}

/// Who is missing where in a week.
private struct WeekImpact {
    let board: WeekBoard
    let away: Range<Instant>
    /// By queue and slot, as demand's cells are counted.
    private var missing: [Int: Int] = [:]

    init(_ shifts: [IntentRepository.PublishedShift], away: Range<Instant>, on board: WeekBoard) {
        self.board = board
        self.away = away
        for shift in shifts {
            for cell in cells(of: shift) { missing[cell.index, default: 0] += 1 }
        }
    }

    func pieces(of shift: IntentRepository.PublishedShift) -> [ScheduleImpact.Piece] {
        var pieces: [ScheduleImpact.Piece] = []
        for cell in cells(of: shift) {
            let there = board.table.staffed(cell.queue, at: cell.slot)
            let demand = board.problem.demand
            let piece = ScheduleImpact.Piece(
                during: board.problem.calendar.instants(of: cell.slot..<cell.slot + 1), there: there,
                left: max(0, there - missing[cell.index, default: 0]), minimum: Int(demand.minimum[cell.index]),
                target: max(0, Int(demand.target[cell.index])), isOpen: demand.isOpen(cell.queue, cell.slot))
            if let last = pieces.last, last.isContinued(by: piece) {
                pieces[pieces.count - 1].during = last.during.lowerBound..<piece.during.upperBound
            } else {
                pieces.append(piece)
            }
        }
        return pieces
    }

    private struct Cell {
        let queue: Int
        let slot: Int
        let index: Int
    }

    /// The slots of a shift that the time touches, as the rules count them.
    private func cells(of shift: IntentRepository.PublishedShift) -> [Cell] {
        let problem = board.problem
        guard let queue = problem.queueIndex[shift.queue], let person = problem.operatorIndex[shift.operator],
            shift.during.overlaps(away)
        else { return [] }
        let slots = problem.calendar.slots(touching: shift.during.clamped(to: away))
            .clamped(to: problem.calendar.period)
        return slots.filter { board.table.queue(of: person, at: $0) == queue }
            .map { Cell(queue: queue, slot: $0, index: queue * problem.demand.slots + $0) }
    }
}

extension ScheduleImpact.Piece {
    /// Whether another piece that is alike begins where this one ends.
    fileprivate func isContinued(by next: ScheduleImpact.Piece) -> Bool {
        var expected = next
        expected.during = during
        return expected == self && during.upperBound == next.during.lowerBound
    }
}

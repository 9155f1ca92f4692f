import Coverage
import Routing

/// The seats whose rows a batch changes.
struct SeatChanges {
    /// A seat as it is now.
    struct Row {
        var seat: Seat
        var claim: SeatClaim?
        /// Of an offered seat.
        var offer: Offer?
    }

    /// Seats that are free now, and those that are another session's than before.
    private(set) var freed: [(seat: Seat, atEvent: Int64)] = []
    private(set) var removed: [Seat] = []
    private(set) var added: [Row] = []
    private(set) var claimed: [Row] = []

    init(_ changes: DeskChanges) {
        let offers = Dictionary(
            changes.sessions.flatMap { $0.after?.offers ?? [] }.map { ($0.seat, $0) }, uniquingKeysWith: { $1 })
        for change in changes.operators {
            // Whose presence is gone has no seats either.
            guard let after = change.after else { continue }
            let before = change.before?.seats ?? []
            for index in 0..<max(before.count, after.seats.count) {
                let seat = Seat(operator: change.id, number: index + 1)
                guard index < after.seats.count else {
                    removed.append(seat)
                    continue
                }
                let row = Row(seat: seat, claim: after.seats[index], offer: offers[seat])
                guard index < before.count else {
                    added.append(row)
                    continue
                }
                take(row, before: before[index], idleSince: after.idleSince)
            }
        }
    }

    private mutating func take(_ row: Row, before: SeatClaim?, idleSince: Int64) {
        // An offer may have been made anew with other times.
        guard row.claim != before || row.offer != nil else { return }
        if let before, row.claim?.session != before.session { freed.append((row.seat, idleSince)) }
        if row.claim != nil { claimed.append(row) }
    }
}

package import Coverage
package import Planning
package import PostgresClient
package import Storage

/// What people ask of single shifts, and deciding it.
///
/// A request changes nothing by itself: a shift that is given away stays its operator's until another has it. What is
/// granted is an edit like a coordinator's own, judged by all rules on the schedule as it stands then, and recorded in the
/// transaction that closes the request.
package struct ShiftRequests: Sendable {
    /// All that is open.
    package struct Open: Sendable {
        package let swaps: [ShiftRequestRepository.Swap]
        package let giveaways: [ShiftRequestRepository.Giveaway]
        package let claims: [ShiftRequestRepository.Claim]
        /// How many hours people can ask for the same before it is decided.
        package let claimHours: Int

        package var count: Int { swaps.count + giveaways.count + claims.count }
    }

    /// Why a request is not made or decided; then everything is as it was.
    package enum Refusal: Error, Sendable {
        /// It was decided or withdrawn meanwhile, or there never was one.
        case notOpen
        /// The shift is not published as it was seen.
        case shiftIsGone
        case hasBegun
        /// The part is not inside the shift, or all of it.
        case noPart
        case asksTwice
        /// The shifts of a swap lie in two weeks.
        case otherWeek
        /// The shift is the operator's own.
        case ownShift
        /// A giveaway is granted to somebody who asks for it.
        case nobodyTakesIt
        /// Others can ask for the same until then.
        case othersMayAsk(until: Instant)
    }

    let consortium: Consortium.ID
    package let editing: PlanEditing
    let pool: PostgresPool
    let now: @Sendable () -> Instant
    /// A new UUID in lower case.
    let newID: @Sendable () -> String

    package init(
        consortium: Consortium.ID, editing: PlanEditing, pool: PostgresPool, now: @escaping @Sendable () -> Instant,
        newID: @escaping @Sendable () -> String
    ) {
        self.consortium = consortium
        self.editing = editing
        self.pool = pool
        self.now = now
        self.newID = newID
    }

    var repository: ShiftRequestRepository { ShiftRequestRepository(consortium: consortium) }

    /// All requests that nobody has decided.
    package func open() async throws -> Open {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            Open(
                swaps: try await repository.openSwaps(in: transaction),
                giveaways: try await repository.openGiveaways(in: transaction),
                claims: try await repository.openClaims(in: transaction),
                claimHours: try await repository.claimHours(in: transaction))
        }
    }

    /// What was decided in the last two weeks, the latest first.
    package func decided() async throws -> [DecidedRequest] {
        let start = now().advanced(bySeconds: -14 * 86_400)
        return try await pool.withConnection { connection in
            try await repository.decided(after: start, atMost: Self.mostDecided, in: connection)
        }
    }

    private static let mostDecided = 2000

    // MARK: What granting would do

    /// The change that a swap asks for; nil where it asks for no certain shift.
    package static func edit(granting swap: ShiftRequestRepository.Swap) -> ShiftEdit? {
        guard let other = swap.other else { return nil }
        var (first, second) = (swap.shift, other)
        (first.operator, second.operator) = (second.operator, first.operator)
        return ShiftEdit(removed: [swap.shift, other], added: [first, second])
    }

    /// The change that a claim asks for.
    package static func edit(
        granting claim: ShiftRequestRepository.Claim, _ giveaways: [ShiftRequestRepository.Giveaway]
    ) -> ShiftEdit {
        let given = giveaways.first { $0.id == claim.giveaway }.map { [$0.shift] } ?? []
        return ShiftEdit(removed: given, added: [claim.shift])
    }

    /// What changes would mean, each by itself, on what is published now.
    package func effects(of edits: [ShiftEdit]) async throws -> [Result<EditEffect, EditRefusal>] {
        try await editing.effects(of: edits, in: .published)
    }

    /// What a change would mean, on what is published now.
    ///
    /// - Throws: ``EditRefusal`` where it cannot be tried.
    package func effect(of edit: ShiftEdit) async throws -> EditEffect {
        try await editing.effect(of: edit, in: .published)
    }

    func news(_ author: String) -> RequestNews {
        RequestNews(consortium: consortium, actor: author, now: now())
    }
}

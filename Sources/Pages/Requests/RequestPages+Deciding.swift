import Accounts
import Coverage
import Foundation
import HTTPTypes
import Hummingbird
import Planning
import Scheduling
import Storage

extension RequestPages {
    func grant(_ context: PageContext) async throws -> Response {
        let author = try context.requireSignedIn().account.email.text
        let reference = try await decidable(context)
        if case .leave(let number) = reference {
            return try await deciding(context, "away") {
                try await leave.grant(number, seen: context.form?["seen"] ?? "", by: author)
            }
        }
        return try await deciding(context, "granted") {
            _ = try await requests.grant(
                reference, by: author, reason: context.form?.text("reason"), isEarly: context.form?["early"] == "yes")
        }
    }

    func refuse(_ context: PageContext) async throws -> Response {
        let author = try context.requireSignedIn().account.email.text
        let reference = try await decidable(context)
        return try await deciding(context, "refused") {
            try await close(reference, .init(.refused, by: author, words: words(in: context)))
        }
    }

    /// The request that the address names, for somebody who decides it.
    private func decidable(_ context: PageContext) async throws -> RequestReference {
        let account = try context.requireSignedIn().account
        let reference = try Self.reference(context)
        if account.role == .coordinator { return reference }
        guard case .leave = reference, let person = try await self.operator(of: reference) else {
            throw PageProblem.notForYou
        }
        let board = try await boards.board(weekOf: try await boards.day(nil, at: now()), .published)
        guard RequestAsker(account).decidesLeave(of: person, board.problem) else { throw PageProblem.notForYou }
        return reference
    }

    /// Whose request it is; nil where it is not open any more.
    func `operator`(of reference: RequestReference) async throws -> Operator.ID? {
        guard case .leave(let number) = reference else {
            return try await requests.open().operator(of: reference)
        }
        return try await leave.open().first { $0.number == number }?.absence.operator
    }

    func close(
        _ reference: RequestReference, _ decision: ShiftRequestRepository.Decision
    ) async throws {
        guard case .leave(let number) = reference else { return try await requests.close(reference, decision) }
        try await leave.close(number, decision)
    }

    func words(in context: PageContext) -> String {
        String((context.form?["words"] ?? "").prefix(Self.longestReason))
    }

    func setPeriod(_ context: PageContext) async throws -> Response {
        let author = try context.requireSignedIn().account.email.text
        guard let hours = Int((context.form?["hours"] ?? "").trimmingCharacters(in: .whitespaces)),
            (0...336).contains(hours)
        else {
            return try await list(
                context, problem: "The time to ask must be a whole number of hours from 0 to 336.",
                status: .unprocessableContent)
        }
        try await requests.set(claimHours: hours, by: author)
        return .redirect(to: "/requests?notice=period", type: .normal)
    }

    func deciding(
        _ context: PageContext, _ notice: String, _ body: () async throws -> Void
    ) async throws -> Response {
        do {
            try await body()
            return .redirect(to: "/requests?notice=\(notice)", type: .normal)
        } catch let refusal as ShiftRequests.Refusal {
            let (_, zone) = try await boards.settings()
            return try await list(context, problem: RequestWords.text(of: refusal, in: zone), status: .conflict)
        } catch LibraryRefusal.scheduleChangedMeanwhile {
            return try await list(
                context,
                problem: "The schedule has changed since you looked. Look at what it does now, and decide again.",
                status: .conflict)
        } catch let refusal as EditRefusal {
            let (_, zone) = try await boards.settings()
            let (words, status) = RefusalWords(refusal, zone: zone, problem: nil).text
            return try await list(context, problem: words, status: status)
        }
    }
}

import Calendars
import Coverage
import Planning
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("Changing single shifts")
struct PlanEditingTests {
    private static let date = "2026-10-26"
    private static let early = Shift.valid("ask", "pub01-01", date: date, hour: 10)
    private static let late = Shift.valid("ask", "pub01-01", date: date, hour: 12)
    private static let now = Instant(secondsSince1970: 1_792_000_000)

    /// One published shift, and what changes it.
    private func withDesk(
        _ change: (inout ConsortiumBundle) -> Void = { _ in },
        _ body: (PostgresPool, PlanEditing, WeekBoards) async throws -> Void
    ) async throws {
        try await withServiceDatabase { pool in
            var bundle = ConsortiumBundle.valid()
            change(&bundle)
            try await pool.importing(bundle)
            _ = try await pool.publishing(try await pool.drafting([Self.early]))
            let boards = WeekBoards(consortium: "two", pool: pool, now: { Self.now })
            let editing = PlanEditing(consortium: "two", boards: boards, pool: pool, now: { Self.now })
            try await body(pool, editing, boards)
        }
    }

    private func request(
        _ removed: [Shift], _ added: [Shift], reason: String? = nil, by author: String = "ada@example.org"
    ) -> PlanEditing.Request {
        PlanEditing.Request(
            ShiftEdit(removed: removed, added: added), of: .published, author: author, reason: reason)
    }

    private func isRefused(_ change: () async throws -> PlanEditing.Outcome) async throws -> Bool {
        do {
            _ = try await change()
            return false
        } catch is EditRefusal {
            return true
        }
    }

    @Test("a shift that is moved is published where it is now, and taken back it is where it was")
    func moveAndBack() async throws {
        try await withDesk { pool, editing, _ async throws in
            let outcome = try await editing.apply(request([Self.early], [Self.late]))
            #expect(try await pool.publishedShifts() == [Self.late])
            _ = try await editing.undo(outcome.number, by: "ada@example.org")
            #expect(try await pool.publishedShifts() == [Self.early])
            #expect(try await isRefused { try await editing.undo(outcome.number, by: "ada@example.org") })
        }
    }

    @Test("a change is listed and can be taken back after another week was published, but not after its own was")
    func acrossPublications() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid(weeks: 2))
            _ = try await pool.publishing(try await pool.drafting([Self.early], weeks: 2))
            let boards = WeekBoards(consortium: "two", pool: pool, now: { Self.now })
            let editing = PlanEditing(consortium: "two", boards: boards, pool: pool, now: { Self.now })
            let moved = try await editing.apply(request([Self.early], [Self.late]))
            let next = Shift.valid("ask", "pub01-01", date: "2026-11-02", hour: 10)
            _ = try await pool.publishing(try await pool.drafting([next], startsOn: "2026-11-02"))
            let monday = try #require(CivilDate(Self.date))
            let board = try await boards.board(weekOf: monday, .published)
            #expect(try await editing.latest(8, on: board).map(\.number) == [moved.number])
            let back = try await editing.undo(moved.number, by: "ada@example.org")
            #expect(try await pool.publishedShifts() == [Self.early, next])
            let again = try await boards.board(weekOf: monday, .published)
            #expect(try await editing.latest(8, on: again).map(\.number) == [back.number])

            let other = Shift.valid("ask", "pub01-02", date: Self.date, hour: 13)
            _ = try await pool.publishing(try await pool.drafting([other]))
            let last = try await boards.board(weekOf: monday, .published)
            #expect(try await editing.latest(8, on: last).isEmpty)
            #expect(try await isRefused { try await editing.undo(back.number, by: "ada@example.org") })
        }
    }

    @Test("a shift that somebody else moved meanwhile is not overwritten, and it is told who moved it where")
    func conflict() async throws {
        try await withDesk { pool, editing, _ async throws in
            _ = try await editing.apply(request([Self.early], [Self.late], by: "ben@example.org"))
            let other = Shift.valid("ask", "pub01-01", date: Self.date, hour: 13)
            do {
                _ = try await editing.apply(request([Self.early], [other]))
                Issue.record("it was overwritten")
            } catch EditRefusal.changedMeanwhile(let shift, let now, let edit) {
                #expect(shift == Self.early)
                #expect(now == [Self.late])
                #expect(edit?.madeBy == "ben@example.org")
            }
            #expect(try await pool.publishedShifts() == [Self.late])
        }
    }

    @Test("of many who move the same shift at once one succeeds, and the others are told")
    func race() async throws {
        try await withDesk { pool, editing, _ async throws in
            let hours = [11, 12, 13]
            let successes = try await withThrowingTaskGroup(of: Int.self) { group in
                for hour in hours + hours {
                    let moved = Shift.valid("ask", "pub01-01", date: Self.date, hour: hour)
                    group.addTask {
                        do {
                            _ = try await editing.apply(request([Self.early], [moved]))
                            return 1
                        } catch EditRefusal.changedMeanwhile { return 0 }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(successes == 1)
            #expect(try await pool.publishedShifts().count == 1)
        }
    }

    @Test("two changes that keep a rule each and break it together are not both made")
    func together() async throws {
        // At most three hours a day, and it is red.
        try await withDesk({ bundle in
            bundle.consortium.rules = RuleBook([Rule(name: .maxHoursPerDay, ruleClass: .red)])
        }) { pool, editing, _ async throws in
            let first = Shift.valid("ask", "pub01-01", date: Self.date, hour: 11, hours: 2)
            let second = Shift.valid("ask", "pub01-01", date: Self.date, hour: 13)
            let successes = try await withThrowingTaskGroup(of: Int.self) { group in
                for shift in [first, second] {
                    group.addTask {
                        do {
                            _ = try await editing.apply(request([], [shift]))
                            return 1
                        } catch EditRefusal.refused { return 0 }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(successes == 1)
            #expect(try await pool.publishedShifts().count == 2)
        }
    }

    @Test("a red rule refuses, and nothing is changed")
    func red() async throws {
        try await withDesk { pool, editing, _ async throws in
            let unskilled = Shift.valid("academic", "pub01-01", date: Self.date, hour: 10)
            let wanted = request([Self.early], [unskilled], reason: "there is nobody else")
            #expect(try await isRefused { try await editing.apply(wanted) })
            #expect(try await pool.publishedShifts() == [Self.early])
        }
    }

    @Test("a yellow rule asks for a reason, which is recorded, and gone when the change is taken back")
    func yellow() async throws {
        try await withDesk { pool, editing, boards async throws in
            let long = [
                Shift.valid("ask", "acad01-01", date: Self.date, hour: 10),
                .valid("academic", "acad01-01", date: Self.date, hour: 11, hours: 3),
            ]
            do {
                _ = try await editing.apply(request([], long))
                Issue.record("it was done without a reason")
            } catch EditRefusal.needsReason(let effect) {
                #expect(effect.bends.map(\.violation.name) == ["max_hours_per_day"])
            } catch EditRefusal.refused(let effect) {
                Issue.record("it was refused: \(effect.refusals)")
            }
            #expect(try await pool.publishedShifts() == [Self.early])
            let outcome = try await editing.apply(request([], long, reason: "Ann is ill"))
            let day = try #require(CivilDate(Self.date))
            let board = try await boards.board(weekOf: day, .published)
            #expect(PlanScore(of: board.shifts, in: board.problem).violations.isEmpty)
            _ = try await editing.undo(outcome.number, by: "ada@example.org")
            let overrides = try await pool.withConnection {
                try await ConsortiumRepository(consortium: "two").overrides(in: $0, touching: board.period)
            }
            #expect(overrides.isEmpty)
        }
    }

    @Test("a draft is changed by itself, and the week of it shows that")
    func draft() async throws {
        try await withDesk { pool, editing, boards async throws in
            let number = try await pool.drafting([Self.early])
            let day = try #require(CivilDate(Self.date))
            #expect(try await boards.board(weekOf: day, .plan(number)).shifts == [Self.early])
            var request = request([Self.early], [Self.late])
            request.source = .plan(number)
            _ = try await editing.apply(request)
            #expect(try await boards.board(weekOf: day, .plan(number)).shifts == [Self.late])
            #expect(try await pool.publishedShifts() == [Self.early])
        }
    }

    @Test("what is over stays as it was worked")
    func over() async throws {
        try await withDesk { pool, _, boards async throws in
            let later = Self.early.during.upperBound
            let editing = PlanEditing(consortium: "two", boards: boards, pool: pool, now: { later })
            #expect(try await isRefused { try await editing.apply(request([Self.early], [])) })
            #expect(try await pool.publishedShifts() == [Self.early])
        }
    }

    @Test("a time between two slots is refused")
    func betweenSlots() async throws {
        try await withDesk { pool, editing, _ async throws in
            var shift = Self.late
            shift.during = shift.during.lowerBound.advanced(byMinutes: 15)..<shift.during.upperBound
            #expect(try await isRefused { try await editing.apply(request([Self.early], [shift])) })
            #expect(try await pool.publishedShifts() == [Self.early])
        }
    }

    @Test("a calendar cancels what was moved away, and shows what came")
    func calendar() async throws {
        try await withDesk { pool, editing, _ async throws in
            _ = try await editing.apply(request([Self.early], [Self.late]))
            let repository = CalendarRepository(consortium: "two")
            let (publications, shifts) = try await pool.withConnection { connection in
                (
                    try await repository.publications(in: connection),
                    try await repository.shifts(
                        of: .person("pub01-01"), after: Instant(secondsSince1970: 0), in: connection)
                )
            }
            #expect(publications.count == 2)
            #expect(Set(shifts.map(\.shift)) == [Self.early, Self.late])
        }
    }
}

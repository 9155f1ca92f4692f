import Coverage
import Planning
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Synchronization
import Testing

@Suite("Requests about single shifts")
struct ShiftRequestsTests {
    private static let monday = "2026-10-26"
    private static let tuesday = "2026-10-27"
    private static let long = Shift.valid("ask", "pub01-01", date: monday, hour: 10, hours: 2)
    private static let other = Shift.valid("ask", "acad01-01", date: tuesday, hour: 12)
    /// Twelve days before the shifts.
    private static let start = Instant(secondsSince1970: 1_792_000_000)

    private struct Desk {
        let pool: PostgresPool
        let requests: ShiftRequests
        private let clock: Clock

        final class Clock: Sendable {
            let time = Mutex(ShiftRequestsTests.start)
            let ids = Mutex(0)
        }

        init(_ pool: PostgresPool) {
            let clock = Clock()
            let now: @Sendable () -> Instant = { clock.time.withLock { $0 } }
            let boards = WeekBoards(consortium: "two", pool: pool, now: now)
            self.pool = pool
            self.clock = clock
            requests = ShiftRequests(
                consortium: "two", editing: PlanEditing(consortium: "two", boards: boards, pool: pool, now: now),
                pool: pool, now: now,
                newID: {
                    let number = clock.ids.withLock { count in
                        count += 1
                        return count
                    }
                    return "00000000-0000-4000-8000-\(String(number + 100_000_000_000))"
                })
        }

        func pass(hours: Int) {
            clock.time.withLock { $0 = $0.advanced(byMinutes: 60 * hours) }
        }

        func account(_ name: String, _ role: Account.Role) async throws {
            let email = try #require(EmailAddress("\(name)@example.org"))
            _ = try await pool.withTransaction { transaction in
                try await AccountRepository(consortium: "two").insert(
                    AccountRepository.NewAccount(email: email, name: name, role: role), by: "test",
                    at: ShiftRequestsTests.start, in: transaction)
            }
        }

        /// What each person is to be told, in the order in which it happened.
        func news() async throws -> [String: [Notice]] {
            let later = clock.time.withLock { $0 }.advanced(byMinutes: 60)
            try await pool.withConnection { connection in
                try await connection.execute("UPDATE notification SET state = 'due'")
            }
            let claims = try await pool.withConnection { connection in
                try await NotificationRepository(consortium: "two").claim(
                    atMost: 100, at: later, leaseSeconds: 60, in: connection)
            }
            for claim in claims {
                try await pool.withConnection { connection in
                    try await NotificationRepository(consortium: "two").finish(claim, in: connection)
                }
            }
            return Dictionary(grouping: claims, by: \.name).mapValues { $0.map(\.notice) }
        }
    }

    private func withDesk(_ body: (Desk) async throws -> Void) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.publishing(try await pool.drafting([Self.long, Self.other]))
            try await body(Desk(pool))
        }
    }

    private func swap(_ desk: Desk) async throws -> RequestReference {
        try await desk.requests.askForSwap(
            of: Self.long, with: Self.other, reason: "dentist", by: "pat@example.org")
        return .swap(try #require(try await desk.requests.open().swaps.first).id)
    }

    private func refusal(_ body: () async throws -> Void) async throws -> ShiftRequests.Refusal? {
        do {
            try await body()
            return nil
        } catch let refusal as ShiftRequests.Refusal {
            return refusal
        }
    }

    @Test("a part of a shift that is given away stays its operator's, by itself, until another has it")
    func part() async throws {
        try await withDesk { desk in
            let half = Self.long.during.lowerBound.advanced(byMinutes: 60)
            try await desk.requests.giveAway(
                Self.long, part: half..<Self.long.during.upperBound, reason: "", by: "pat@example.org")
            #expect(Set(try await desk.pool.publishedShifts().map(\.operator)) == ["pub01-01", "acad01-01"])
            let given = try #require(try await desk.requests.open().giveaways.first)
            #expect(given.shift.during == half..<Self.long.during.upperBound)
            let taken = Shift(queue: "ask", operator: "pub01-02", during: given.shift.during)
            let claim = try await desk.requests.claim(taken, giveaway: given.id, by: "bo@example.org")
            desk.pass(hours: 25)
            _ = try await desk.requests.grant(.claim(claim), by: "ada@example.org", reason: nil)
            let after = try await desk.pool.publishedShifts()
            #expect(after.contains(taken) && !after.contains(given.shift) && after.count == 3)
            #expect(try await desk.requests.open().count == 0)
        }
    }

    @Test("a part that is kept after all is one shift with the rest again, and whoever would have had it is told")
    func keptAfterAll() async throws {
        try await withDesk { desk in
            try await desk.account("bo", .operator("pub01-02"))
            let half = Self.long.during.lowerBound.advanced(byMinutes: 60)
            try await desk.requests.giveAway(
                Self.long, part: half..<Self.long.during.upperBound, reason: "", by: "pat@example.org")
            let given = try #require(try await desk.requests.open().giveaways.first)
            let wanted = Shift(queue: "ask", operator: "pub01-02", during: given.shift.during)
            _ = try await desk.requests.claim(wanted, giveaway: given.id, by: "boss@example.org")
            _ = try await desk.news()
            try await desk.requests.close(
                .giveaway(given.id), ShiftRequestRepository.Decision(.withdrawn, by: "pat@example.org"))
            #expect(Set(try await desk.pool.publishedShifts()) == [Self.long, Self.other])
            #expect(try await desk.requests.open().count == 0, "the claim ends with what it claims")
            guard case .requestDecided(_, false, let words, "pat@example.org")? = try await desk.news()["bo"]?.first
            else {
                Issue.record("bo was not told")
                return
            }
            #expect(words == "the shift is not given away any more")
        }
    }

    @Test("a swap with a shift of another week is refused when it is asked for")
    func otherWeek() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid(weeks: 2))
            let next = Shift.valid("ask", "acad01-01", date: "2026-11-02", hour: 12)
            _ = try await pool.publishing(try await pool.drafting([Self.long, next], weeks: 2))
            let desk = Desk(pool)
            let refused = try await refusal {
                try await desk.requests.askForSwap(of: Self.long, with: next, reason: "", by: "pat@example.org")
            }
            guard case .otherWeek? = refused else {
                Issue.record("it was \(String(describing: refused))")
                return
            }
        }
    }

    @Test("whoever asks first does not have it before others could ask too, unless a coordinator says so")
    func period() async throws {
        try await withDesk { desk in
            let wanted = Shift.valid("ask", "pub01-02", date: Self.monday, hour: 12)
            let first = try await desk.requests.claim(wanted, giveaway: nil, by: "bo@example.org")
            let early = try await refusal {
                _ = try await desk.requests.grant(.claim(first), by: "ada@example.org", reason: nil)
            }
            guard case .othersMayAsk(let until) = early else {
                Issue.record("it was \(String(describing: early))")
                return
            }
            #expect(until == Self.start.advanced(byMinutes: 24 * 60))
            desk.pass(hours: 23)
            var second = wanted
            second.operator = "acad01-02"
            _ = try await desk.requests.claim(second, giveaway: nil, by: "cy@example.org")
            #expect(try await desk.requests.open().claims.map(\.openUntil) == [until, until], "it is not prolonged")
            desk.pass(hours: 1)
            _ = try await desk.requests.grant(.claim(first), by: "ada@example.org", reason: nil)
            #expect(try await desk.requests.open().claims.isEmpty, "the other is refused")
            try await desk.requests.set(claimHours: 0, by: "ada@example.org")
            let third = Shift.valid("ask", "acad01-02", date: Self.monday, hour: 13)
            let soon = try await desk.requests.claim(third, giveaway: nil, by: "cy@example.org")
            _ = try await desk.requests.grant(.claim(soon), by: "ada@example.org", reason: nil)
        }
    }

    @Test("time that somebody can never have is not asked for in vain")
    func impossible() async throws {
        try await withDesk { desk async throws in
            let own = Shift.valid("ask", "pub01-01", date: Self.monday, hour: 11)
            let skill = Shift.valid("academic", "pub01-02", date: Self.monday, hour: 12)
            for shift in [own, skill] {
                await #expect(throws: EditRefusal.self) {
                    _ = try await desk.requests.claim(shift, giveaway: nil, by: "pat@example.org")
                }
            }
            #expect(try await desk.requests.open().count == 0)
        }
    }

    @Test("what was decided is shown to whoever asked, with the words, and what was withdrawn is not")
    func decided() async throws {
        try await withDesk { desk in
            let wanted = Shift.valid("ask", "pub01-02", date: Self.monday, hour: 12)
            let claim = try await desk.requests.claim(wanted, giveaway: nil, by: "bo@example.org")
            try await desk.requests.close(
                .claim(claim), ShiftRequestRepository.Decision(.refused, by: "ada@example.org", words: "not now"))
            let withdrawn = try await swap(desk)
            try await desk.requests.close(
                withdrawn, ShiftRequestRepository.Decision(.withdrawn, by: "pat@example.org"))
            desk.pass(hours: 1)
            let second = try await swap(desk)
            _ = try await desk.requests.grant(second, by: "ada@example.org", reason: nil)
            let decided = try await desk.requests.decided()
            #expect(decided.map(\.kind) == [.swap, .claim] && decided.map(\.state) == [.granted, .refused])
            #expect(decided.map(\.during) == [Self.long.during, wanted.during] && decided[1].words == "not now")
            desk.pass(hours: 15 * 24)
            #expect(try await desk.requests.decided().isEmpty)
        }
    }

    @Test("what ends because a coordinator changed the shift is told to whoever asked, and shown as decided")
    func endedByChange() async throws {
        let handed = ShiftEdit(
            removed: [Self.long], added: [.valid("ask", "pub01-02", date: Self.monday, hour: 10, hours: 2)])
        try await withDesk { desk in
            try await desk.account("pat", .operator("pub01-01"))
            try await desk.account("eve", .operator("acad01-02"))
            try await desk.requests.giveAway(Self.long, part: nil, reason: "dentist", by: "pat@example.org")
            let given = try #require(try await desk.requests.open().giveaways.first)
            let wanted = Shift(queue: "ask", operator: "acad01-02", during: Self.long.during)
            _ = try await desk.requests.claim(wanted, giveaway: given.id, by: "eve@example.org")
            _ = try await desk.news()
            _ = try await desk.requests.editing.apply(.init(handed, of: .published, author: "ada@example.org"))
            let told = try await desk.news()
            #expect(try answers(told["pat"]) == ["giveaway true the shift was changed"])
            #expect(try answers(told["eve"]) == ["claim false the shift was changed"])
        }
        try await withDesk { desk in
            try await desk.account("pat", .operator("pub01-01"))
            _ = try await swap(desk)
            _ = try await desk.requests.editing.apply(.init(handed, of: .published, author: "ada@example.org"))
            #expect(try answers(try await desk.news()["pat"]) == ["swap false the shift was changed"])
            let decided = try await desk.requests.decided()
            #expect(decided.map(\.kind) == [.swap] && decided.map(\.state) == [.refused])
        }
    }

    /// What somebody is told became of their requests: of which kind, whether granted, and why.
    private func answers(_ notices: [Notice]?) throws -> [String] {
        try #require(notices).compactMap { notice in
            guard case .requestDecided(let request, let isGranted, let words, _) = notice else { return nil }
            return "\(request.kind) \(isGranted) \(words)"
        }
    }

    @Test("one that a coordinator grants before its time is kept as such")
    func early() async throws {
        try await withDesk { desk in
            let wanted = Shift.valid("ask", "pub01-02", date: Self.monday, hour: 12)
            let number = try await desk.requests.claim(wanted, giveaway: nil, by: "bo@example.org")
            _ = try await desk.requests.grant(.claim(number), by: "ada@example.org", reason: nil, isEarly: true)
            let isEarly = try await desk.pool.withConnection { connection in
                try await connection.query("SELECT is_early FROM shift_claim").single().decode(Bool.self)
            }
            #expect(isEarly)
        }
    }

    @Test("of those who ask for the same, whoever was granted less comes first")
    func fairness() async throws {
        try await withDesk { desk in
            try await desk.requests.set(claimHours: 0, by: "ada@example.org")
            let before = Shift.valid("ask", "pub01-02", date: Self.monday, hour: 12)
            let number = try await desk.requests.claim(before, giveaway: nil, by: "bo@example.org")
            _ = try await desk.requests.grant(.claim(number), by: "ada@example.org", reason: nil)
            for person in ["pub01-02", "acad01-02"] {
                let wanted = Shift.valid("ask", person, date: Self.monday, hour: 13)
                _ = try await desk.requests.claim(wanted, giveaway: nil, by: "\(person)@example.org")
            }
            #expect(try await desk.requests.open().claims.map(\.shift.operator) == ["acad01-02", "pub01-02"])
        }
    }

    @Test("a colleague agrees to a swap, or declines it, and a coordinator grants it; each is told what concerns them")
    func swaps() async throws {
        try await withDesk { desk in
            try await desk.account("pat", .operator("pub01-01"))
            try await desk.account("bo", .operator("acad01-01"))
            try await desk.account("ada", .coordinator)
            let declined = try await swap(desk)
            let asked = try await desk.news()
            guard case .swapProposed(let proposal, "dentist", "pat@example.org")? = asked["bo"]?.first else {
                Issue.record("bo was told \(String(describing: asked["bo"]))")
                return
            }
            #expect(proposal.person == "Operator pub01-01" && proposal.colleague == "Operator acad01-01")
            guard case .requestWaiting? = asked["ada"]?.first else {
                Issue.record("ada was not told")
                return
            }
            #expect(asked["pat"] == nil)
            try await desk.requests.close(
                declined, ShiftRequestRepository.Decision(.refused, by: "bo@example.org", words: "I cannot"))
            guard case .requestDecided(_, false, "I cannot", "bo@example.org")? = try await desk.news()["pat"]?.first
            else {
                Issue.record("pat was not told that it was declined")
                return
            }

            guard case .swap(let id) = try await swap(desk) else { return }
            try await desk.requests.agree(toSwap: id, by: "bo@example.org")
            #expect(try await desk.requests.open().swaps.first?.agreedAt == Self.start)
            let again = try await refusal { try await desk.requests.agree(toSwap: id, by: "bo@example.org") }
            guard case .notOpen? = again else {
                Issue.record("it was agreed to twice")
                return
            }
            _ = try await desk.news()
            _ = try await desk.requests.grant(.swap(id), by: "ada@example.org", reason: nil)
            let told = try await desk.news()
            guard case .requestDecided(_, true, "", "ada@example.org")? = told["pat"]?.first, told["pat"]?.count == 1
            else {
                Issue.record("pat was told \(String(describing: told["pat"]))")
                return
            }
            guard case .shiftsChanged(let gained, let lost, "ada@example.org")? = told["bo"]?.first else {
                Issue.record("bo was told \(String(describing: told["bo"]))")
                return
            }
            #expect(gained.map(\.during) == [Self.long.during] && lost.map(\.during) == [Self.other.during])
        }
    }

    @Test("a shift that is given away is offered to those who could take it and like the time best, and to managers")
    func offers() async throws {
        try await withServiceDatabase { pool in
            var bundle = ConsortiumBundle.valid()
            bundle.availability = bundle.availability.map { row in
                var row = row
                if row.operator == "pub01-02" { row.preference = 2 }
                return row
            }
            try await pool.importing(bundle)
            _ = try await pool.publishing(try await pool.drafting([Self.long, Self.other]))
            let desk = Desk(pool)
            try await desk.account("bo", .operator("pub01-02"))
            try await desk.account("cy", .operator("acad01-02"))
            try await desk.account("mo", .manager("acad01"))
            try await desk.requests.giveAway(Self.long, part: nil, reason: "", by: "pat@example.org")
            let told = try await desk.news()
            let given = NoticeShift(queue: "Queue ask", during: Self.long.during)
            #expect(told == ["bo": [.favouriteOffered(given)], "mo": [.shiftsOffered([given])]])
        }
    }

    @Test("a shift that is moved about is told of once, and one that is moved back not at all")
    func quiet() async throws {
        try await withDesk { desk in
            try await desk.account("pat", .operator("pub01-01"))
            let places = [12, 13].map { Shift.valid("ask", "pub01-01", date: Self.monday, hour: $0) }
            let start = Shift.valid("ask", "pub01-01", date: Self.tuesday, hour: 10)
            var edits: [Int] = []
            for (from, to) in [(nil, start), (start, places[0]), (places[0], places[1])] as [(Shift?, Shift)] {
                let edit = ShiftEdit(removed: from.map { [$0] } ?? [], added: [to])
                edits.append(
                    try await desk.requests.editing.apply(
                        PlanEditing.Request(edit, of: .published, author: "ada@example.org")
                    ).number)
            }
            let told = try await desk.news()
            let now = NoticeShift(queue: "Queue ask", during: places[1].during)
            #expect(told == ["pat": [.shiftsChanged(gained: [now], lost: [], by: "ada@example.org")]])
            let away = ShiftEdit(removed: [places[1]], added: [start])
            let moved = try await desk.requests.editing.apply(
                PlanEditing.Request(away, of: .published, author: "ada@example.org"))
            _ = try await desk.requests.editing.undo(moved.number, by: "ada@example.org")
            #expect(try await desk.news() == [:])
        }
    }
}

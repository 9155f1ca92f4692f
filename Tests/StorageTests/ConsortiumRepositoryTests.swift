import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("A consortium in the database")
struct ConsortiumRepositoryTests {
    @Test("what was imported is what is read")
    func readsWhatWasImported() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            #expect(try await pool.stored() == .valid())
        }
    }

    @Test("importing again changes only what differs")
    func importsChanges() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let changed = changedBundle()
            try await pool.importing(changed)
            #expect(try await pool.stored() == changed)
            let logged = try await pool.withConnection { connection in
                try await connection.query(
                    """
                    SELECT table_name || ' ' || operation FROM change_log
                    WHERE transaction_id = (SELECT max(transaction_id::text::bigint)::text::xid8 FROM change_log)
                    ORDER BY change_number
                    """
                ).decode(String.self)
            }
            #expect(
                logged.sorted()
                    == [
                        "absence delete", "availability delete", "availability delete", "availability delete",
                        "availability insert", "closure update", "demand delete", "demand update", "library update",
                        "operator delete", "operator_skill delete", "operator_skill delete", "operator_skill insert",
                        "opening_hours update", "rule update",
                    ].sorted())
        }
    }

    @Test("routing and library hours come with a bundle, stay where one says nothing of them, and go where it does")
    func deskSettings() async throws {
        try await withServiceDatabase { pool in
            var bundle = ConsortiumBundle.valid()
            bundle.routings = [
                SetRouting(
                    queue: Queue.ID("academic"),
                    routing: QueueRouting(acceptSeconds: 20, partner: .init(name: "Elsewhere", contact: "+1-410"))),
                SetRouting(queue: Queue.ID("ask"), routing: QueueRouting(ringsAtOnce: 2, handleSeconds: 700)),
            ]
            bundle.libraryHours = [Weekday.monday, .friday].map { day in
                LibraryHours(
                    library: Library.ID("pub01"), weekday: day, opens: .startOfDay,
                    closes: MinuteOfDay(rawValue: 720) ?? .endOfDay)
            }
            try await pool.importing(bundle)
            #expect(try await pool.stored() == bundle)
            try await pool.importing(.valid())
            #expect(try await pool.stored() == bundle)
            bundle.routings = [SetRouting(queue: Queue.ID("ask"), routing: QueueRouting(ringsAtOnce: 3))]
            bundle.libraryHours?[1].closes = .endOfDay
            try await pool.importing(bundle)
            #expect(try await pool.stored() == bundle)
            bundle.routings = []
            bundle.libraryHours = []
            try await pool.importing(bundle)
            #expect(try await pool.stored() == .valid())
        }
    }

    @Test("an optional rule comes with its numbers, and goes with the permissions to bend it")
    func optionalRules() async throws {
        try await withServiceDatabase { pool in
            var named = ConsortiumBundle.valid()
            named.consortium.rules = RuleBook([
                Rule(
                    name: .maxLateShiftsPerWeek, ruleClass: .yellow,
                    parameters: [.shifts: Thousandths(2), .afterHour: Thousandths(rawValue: 20_500)]),
                Rule(
                    name: .restAfterNight, ruleClass: .green,
                    parameters: [.fromHour: Thousandths(22), .toHour: Thousandths(5), .weight: Thousandths(4)]),
            ])
            try await pool.importing(named)
            #expect(try await pool.stored() == named)
            try await pool.withConnection { connection in
                try await connection.execute(
                    """
                    INSERT INTO rule_override (consortium_id, override_number, rule_name, operator_id, during, reason,
                        approved_by, approved_at)
                    SELECT consortium_id, 1, 'max_late_shifts_per_week', min(operator_id),
                        '[2026-10-26 12:00Z, 2026-10-27 02:00Z)', 'fair', 'coordinator', '2026-10-20Z'
                    FROM operator GROUP BY consortium_id
                    """)
            }
            try await pool.importing(.valid())
            #expect(try await pool.stored() == .valid())
        }
    }

    @Test("an unchanged bundle writes nothing")
    func importsNothing() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let before = try await pool.changeCount()
            try await pool.importing(.valid())
            #expect(try await pool.changeCount() == before)
        }
    }

    @Test("who is named by a schedule is kept, who is not is deleted")
    func retiresOrDeletes() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)])
            var smaller = ConsortiumBundle.valid()
            smaller.libraries.removeAll { $0.id.rawValue == "pub01" }
            smaller.operators.removeAll { $0.library.rawValue == "pub01" }
            smaller.availability.removeAll { $0.operator.rawValue.hasPrefix("pub01") }
            smaller.absences = []
            let leavers = try await pool.importing(smaller)
            // The library stays for the operator's sake, the operator for the schedule's.
            #expect(leavers == ConsortiumRepository.Leavers(deleted: 1, retired: 2))
            #expect(try await pool.stored() == smaller)

            try await pool.importing(.valid())
            #expect(try await pool.stored() == .valid(), "who comes back is back")
        }
    }

    @Test("demand and absences outside the new period stay")
    func keepsOtherTimes() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid(startsOn: "2026-10-26"))
            try await pool.importing(.valid(startsOn: "2026-11-02"))
            let demand = try await pool.withConnection {
                try await $0.query("SELECT count(*) FROM demand").single().decode(Int.self)
            }
            #expect(demand == 2 * ConsortiumBundle.valid().demand.count)
        }
    }

    @Test("two imports at once happen one after the other")
    func importsTakeTurns() async throws {
        try await withServiceDatabase { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for bundle in [ConsortiumBundle.valid(), changedBundle(), .valid(), changedBundle()] {
                    group.addTask { try await pool.importing(bundle) }
                }
                try await group.waitForAll()
            }
            let stored = try await pool.stored()
            #expect(stored == .valid() || stored == changedBundle())
        }
    }

    private func changedBundle() -> ConsortiumBundle {
        var bundle = ConsortiumBundle.valid()
        bundle.consortium.rules = RuleBook([
            Rule(name: .preference, ruleClass: .green, parameters: [.weight: Thousandths(rawValue: 2_500)])
        ])
        bundle.libraries[0].contributionHoursPerWeek = Thousandths(rawValue: 20_100)
        bundle.operators[0].skills = ["academic", "spanish"].map { Skill($0) }
        bundle.operators.remove(at: 3)
        bundle.availability.removeAll { $0.operator.rawValue == "pub01-02" }
        bundle.availability[0].preference = 2
        bundle.absences = []
        bundle.hours[0].closes = .endOfDay
        bundle.demand[0].target = 5
        bundle.demand.removeLast()
        bundle.closures[0].reason = "storm"
        return bundle
    }
}

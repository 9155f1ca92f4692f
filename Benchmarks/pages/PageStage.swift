import Coverage
import ExampleConsortium
import PostgresClient
import PrivateCluster
import Scheduling
import Storage

/// An example consortium with a published week and the questions of four weeks before.
struct PageStage: Sendable {
    static let consortium = Consortium.ID("main")

    private let example: ExampleBundle
    private let zone: TimeZoneRules
    private let plan: [Shift]

    init(_ scale: ExampleScale) throws {
        let monday = CivilDate("2026-10-26") ?? CivilDate(daysSince1970: 0)
        example = try ExampleBundle(scale: scale, startsOn: monday, weeks: 1, historyWeeks: 4)
        zone = try TimeZoneRules(identifier: example.bundle.consortium.timeZone)
        plan = Self.plan(example.bundle)
    }

    var libraries: Int { example.bundle.libraries.count }
    var operators: Int { example.bundle.operators.count }
    var shifts: Int { plan.count }

    /// Tuesday at noon.
    var now: Instant {
        let tuesday = example.bundle.consortium.startsOn.advanced(byDays: 1)
        return zone.firstInstant(ofDate: tuesday, time: MinuteOfDay(rawValue: 720) ?? .startOfDay)
    }

    /// Demand filled by whoever has the skill, in turn; one in ten places stays open.
    ///
    /// Not a good plan: one that is as long.
    private static func plan(_ bundle: ConsortiumBundle) -> [Shift] {
        let skills = Dictionary(bundle.queues.map { ($0.id, $0.skill) }, uniquingKeysWith: { first, _ in first })
        var people = Dictionary(
            Set(skills.values).map { skill in
                (skill, bundle.operators.filter { $0.skills.contains(skill) }.map(\.id))
            },
            uniquingKeysWith: { first, _ in first })
        var busyUntil: [Operator.ID: Instant] = [:]
        var shifts: [Shift] = []
        var place = 0
        for demand in bundle.demand.sorted(by: { $0.during.lowerBound < $1.during.lowerBound }) {
            guard let skill = skills[demand.queue], var line = people[skill] else { continue }
            for _ in 0..<demand.target {
                place += 1
                guard !place.isMultiple(of: 10),
                    let index = line.firstIndex(where: { busyUntil[$0].map { $0 <= demand.during.lowerBound } ?? true })
                else { continue }
                let person = line.remove(at: index)
                line.append(person)
                busyUntil[person] = demand.during.upperBound
                shifts.append(Shift(queue: demand.queue, operator: person, during: demand.during))
            }
            people[skill] = line
        }
        return shifts.sorted(by: Shift.precedes)
    }

    /// Makes the tables and fills them.
    func set(on cluster: PostgresCluster) async throws {
        let pool = PostgresPool(
            configuration: try PostgresConfiguration(connectionString: cluster.connectionString()),
            maximumConnections: 2, waitingDeadline: .seconds(60))
        let (bundle, history, plan, now) = (example.bundle, example.history, plan, now)
        let period = bundle.consortium.period(in: zone)
        let span = zone.firstInstant(ofDate: bundle.consortium.startsOn.advanced(byDays: -28))..<period.lowerBound
        _ = try await pool.withConnection { try await SchemaMigrator().migrate($0) }
        _ = try await BundleImport(
            bundle, history: .init(span: span, count: history.count, send: { write in try await write(history) }),
            into: Self.consortium
        ).run(in: pool, actor: "benchmark", at: now, announce: { _ in })
        try await pool.withTransaction { transaction in
            let plans = PlanRepository(consortium: Self.consortium)
            let number = try await plans.insertDraft(
                plan, period: period, author: "benchmark", at: now, making: "{}", in: transaction)
            _ = try await plans.publish(number, by: "benchmark", message: "", at: now, in: transaction)
        }
        _ = try await pool.withConnection { connection in
            try await connection.executeScript(Self.questions)
            try await connection.executeScript(Self.requests)
        }
        await pool.close()
        try await cluster.execute("VACUUM ANALYZE")
    }

    /// The past sessions as the desk would have left them: each with four events, answered after up to a minute.
    private static let questions = """
        INSERT INTO session SELECT consortium_id, row_number() OVER (ORDER BY started_at, queue_id, library_id),
            'chat.example.org', 'past-' || row_number() OVER (ORDER BY started_at, queue_id, library_id), queue_id,
            library_id, NULL, '', started_at, 'answered', started_at + make_interval(secs => handle_seconds + 30), NULL
        FROM past_session;
        INSERT INTO session_event SELECT consortium_id, session_number * 4 - 3 + n,
            created_at + make_interval(secs => CASE n WHEN 2 THEN session_number * 7919 % 60 ELSE n END),
            (ARRAY['created', 'offered', 'accepted', 'ended'])[n + 1], session_number, NULL, queue_id, '{}'
        FROM session, generate_series(0, 3) AS n;
        INSERT INTO routing_head (consortium_id, last_event, last_session)
        SELECT 'main', count(*) * 4, count(*) FROM session ON CONFLICT (consortium_id) DO UPDATE
        SET last_event = excluded.last_event, last_session = excluded.last_session;
        """

    /// Fifteen swaps, giveaways and claims each, of shifts from Wednesday on.
    private static let requests = """
        CREATE TEMPORARY TABLE later AS SELECT s.*, o.library_id, row_number() OVER (ORDER BY shift_number) AS place
        FROM shift AS s JOIN operator AS o USING (consortium_id, operator_id)
        WHERE lower(during) >= '2026-10-28 00:00-04';
        INSERT INTO shift_decline (consortium_id, request_id, plan_number, shift_number, operator_id, library_id, reason,
            made_at)
        SELECT consortium_id, gen_random_uuid(), plan_number, shift_number, operator_id, library_id, 'dentist',
            '2026-10-26 09:00-04' FROM later WHERE place <= 15;
        INSERT INTO swap_request (consortium_id, request_id, plan_number, shift_number, operator_id, library_id,
            with_plan_number, with_shift_number, with_library_id, with_operator_id, reason, made_at)
        SELECT one.consortium_id, gen_random_uuid(), one.plan_number, one.shift_number, one.operator_id, one.library_id,
            other.plan_number, other.shift_number, other.library_id, other.operator_id, '', '2026-10-26 09:00-04'
        FROM later AS one JOIN later AS other ON other.place = one.place + 40 WHERE one.place BETWEEN 16 AND 30;
        INSERT INTO shift_claim (consortium_id, claim_number, operator_id, queue_id, during, made_at, made_by, open_until)
        SELECT one.consortium_id, row_number() OVER (ORDER BY one.place), other.operator_id, one.queue_id, one.during,
            '2026-10-26 09:00-04', 'benchmark', '2026-10-27 09:00-04'
        FROM later AS one JOIN LATERAL (SELECT * FROM later WHERE queue_id = one.queue_id AND NOT during && one.during
            ORDER BY place DESC LIMIT 1) AS other ON true
        WHERE one.place BETWEEN 31 AND 45 ON CONFLICT DO NOTHING;
        """

    /// Pages about one library, and about one shift of Thursday or later.
    var ownPaths: [String] {
        let library = example.bundle.libraries.first.map { "/library/\($0.id)" }
        let thursday = zone.firstInstant(ofDate: example.bundle.consortium.startsOn.advanced(byDays: 3))
        let shift = plan.first { $0.during.lowerBound >= thursday }.map { shift in
            let start = shift.during.lowerBound.secondsSince1970 / 60
            return "/week/shift?shift=\(shift.operator)~\(shift.queue)~\(start)~\(shift.minutes)"
        }
        return [library, shift, shift.map { "\($0)&who=1" }].compactMap { $0 }
    }
}

extension Shift {
    fileprivate var minutes: Int64 { during.upperBound.seconds(since: during.lowerBound) / 60 }
}

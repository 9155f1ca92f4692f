import Answering
import Coverage
import PostgresClient
import PrivateCluster
import Routing
import RoutingTestSupport
import Storage
import StorageTestSupport
import Synchronization
import Testing
import TestSupport

/// Several nodes over one database, many chat servers that ask them at once, and connections that are killed.
@Suite("A storm of requests", .serialized)
struct StormTests {
    /// What chat servers were told, to be found in the event log.
    private final class Told: Sendable {
        let created = Mutex<[String: Set<Int64>]>([:])
        let accepted = Mutex<[Int64: Set<Operator.ID>]>([:])
        let ended = Mutex<Set<Int64>>([])
        let refusals = Mutex<[String: Int]>([:])
        let failures = Mutex(0)
    }

    @Test("leaves no promise broken, with connections killed under it", arguments: [1, 2, 3])
    func storm(seed: UInt64) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let start = ContinuousClock.now
            let opening = Instant.newYork(CivilDate("2026-10-26") ?? CivilDate(daysSince1970: 0), hour: 11)
            // Twenty times as fast as the wall, so that offers expire and leases lapse.
            let clock: @Sendable () -> Instant = {
                opening.advanced(bySeconds: (ContinuousClock.now - start).components.seconds * 20)
            }
            let told = Told()
            let pools = (0..<3).map { _ in PostgresPool(configuration: pool.configuration, maximumConnections: 4) }
            try await withNode(pools[0], clock: clock) { first in
                try await withNode(pools[1], clock: clock) { second in
                    try await withNode(pools[2], clock: clock) { third in
                        await rage([first, second, third], seed: seed, told) {
                            await self.killConnections(on: pool, seed: seed)
                        }
                    }
                }
            }
            for pool in pools { await pool.close() }
            try await check(told, in: pool)
        }
    }

    @Test("leaves no promise broken where one node has the desk to itself", arguments: [11, 12])
    func alone(seed: UInt64) async throws {
        try await withDesk { desk, _, pool in
            let told = Told()
            for id in ["acad01-01", "acad01-02", "pub01-01", "pub01-02"] {
                _ = try await desk.perform(.present(id, seats: 50))
            }
            await rage([desk], seed: seed, clients: 90, steps: 60, told) {
                await self.killConnections(on: pool, seed: seed)
            }
            try await check(told, in: pool)
        }
    }

    @Test("leaves no promise broken where the server is killed under one node")
    func serverDiesUnderOne() async throws {
        try await withTemporaryCluster(settings: ["synchronous_commit": "on"]) { cluster in
            let pool = PostgresPool(
                configuration: try PostgresConfiguration(connectionString: cluster.connectionString()),
                maximumConnections: 4)
            try await pool.withConnection { _ = try await SchemaMigrator().migrate($0) }
            try await pool.importing(.valid())
            let clock = DeskClock()
            let told = Told()
            try await withNode(pool, clock: { clock.now }) { desk in
                let raging = Task { await self.rage([desk], seed: 13, clients: 90, steps: 60, told, meanwhile: {}) }
                for _ in 0..<3 {
                    try await Task.sleep(for: .milliseconds(300))
                    try await cluster.kill()
                    try await cluster.start()
                }
                await raging.value
            }
            try await check(told, in: pool)
            await pool.close()
        }
    }

    @Test("leaves no promise broken when the server is killed and nodes vanish")
    func serverDies() async throws {
        try await withTemporaryCluster(settings: ["synchronous_commit": "on"]) { cluster in
            let pool = PostgresPool(
                configuration: try PostgresConfiguration(connectionString: cluster.connectionString()),
                maximumConnections: 4)
            try await pool.withConnection { _ = try await SchemaMigrator().migrate($0) }
            try await pool.importing(.valid())
            let clock = DeskClock()
            let told = Told()
            try await withNode(pool, clock: { clock.now }) { first in
                try await withNode(pool, clock: { clock.now }) { second in
                    let raging = Task { await self.rage([first, second], seed: 4, told, meanwhile: {}) }
                    for round in 0..<3 {
                        try await Task.sleep(for: .milliseconds(400))
                        // A node that is killed is one whose work is cut off anywhere.
                        try? await withNode(pool, clock: { clock.now }) { third in
                            async let _: Void = self.rage(
                                [third], seed: UInt64(5 + round), clients: 4, told, meanwhile: {})
                            try await Task.sleep(for: .milliseconds(150))
                        }
                        try await cluster.kill()
                        try await cluster.start()
                        clock.move(bySeconds: 20)
                    }
                    await raging.value
                }
            }
            try await check(told, in: pool)
            await pool.close()
        }
    }

    private func rage(
        _ nodes: [Desk], seed: UInt64, clients: Int = 18, steps: Int = 80, _ told: Told,
        meanwhile: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup { group in
            for client in 0..<clients {
                group.addTask {
                    var random = SplitMix64(seed: seed &* 1000 &+ UInt64(client))
                    for step in 0..<steps {
                        await self.ask(nodes, "\(seed) client \(client % 9)", step, told, &random)
                    }
                }
            }
            group.addTask { await meanwhile() }
        }
    }

    private func killConnections(on pool: PostgresPool, seed: UInt64) async {
        var random = SplitMix64(seed: seed)
        for _ in 0..<25 {
            try? await Task.sleep(for: .milliseconds(Int.random(in: 20...120, using: &random)))
            await killOneConnection(on: pool)
        }
    }

    private func killOneConnection(on pool: PostgresPool) async {
        _ = try? await pool.withConnection { connection in
            try await connection.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                ORDER BY random() LIMIT 1
                """)
        }
    }

    private func ask(
        _ nodes: [Desk], _ client: String, _ step: Int, _ told: Told, _ random: inout SplitMix64
    ) async {
        let desk = nodes[Int.random(in: 0..<nodes.count, using: &random)]
        let id = Operator.ID(["acad01-01", "acad01-02", "pub01-01", "pub01-02"].randomElement(using: &random) ?? "")
        let number = Session.Number(rawValue: Int64.random(in: 1...max(1, desk.lastEvent / 4), using: &random))
        do {
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<4:
                // Two clients use the same keys at the same time, on different nodes.
                let key = "\(client) \(step / 2)"
                let queue = (step / 2).isMultiple(of: 3) ? "academic" : "ask"
                guard let decision = try await desk.perform(.create(key, queue: queue)).decision else { return }
                told.created.withLock { _ = $0[key, default: []].insert(decision.number.rawValue) }
                if case .offered(let offers) = decision.standing, let offer = offers.first {
                    try await accept(decision.number, offer.seat.operator, nodes, told, &random)
                }
            case 4: _ = try await desk.perform(.decline(number, by: id))
            case 5: _ = try await desk.perform(.requeue(number, by: id, toFront: true))
            case 6: _ = try await desk.perform(.transfer(number, to: .toOperator(id), by: nil))
            case 7, 8: try await end(number, desk, told)
            case 9: _ = try await desk.perform(.renewPresence(id, leaseSeconds: 60))
            default:
                _ = try await desk.perform(.present(id.rawValue, seats: Int.random(in: 1...3, using: &random)))
            }
        } catch let refusal as DeskRefusal {
            told.refusals.withLock { $0[refusal.code, default: 0] += 1 }
        } catch {
            told.failures.withLock { $0 += 1 }
        }
    }

    private func accept(
        _ number: Session.Number, _ id: Operator.ID, _ nodes: [Desk], _ told: Told, _ random: inout SplitMix64
    ) async throws {
        let desk = nodes[Int.random(in: 0..<nodes.count, using: &random)]
        let decision = try await desk.perform(.accept(number, by: id)).decision
        guard case .held(let seat) = decision?.standing else { return }
        told.accepted.withLock { _ = $0[number.rawValue, default: []].insert(seat.operator) }
    }

    private func end(_ number: Session.Number, _ desk: Desk, _ told: Told) async throws {
        _ = try await desk.perform(.end(number, outcome: .answered, by: nil))
        told.ended.withLock { _ = $0.insert(number.rawValue) }
    }

    /// Reads the event log, and finds in it all that chat servers were told and no broken promise.
    private func check(_ told: Told, in pool: PostgresPool) async throws {
        let repository = DeskRepository(consortium: "two")
        let events = try await pool.withConnection {
            try await repository.events(after: 0, limit: 1_000_000, in: $0)
        }
        var model = DeskModel()
        for event in events { try model.take(event) }
        var created: [String: Int64] = [:]
        var accepted: [Int64: Set<Operator.ID>] = [:]
        for event in events {
            guard let number = event.session?.rawValue else { continue }
            if case .created(let origin) = event.kind { created[origin.externalID] = number }
            if case .accepted(let seat, _) = event.kind { accepted[number, default: []].insert(seat.operator) }
        }
        for (key, numbers) in told.created.withLock({ $0 }) {
            #expect(numbers == [created[key] ?? 0], "the key \(key) had one effect")
        }
        for (number, operators) in told.accepted.withLock({ $0 }) {
            #expect(operators.isSubset(of: accepted[number] ?? []), "what was accepted is in the log")
        }
        #expect(told.ended.withLock { $0 }.allSatisfy { model.log.stories[.init(rawValue: $0)]?.outcome != nil })
        #expect(told.created.withLock { $0.count } > 50)
        #expect(!told.accepted.withLock { $0.isEmpty })
        #expect(try await pool.routingFaults().isEmpty)
        // What nodes have learned in turns, through crashes and lost batches, is what the log teaches.
        let learned = try await pool.withConnection { try await repository.paces(in: $0) }
        #expect(learned == Self.paces(after: events))
        #expect(!learned.isEmpty)
    }

    /// What sessions take, and how long patrons wait, learned from the log alone; both queues are as is standard, and
    /// all sessions that end are answered.
    private static func paces(after events: [DeskEvent]) -> [Queue.ID: QueuePace] {
        var heldSince: [Session.Number: Instant] = [:]
        var waitsSince: [Session.Number: Instant] = [:]
        var paces: [Queue.ID: QueuePace] = [:]
        for event in events {
            guard let number = event.session, let queue = event.queue else { continue }
            if case .created = event.kind { waitsSince[number] = event.at }
            switch event.kind {
            case .accepted, .ended:
                if let since = waitsSince.removeValue(forKey: number) {
                    paces[queue, default: QueuePace()].patience
                        .learn(Int(event.at.seconds(since: since)), hasLeft: false)
                }
            default: break
            }
            switch event.kind {
            case .accepted: heldSince[number] = event.at
            case .requeued, .transferred: (heldSince[number], waitsSince[number]) = (nil, nil)
            case .ended:
                guard let since = heldSince[number] else { continue }
                paces[queue, default: QueuePace()].handling
                    .learn(Int(event.at.seconds(since: since)), configured: 600)
            default: break
            }
        }
        return paces
    }
}

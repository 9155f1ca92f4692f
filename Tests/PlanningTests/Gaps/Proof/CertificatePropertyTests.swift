import Coverage
import Planning
import TestSupport
import Testing

@Suite("Certificates of any plan")
struct CertificatePropertyTests {
    @Test("are confirmed by the checker", arguments: RandomDesk.seeds)
    func confirmed(seed: Int) throws {
        var desk = try RandomDesk.of(seed)
        let checker = CertificateChecker(desk.problem)
        for plan in [desk.plan, desk.lawlessPlan(), []] {
            let gaps = GapReport(of: plan, in: desk.problem).gaps
            for (explained, proof) in zip(gaps, GapProofs(of: gaps, in: plan, for: desk.problem).proofs) {
                #expect((proof.certificate != nil) == (proof.outcome == .proven || proof.outcome == .partlyProven))
                guard let certificate = proof.certificate else { continue }
                #expect(checker.faults(of: certificate) == [])
                #expect(certificate.severity == explained.gap.severity)
                #expect(proof.provenMinutes > 0 && proof.provenMinutes <= explained.missingMinutes)
                #expect(certificate.shortMinutes >= proof.provenMinutes)
                #expect(
                    certificate.wants.contains {
                        $0.queue == explained.gap.queue && $0.during.overlaps(explained.gap.during)
                    })
            }
        }
    }

    @Test("do not depend on the plan from which the search began", arguments: RandomDesk.seeds)
    func samePlan(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let gaps = GapReport(of: desk.plan, in: desk.problem).gaps
        let outcomes = [desk.plan, []].map { plan in
            GapProofs(of: gaps, in: plan, for: desk.problem).proofs.map { "\($0.outcome) \($0.provenMinutes)" }
        }
        #expect(outcomes[0] == outcomes[1])
    }

    @Test("hold for every plan that keeps the rules", arguments: 1...40)
    func everyPlan(seed: Int) throws {
        let tiny = try TinyDesk(seed: UInt64(seed))
        let gaps = GapReport(of: [], in: tiny.problem).gaps
        for proof in GapProofs(of: gaps, in: [], for: tiny.problem).proofs {
            guard let certificate = proof.certificate else { continue }
            #expect(CertificateChecker(tiny.problem).faults(of: certificate) == [])
            #expect(tiny.mostCovered(of: certificate) <= certificate.availableMinutes)
        }
    }

    @Test("are found for most gaps that no plan of a tiny consortium closes")
    func found() throws {
        var (proven, unproven) = (0, 0)
        for seed in 1...40 {
            let tiny = try TinyDesk(seed: UInt64(seed))
            let gaps = GapReport(of: [], in: tiny.problem).gaps.filter { $0.gap.severity == .critical }
            guard let most = tiny.mostCoveredOfMinimums, most < tiny.minimumMinutes else { continue }
            let proofs = GapProofs(of: gaps, in: [], for: tiny.problem).proofs
            if proofs.contains(where: { $0.certificate != nil }) { proven += 1 } else { unproven += 1 }
        }
        #expect(proven >= 4 * unproven, "\(proven) proven, \(unproven) not")
        #expect(proven > 5)
    }
}

/// A consortium so small that all its plans can be gone through: three people, two queues, five hours.
struct TinyDesk {
    let problem: PlanningProblem
    private let hours: Range<Int>
    /// For each operator, each row that keeps all rules: the queue of each hour, -1 for none.
    private let rows: [[[Int]]]

    private static let people = ["ann", "bob", "cid"]

    init(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var desk = SmallDesk()
        desk.days = 2
        // Around a midnight, so that days' limits are told apart.
        let first = Bool.random(using: &random) ? 9 : 22
        for (queue, skill) in [("ask", "general"), ("spanish", "spanish")] {
            let shortest = Int.random(in: 1...2, using: &random)
            desk.add(queue: queue, skill: skill, shift: shortest...shortest + .random(in: 0...2, using: &random))
            for hour in first..<first + 5 where Int.random(in: 0..<6, using: &random) > 0 {
                let minimum = Int.random(in: 0...2, using: &random)
                try desk.want(
                    queue, hour / 24, hour % 24..<hour % 24 + 1, minimum: minimum,
                    target: minimum + .random(in: 0...1, using: &random))
            }
        }
        for id in Self.people {
            let isAlways = Bool.random(using: &random)
            desk.add(
                id, skills: ["general", "spanish"].filter { _ in Int.random(in: 0..<4, using: &random) > 0 },
                perWeek: .random(in: 1...5, using: &random), perDay: .random(in: 1...4, using: &random),
                hours: isAlways ? 0..<24 : 0..<min(24, first % 24 + .random(in: 1...4, using: &random)))
            if Int.random(in: 0..<3, using: &random) == 0 {
                let rule: Rule.Name = Bool.random(using: &random) ? .maxHoursPerDay : .maxHoursPerWeek
                try desk.override(rule, id, first / 24, first % 24..<min(24, first % 24 + 2))
            }
        }
        let problem = try desk.problem()
        let start = problem.calendar.period.lowerBound + first
        self.problem = problem
        hours = start..<start + 5
        rows = problem.operators.indices.map { Self.lawful($0, start..<start + 5, problem) }
    }

    private static func lawful(_ person: Int, _ hours: Range<Int>, _ problem: PlanningProblem) -> [[Int]] {
        var rows: [[Int]] = [[]]
        for _ in hours { rows = rows.flatMap { row in [-1, 0, 1].map { row + [$0] } } }
        return rows.filter { row in
            let shifts = zip(hours, row).filter { $1 >= 0 }.map { slot, queue in
                Shift(
                    queue: problem.queues[queue].id, operator: problem.operators[person].id,
                    during: problem.calendar.instants(of: slot..<slot + 1))
            }
            return PlanScore(of: shifts, in: problem).violations.isEmpty
        }
    }

    /// The most that any plan covers of some demands, in minutes of one operator.
    func mostCovered(of certificate: CoverageCertificate) -> Int {
        var wanted: [[Int]: Int] = [:]
        for want in certificate.wants {
            for slot in problem.calendar.slots(of: want.during) {
                wanted[[problem.queueIndex[want.queue] ?? -1, slot]] = want.operators
            }
        }
        return most(wanted)
    }

    /// The most that any plan covers of all minimums.
    var mostCoveredOfMinimums: Int? { minimums.isEmpty ? nil : most(minimums) }

    var minimumMinutes: Int { minimums.values.reduce(0, +) * 60 }

    private var minimums: [[Int]: Int] {
        var wanted: [[Int]: Int] = [:]
        for queue in problem.queues.indices {
            for slot in hours where problem.demand.minimum[queue * problem.demand.slots + slot] > 0 {
                wanted[[queue, slot]] = Int(problem.demand.minimum[queue * problem.demand.slots + slot])
            }
        }
        return wanted
    }

    private func most(_ wanted: [[Int]: Int]) -> Int {
        let cells = wanted.keys.sorted { $0.lexicographicallyPrecedes($1) }
        var covered: Set<[Int]> = [cells.map { _ in 0 }]
        for rows in rows {
            let gives = Set(rows.map { row in cells.map { row[$0[1] - hours.lowerBound] == $0[0] ? 1 : 0 } })
            covered = Set(
                covered.flatMap { before in
                    gives.map { give in
                        zip(cells, zip(before, give)).map { min(wanted[$0] ?? 0, $1.0 + $1.1) }
                    }
                })
        }
        return (covered.map { $0.reduce(0, +) }.max() ?? 0) * 60
    }
}

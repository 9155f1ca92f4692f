import Coverage
import Planning
import TestSupport
import Testing

@Suite("Replanning")
struct ReplanningTests {
    private static let price = Thousandths(20)

    @Test("keeps every rule of the new data, and tells the true cost", arguments: RandomDesk.seeds)
    func keepsRules(seed: Int) throws {
        // The plan of one desk under the data of another: people, hours, queues' lengths and demand all differ.
        for other in [seed, seed % RandomDesk.seeds.upperBound + 1] {
            let problem = try RandomDesk.of(other).problem
            var desk = try RandomDesk.of(seed)
            for known in [desk.plan, desk.lawlessPlan()] {
                let outcome = replan(known, problem)
                let score = PlanScore(of: outcome.shifts, in: problem)
                #expect(score.violations.isEmpty)
                #expect(score.total == outcome.cost)
            }
        }
    }

    @Test("counts each hour that somebody loses or gains, once", arguments: RandomDesk.seeds)
    func countsChanges(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let problem = try RandomDesk.of(seed % RandomDesk.seeds.upperBound + 1).problem
        let outcome = replan(desk.plan, problem)
        let (old, new) = (cells(desk.plan, problem), cells(outcome.shifts, problem))
        let hours = old.subtracting(new).count + new.subtracting(old).count
        #expect(outcome.changeCost == PlanCost(rawValue: hours * 20 * PlanCost.unitsPerOne))
        var told: Set<Cell> = []
        for change in outcome.difference.changes {
            for cell in cells([change.shift], problem) {
                #expect(told.insert(cell).inserted)
                #expect((change.kind == .lost ? old : new).contains(cell))
                #expect(!(change.kind == .lost ? new : old).contains(cell))
            }
        }
        #expect(told.count == hours)
    }

    @Test("never costs more, changes included, than only to drop what is forbidden", arguments: RandomDesk.seeds)
    func isWorthIt(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let problem = try RandomDesk.of(seed % RandomDesk.seeds.upperBound + 1).problem
        let lazy = Replanning(
            problem: problem, known: desk.plan, pricePerHour: Self.price, settings: .init(checksSums: true)
        ).run { true }
        #expect(PlanScore(of: lazy.shifts, in: problem).violations.isEmpty)
        #expect(lazy.difference.changes.allSatisfy { $0.kind == .lost })
        let outcome = replan(desk.plan, problem)
        #expect(outcome.cost + outcome.changeCost <= lazy.cost + lazy.changeCost)
    }

    @Test("of a plan under the same data changes only what is worth its price", arguments: RandomDesk.seeds)
    func leavesAlone(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let before = PlanScore(of: desk.plan, in: desk.problem).total
        let outcome = replan(desk.plan, desk.problem)
        #expect(outcome.cost + outcome.changeCost <= before)
        let dear = Replanning(
            problem: desk.problem, known: desk.plan, pricePerHour: Thousandths(1_000_000), settings: .init()
        ).run()
        #expect(dear.difference.changes.isEmpty)
        #expect(cells(dear.shifts, desk.problem) == cells(desk.plan, desk.problem))
    }

    @Test("leaves pinned shifts where they are", arguments: RandomDesk.seeds)
    func keepsPins(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let pins = desk.plan.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
        let pinned = try desk.pinning(pins)
        for known in [desk.plan, []] {
            let outcome = Replanning(
                problem: pinned, known: known, pins: pins, pricePerHour: Self.price, settings: .init(checksSums: true)
            ).run()
            let (old, new) = (cells(known, pinned), cells(outcome.shifts + pins, pinned))
            let changes = outcome.difference.changes
            #expect(cells(changes.filter { $0.kind == .lost }.map(\.shift), pinned) == old.subtracting(new))
            #expect(cells(changes.filter { $0.kind == .gained }.map(\.shift), pinned) == new.subtracting(old))
            #expect(PlanScore(of: outcome.shifts, in: pinned).violations.isEmpty)
            let taken = cells(outcome.shifts, pinned).map { [$0.operator, $0.slot] as [AnyHashable] }
            let kept = cells(pins, pinned).map { [$0.operator, $0.slot] as [AnyHashable] }
            #expect(Set(taken).isDisjoint(with: kept))
        }
    }

    @Test("puts a colleague in the place of one who fell ill, and touches nobody else")
    func replacesOne() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        for id in ["ann", "bob", "cid", "dan"] { desk.add(id, perWeek: 4) }
        for day in 0..<3 { try desk.want("ask", day, 8..<12) }
        let known = try [
            desk.shift("ask", "ann", 0, 8..<12), desk.shift("ask", "bob", 1, 8..<12),
            desk.shift("ask", "cid", 2, 8..<12),
        ]
        try desk.absent("bob", 1)
        let outcome = replan(known, try desk.problem())
        let changes = outcome.difference.changes
        #expect(changes.map(\.shift.operator.rawValue) == ["bob", "dan"])
        #expect(changes.map(\.kind) == [.lost, .gained])
        #expect(changes.map(\.reason) == [.forbidden(.rule(.absence)), .replanned])
        #expect(changes.map(\.minutes) == [240, 240])
        #expect(outcome.changeCost.description == "160.00")
        // Twelve hours of a library that promised none.
        #expect(outcome.cost.description == "240.00")
    }

    @Test("moves somebody whose place another can take, where nobody else can take the one that is free")
    func chains() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 4...4)
        desk.add(queue: "spanish", skill: "spanish", shift: 4...4)
        desk.add("ann", skills: ["spanish"])
        desk.add("bob", skills: ["general", "spanish"], hours: 8..<12)
        desk.add("cid", hours: 8..<12)
        try desk.want("ask", 0, 8..<12)
        try desk.want("spanish", 0, 8..<12)
        let known = try [desk.shift("spanish", "ann", 0, 8..<12), desk.shift("ask", "bob", 0, 8..<12)]
        try desk.absent("ann", 0)
        let outcome = replan(known, try desk.problem())
        let now = outcome.shifts.map { "\($0.operator) \($0.queue)" }
        #expect(now == ["cid ask", "bob spanish"])
        #expect(outcome.difference.operators == 3)
    }

    @Test("fills demand that was raised, and gives up places where nobody is wanted any more")
    func followsDemand() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "email")
        desk.add("ann")
        desk.add("bob")
        let known = try [desk.shift("ask", "ann", 0, 8..<10)]
        try desk.want("email", 1, 8..<10)
        let outcome = replan(known, try desk.problem())
        #expect(outcome.difference.minutes(.lost) == 120)
        #expect(outcome.difference.changes.first { $0.kind == .lost }?.reason == .forbidden(.noDemand))
        #expect(outcome.shifts.map(\.queue.rawValue) == ["email"])
    }

    private func replan(_ known: [Shift], _ problem: PlanningProblem) -> Replanning.Outcome {
        Replanning(problem: problem, known: known, pricePerHour: Self.price, settings: .init(checksSums: true)).run()
    }

    private struct Cell: Hashable {
        let `operator`: Operator.ID
        let queue: Queue.ID
        let slot: Int
    }

    private func cells(_ shifts: [Shift], _ problem: PlanningProblem) -> Set<Cell> {
        Set(
            shifts.flatMap { shift in
                problem.calendar.slots(of: shift.during).clamped(to: problem.calendar.period).map {
                    Cell(operator: shift.operator, queue: shift.queue, slot: $0)
                }
            })
    }
}

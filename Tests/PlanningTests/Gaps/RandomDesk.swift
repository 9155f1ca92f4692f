import Coverage
import Planning
import TestSupport

/// A small consortium made by chance, over the night when clocks go back and from one week into the next.
struct RandomDesk {
    let problem: PlanningProblem
    private let desk: SmallDesk
    /// Breaks no rule.
    let plan: [Shift]
    private var random: SplitMix64

    private static let people = ["ann", "bob", "cid", "dan", "eve"]
    private static let days = 0..<3

    /// The seeds that tests go through.
    static let seeds = 1...24

    /// Made once for all tests: drawing a plan that breaks no rule takes hundreds of scores.
    private static let made = seeds.map { seed in Result { try RandomDesk(seed: UInt64(seed)) } }

    /// The consortium of one of the ``seeds``.
    static func of(_ seed: Int) throws -> RandomDesk { try made[seed - seeds.lowerBound].get() }

    private init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        var desk = SmallDesk(startsOn: "2026-10-31")
        desk.days = Self.days.count
        desk.bundle.consortium.rules = Self.rules(&random)
        desk.bundle.libraries = [
            SmallDesk.library("lib", hours: Thousandths(.random(in: 0...20, using: &random))),
            SmallDesk.library("far", hours: Thousandths(.random(in: 0...20, using: &random))),
        ]
        try Self.addQueues(to: &desk, &random)
        try Self.addPeople(to: &desk, &random)
        problem = try desk.problem()
        self.desk = desk
        plan = Self.plan(problem, &random)
    }

    private static func rules(_ random: inout SplitMix64) -> RuleBook {
        RuleBook(
            Rule.Name.allCases.compactMap { name -> Rule? in
                guard let ruleClass = name.allowedClasses.randomElement(using: &random) else { return nil }
                let known: [Rule.Parameter: Int] = [
                    .hours: .random(in: 6...12, using: &random), .splitHours: .random(in: 0...3, using: &random),
                    .weight: .random(in: 0...30, using: &random),
                ]
                let parameters = name.parameters(in: ruleClass).map { ($0, Thousandths(known[$0] ?? 0)) }
                return Rule(
                    name: name, ruleClass: ruleClass, parameters: Dictionary(uniqueKeysWithValues: parameters))
            })
    }

    private static func addQueues(to desk: inout SmallDesk, _ random: inout SplitMix64) throws {
        for (queue, skill) in [("ask", "general"), ("email", "general"), ("spanish", "spanish")] {
            let shortest = Int.random(in: 1...3, using: &random)
            desk.add(
                queue: queue, skill: skill, shift: shortest...shortest + .random(in: 0...3, using: &random),
                priority: .random(in: 1...3, using: &random))
            for day in days {
                // One queue is open at night, so that stretches go on past midnight.
                let isNight = queue == "email"
                let opens = isNight ? 0 : Int.random(in: 0...12, using: &random)
                let closes = isNight ? 24 : opens + Int.random(in: 2...12, using: &random)
                for hour in opens..<closes where Int.random(in: 0..<8, using: &random) > 0 {
                    let minimum = Int.random(in: 0...2, using: &random)
                    try desk.want(
                        queue, day, hour..<hour + 1, minimum: minimum,
                        target: minimum + .random(in: 0...2, using: &random))
                }
            }
        }
    }

    private static func addPeople(to desk: inout SmallDesk, _ random: inout SplitMix64) throws {
        for id in people {
            let isAlways = Int.random(in: 0..<3, using: &random) == 0
            let from = isAlways ? 0 : Int.random(in: 0...12, using: &random)
            let to = isAlways ? 24 : from + Int.random(in: 1...12, using: &random)
            desk.add(
                id, library: Bool.random(using: &random) ? "lib" : "far",
                skills: ["general", "spanish"].filter { _ in Int.random(in: 0..<3, using: &random) > 0 },
                perWeek: .random(in: 1...24, using: &random), perDay: .random(in: 1...12, using: &random),
                hours: from..<to, likes: .random(in: -2...2, using: &random))
            if Int.random(in: 0..<3, using: &random) == 0 {
                try desk.absent(id, .random(in: days, using: &random), 2..<7)
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                desk.fixed.append(try desk.shift("ask", id, -1, 20..<24))
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                desk.fixed.append(try desk.shift("email", id, days.upperBound, 0..<2))
            }
            for rule in Rule.Name.allCases where Int.random(in: 0..<6, using: &random) == 0 {
                let hour = Int.random(in: 0...12, using: &random)
                try desk.override(
                    rule, id, .random(in: days, using: &random), hour..<hour + .random(in: 1...6, using: &random))
            }
        }
        if Bool.random(using: &random) { desk.close("far", 1) }
    }

    /// Shifts drawn by chance, each kept if the plan then breaks no rule.
    private static func plan(_ problem: PlanningProblem, _ random: inout SplitMix64) -> [Shift] {
        var plan: [Shift] = []
        for _ in 0..<300 {
            let shift = Self.shift(problem, &random)
            if PlanScore(of: plan + [shift], in: problem).violations.isEmpty { plan.append(shift) }
        }
        return plan
    }

    private static func shift(_ problem: PlanningProblem, _ random: inout SplitMix64) -> Shift {
        let (queue, person) = (
            Int.random(in: 0..<problem.queues.count, using: &random),
            Int.random(in: 0..<problem.operators.count, using: &random)
        )
        let start = Int.random(in: problem.calendar.period, using: &random)
        let end = min(start + .random(in: 1...6, using: &random), problem.calendar.period.upperBound)
        return Shift(
            queue: problem.queues[queue].id, operator: problem.operators[person].id,
            during: problem.calendar.instants(of: start..<end))
    }

    /// The same consortium with some shifts of the plan fixed.
    func pinning(_ pins: [Shift]) throws -> PlanningProblem {
        var desk = desk
        desk.fixed += pins
        return try desk.problem()
    }

    /// Shifts drawn by chance, whatever rules they break.
    mutating func lawlessPlan() -> [Shift] {
        (0..<20).map { _ in Self.shift(problem, &random) }
    }
}

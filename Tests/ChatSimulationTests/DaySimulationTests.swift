import ChatSimulation
import Coverage
import Testing

@Suite("A simulated day")
struct DaySimulationTests {
    private static let start = Instant(secondsSince1970: 1_793_109_600)

    /// Two hours, three operators, a question every two minutes.
    private static func day() -> SimulatedDay {
        let queues = [
            Queue(
                id: Queue.ID("ask"), name: "Ask", channel: .chat, skill: Skill("general"), minShiftMinutes: 60,
                maxShiftMinutes: 180),
            Queue(
                id: Queue.ID("mail"), name: "Email", channel: .email, skill: Skill("general"), minShiftMinutes: 60,
                maxShiftMinutes: 180, answerSeconds: 3600),
        ]
        let shifts = ["ada", "bo", "cy"].map { name in
            Shift(
                queue: Queue.ID("ask"), operator: Operator.ID(name),
                during: start.advanced(byMinutes: -60)..<start.advanced(byMinutes: 180))
        }
        let past = (0..<60).map { number in
            PastSession(
                queue: Queue.ID("ask"), startedAt: start.advanced(byMinutes: 2 * number - 7 * 1440),
                handleSeconds: 300, library: Library.ID("pub"))
        }
        let operators = ["ada", "bo", "cy"].map { name in
            Operator(
                id: Operator.ID(name), library: Library.ID("pub"), name: name, skills: [Skill("general")],
                maxHoursPerWeek: Thousandths(6), maxHoursPerDay: Thousandths(6), chatCapacity: 2)
        }
        return SimulatedDay(
            window: start..<start.advanced(byMinutes: 120), pastStart: start.advanced(byMinutes: -7 * 1440),
            shifts: shifts, past: past, operators: operators, queues: queues)
    }

    private static func simulation(seed: UInt64 = 1) -> DaySimulation {
        DaySimulation(day: day(), behaviour: Behaviour(), run: "run", seed: seed, renewEvery: .seconds(30))
    }

    @Test("every patron comes, every session ends, every operator leaves", arguments: 1...20 as ClosedRange<UInt64>)
    func complete(seed: UInt64) {
        var (simulation, service) = (Self.simulation(seed: seed), PlayedService())
        service.play(&simulation)
        let standing = simulation.standing()
        let isOver = simulation.isOver
        #expect(isOver)
        #expect(standing.came == 60)
        #expect(standing.open == 0)
        #expect(standing.operators == 0)
        let trails = simulation.questions.map { ($0.number, Optional(service.trail(of: $0.number))) }
        let comparison = simulation.compare(Dictionary(uniqueKeysWithValues: trails))
        #expect(comparison.differences == [])
        #expect(comparison.created == 60)
        #expect(comparison.ended == 60)
    }

    @Test("the same seed gives the same day, another seed another")
    func repeats() {
        let requests = [3, 3, 4].map { (seed: UInt64) in
            var (simulation, service) = (Self.simulation(seed: seed), PlayedService())
            service.play(&simulation)
            return service.requests
        }
        #expect(requests[0] == requests[1])
        #expect(requests[0] != requests[2])
    }

    @Test("a day that is cut short leaves no session live and nobody present")
    func windDown() {
        var (simulation, service) = (Self.simulation(), PlayedService())
        service.play(&simulation, stopAt: .seconds(1800))
        let isOver = simulation.isOver
        #expect(isOver)
        #expect(simulation.questions.count < 20)
        for question in simulation.questions {
            let last = service.trail(of: question.number).last?.kind
            guard case .ended = last else {
                Issue.record("session \(question.number) did not end: \(String(describing: last))")
                continue
            }
        }
        let left = Set(service.requests.compactMap { if case .leave(let id) = $0.act { id } else { nil } })
        #expect(left.count == 3)
    }

    @Test("whatever may be sent twice has a key of its own, and no two have the same")
    func keys() {
        var (simulation, service) = (Self.simulation(), PlayedService())
        service.play(&simulation)
        let keys = service.requests.compactMap(\.key)
        #expect(Set(keys).count == keys.count)
        for request in service.requests {
            if case .note = request.act { #expect(request.key != nil) }
        }
    }

    @Test("a session that the service has lost, ended twice or noted twice is named")
    func differences() throws {
        var (simulation, service) = (Self.simulation(), PlayedService())
        service.play(&simulation)
        var trails = Dictionary(
            uniqueKeysWithValues: simulation.questions.map { ($0.number, Optional(service.trail(of: $0.number))) })
        trails.updateValue(nil, forKey: 1)
        trails[2] = service.trail(of: 2) + service.trail(of: 2).suffix(1)
        let noted = try #require(service.events.first { if case .noted = $0.kind { true } else { false } })
        let number = try #require(noted.session)
        trails[number] = service.trail(of: number) + [noted]
        trails.removeValue(forKey: 3)
        let differences = simulation.compare(trails).differences
        #expect(differences.contains { $0.contains("session 1 ") && $0.contains("does not know it") })
        #expect(differences.contains { $0.contains("session 2 ") && $0.contains("ended 2 times") })
        #expect(differences.contains { $0.contains("session 3 ") && $0.contains("could not be asked") })
        #expect(differences.contains { $0.contains("is there 2 times") })
    }

    @Test("an event that never came by the stream is a difference")
    func missedEvent() {
        var simulation = Self.simulation()
        simulation.hear(ToldEvent(number: 5, kind: .other))
        simulation.hear(ToldEvent(number: 7, kind: .other))
        simulation.hear(ToldEvent(number: 6, kind: .other))
        #expect(simulation.missedEvents == 1)
        #expect(simulation.compare([:]).differences == ["1 events never came by the stream"])
    }

    @Test("shifts that follow each other are one stint, those with a pause between two")
    func stints() {
        let hours = [(0, 1, "ask"), (1, 2, "mail"), (3, 4, "ask")]
        let shifts = hours.map { from, until, queue in
            Shift(
                queue: Queue.ID(queue), operator: Operator.ID("ada"),
                during: Self.start.advanced(byMinutes: 60 * from)..<Self.start.advanced(byMinutes: 60 * until))
        }
        let day = SimulatedDay(
            window: Self.start..<Self.start.advanced(byMinutes: 360), pastStart: Self.start, shifts: shifts, past: [],
            operators: [], queues: [])
        #expect(day.stints.map { $0.pieces.map(\.queue.rawValue) } == [["ask", "mail"], ["ask"]])
    }
}

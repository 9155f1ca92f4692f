import ChatSimulation
import Coverage

/// A service that offers each session to the first operator with a free seat, and tells of it, as fast as it is asked.
struct PlayedService {
    private(set) var events: [ToldEvent] = []
    private(set) var requests: [ServiceRequest] = []
    private var waiting: [Int64] = []
    private var holders: [Int64: Operator.ID] = [:]
    private var present: [Operator.ID: Int] = [:]
    private var claimed: [Operator.ID: Int] = [:]
    private var lastSession: Int64 = 0
    private var second = 0
    private var offers: [Int64: (to: Operator.ID, until: Int)] = [:]

    /// Everything that was told of a session.
    func trail(of session: Int64) -> [ToldEvent] { events.filter { $0.session == session } }

    /// Plays a day to its end and tells how it stood.
    mutating func play(_ simulation: inout DaySimulation, stopAt: Duration? = nil) {
        var heard = 0
        while !simulation.isOver, second < 100_000 {
            second += 1
            expire()
            simulation.advance(to: .seconds(second))
            if let stopAt, .seconds(second) >= stopAt { simulation.windDown() }
            for request in simulation.takeRequests() { simulation.answered(request.subject, answer(request)) }
            while heard < events.count {
                simulation.hear(events[heard])
                heard += 1
            }
        }
    }

    private mutating func answer(_ request: ServiceRequest) -> ServiceAnswer {
        requests.append(request)
        switch request.act {
        case .create(let id, let queue, _, _):
            lastSession += 1
            let number = lastSession
            tell(.created(id: id), number, queue: queue)
            waiting.append(number)
            offer()
            return .done(session: number)
        case .accept(let number, let id):
            guard offers[number]?.to == id else { return .refused(code: "not-offered") }
            offers[number] = nil
            waiting.removeAll { $0 == number }
            holders[number] = id
            tell(.accepted, number, id)
            return .done(session: number)
        case .decline(let number, let id):
            guard offers[number]?.to == id else { return .refused(code: "not-offered") }
            offers[number] = nil
            free(id)
            tell(.declined, number, id)
            offer()
            return .done(session: number)
        case .activity(let number, _), .wrapUp(let number, _): return .done(session: number)
        case .note(let number, let text, let id):
            tell(.noted(text), number, id)
            return .done(session: number)
        case .transfer(let number, let queue, let id):
            tell(.transferred(to: queue), number, id)
            release(number)
            waiting.append(number)
            offer()
            return .done(session: number)
        case .end(let number, let outcome, let id):
            tell(.ended(outcome: outcome.rawValue), number, id)
            release(number)
            waiting.removeAll { $0 == number }
            offer()
            return .done(session: number)
        case .arrive(let id, let availability, let seats):
            present[id] = availability == "available" ? seats : nil
            offer()
            return .done(session: nil)
        case .renew: return .done(session: nil)
        case .leave(let id):
            present[id] = nil
            return .done(session: nil)
        }
    }

    private mutating func offer() {
        for number in waiting where offers[number] == nil {
            let free = present.keys.sorted().first { claimed[$0, default: 0] < present[$0, default: 0] }
            guard let free else { return }
            claimed[free, default: 0] += 1
            offers[number] = (free, second + 30)
            tell(.offered(to: [free]), number)
        }
    }

    private mutating func free(_ id: Operator.ID) { claimed[id, default: 1] -= 1 }

    private mutating func expire() {
        for (number, offer) in offers.sorted(by: { $0.key < $1.key }) where offer.until <= second {
            offers[number] = nil
            free(offer.to)
            tell(.expired, number, offer.to)
        }
        offer()
    }

    private mutating func release(_ number: Int64) {
        if let offer = offers.removeValue(forKey: number) { free(offer.to) }
        if let id = holders.removeValue(forKey: number) { free(id) }
    }

    private mutating func tell(
        _ kind: ToldEvent.Kind, _ session: Int64, _ id: Operator.ID? = nil, queue: Queue.ID? = nil
    ) {
        events.append(
            ToldEvent(number: Int64(events.count + 1), kind: kind, session: session, operator: id, queue: queue))
    }
}

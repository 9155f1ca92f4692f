import ChatSimulation
import Coverage
import Foundation

/// Plays a simulated day against a running service: the clock, the requests and the stream of events.
struct DayPlayer: Sendable {
    let client: ServiceClient
    /// How many seconds of the day pass in one of the world's.
    let speed: Int
    /// When the day begins, in seconds since 1970 by the world's clock; nil is as soon as the service is found.
    let since: Double?
    /// The world's clock, in seconds since 1970.
    let clock: @Sendable () -> Double
    /// How long after the last patron has come sessions may go on before they are ended.
    let overtime: Duration
    /// Somebody whom the service knows, to try the token and the stream with.
    let somebody: Operator.ID
    let view: DayView

    /// How the day went.
    struct Outcome: Sendable {
        var standing: DayStanding
        var comparison: DayComparison
        var wasStopped: Bool
        /// Requests that had to be sent again.
        var failures: Int
        var events: Int
    }

    /// What the loop is told.
    private enum Input: Sendable {
        case tick
        case heard(ToldEvent)
        case answered(ServiceRequest.Subject, ServiceAnswer)
        case stop
        /// Nothing can go on.
        case failed(any Error)
    }

    /// How long the service is looked for before the day begins.
    private static let searchSeconds = 15.0
    private static let tick = Duration.milliseconds(25)
    private static let viewEvery = 0.25
    /// How long the service is asked to end things once everything is to end.
    private static let patience = Duration.seconds(10)

    /// Plays the day to its end.
    ///
    /// - Parameters:
    ///   - simulation: The day.
    ///   - isStopped: Whether to end it before its time.
    /// - Returns: How it went.
    /// - Throws: ``ServiceClient/Fault`` if the service refuses the token or is not found.
    func play(_ simulation: DaySimulation, isStopped: @escaping @Sendable () -> Bool) async throws -> Outcome {
        var simulation = simulation
        let wasStopped = try await play(&simulation, isStopped)
        view.show(simulation.standing(), client.condition, isLast: true)
        let comparison = simulation.compare(try await trails(of: simulation.questions.map(\.number)))
        return Outcome(
            standing: simulation.standing(), comparison: comparison, wasStopped: wasStopped,
            failures: client.condition.failures, events: simulation.eventCount)
    }

    /// The loop: one task owns the simulation, all others tell it by one stream.
    private func play(_ simulation: inout DaySimulation, _ isStopped: @escaping @Sendable () -> Bool) async throws
        -> Bool
    {
        let (inputs, told) = AsyncStream.makeStream(of: Input.self)
        let player = self
        var day = simulation
        defer { simulation = day }
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await player.follow(told) }
            group.addTask { await player.tick(told, isStopped) }
            var state = Progress(beginsAt: since, searchedSince: clock())
            for await input in inputs {
                try take(input, &day, &state)
                for request in day.takeRequests() {
                    group.addTask {
                        do {
                            guard let answer = try await player.send(request) else { return }
                            told.yield(.answered(request.subject, answer))
                        } catch {
                            told.yield(.failed(error))
                        }
                    }
                }
                if state.hasBegun, day.isOver { break }
            }
            told.finish()
            group.cancelAll()
            return state.isStopping
        }
    }

    private struct Progress {
        var beginsAt: Double?
        var searchedSince: Double
        var hasBegun = false
        var isStopping = false
        var shownAt = 0.0
    }

    private func take(_ input: Input, _ day: inout DaySimulation, _ state: inout Progress) throws {
        let real = clock()
        switch input {
        case .tick:
            guard !state.hasBegun, real - state.searchedSince > Self.searchSeconds else { break }
            throw ServiceClient.Fault(
                kind: .unreachable,
                description: "the service at \(client.base) cannot be reached: \(client.condition.trouble)")
        case .heard(let event):
            if !state.hasBegun {
                state.hasBegun = true
                state.beginsAt = state.beginsAt ?? real
            }
            day.hear(event)
        case .answered(let subject, let answer): day.answered(subject, answer)
        case .failed(let error): throw error
        case .stop:
            guard !state.isStopping else { return }
            state.isStopping = true
            client.giveUp(after: Self.patience)
            day.windDown()
            state.hasBegun = true
        }
        guard state.hasBegun else { return }
        if let begin = state.beginsAt { day.advance(to: .seconds(max(0, real - begin)) * speed) }
        if day.now >= day.length + overtime, !day.isWindingDown {
            client.giveUp(after: Self.patience)
            day.windDown()
        }
        if real - state.shownAt >= Self.viewEvery {
            state.shownAt = real
            view.show(day.standing(), client.condition, isLast: false)
        }
    }

    // MARK: Tasks beside the loop

    private func tick(_ told: AsyncStream<Input>.Continuation, _ isStopped: @Sendable () -> Bool) async {
        while !Task.isCancelled {
            told.yield(isStopped() ? .stop : .tick)
            try? await Task.sleep(for: Self.tick)
        }
    }

    private func send(_ request: ServiceRequest) async throws -> ServiceAnswer? {
        do { return try await client.send(request) } catch is CancellationError { return nil }
    }

    /// Follows the stream of events, from where it broke, for as long as the day lasts.
    ///
    /// The day begins with the first event, which is provoked: only who has heard one can resume without a loss.
    private func follow(_ told: AsyncStream<Input>.Continuation) async {
        var last: Int64?
        var jitter = ServiceClient.Jitter(seed: 1)
        while !Task.isCancelled {
            do {
                try await withThrowingDiscardingTaskGroup { group in
                    let isFirst = last == nil
                    try await client.follow(after: last) {
                        jitter = ServiceClient.Jitter(seed: UInt64(last ?? 1))
                        client.noteSuccess()
                        if isFirst { group.addTask { await provoke(told) } }
                    } hear: { event in
                        last = event.number
                        told.yield(.heard(event))
                    }
                }
            } catch let fault as ServiceClient.Fault where fault.kind == .token {
                told.yield(.failed(fault))
                return
            } catch {
                if Task.isCancelled { return }
                client.noteFailure("\(error)")
            }
            try? await Task.sleep(for: jitter.nextPause())
        }
    }

    /// Has somebody be here and away for a moment, which nobody is asked for.
    private func provoke(_ told: AsyncStream<Input>.Continuation) async {
        do { try await provoke() } catch { told.yield(.failed(error)) }
    }

    private func provoke() async throws {
        for act in [ServiceRequest.Act.arrive(somebody, availability: "away", seats: 1), .leave(somebody)] {
            let answer = try await send(
                ServiceRequest(subject: .person(somebody), act: act, key: nil, jitterSeed: 1))
            if case .refused(let code)? = answer {
                throw ServiceClient.Fault(
                    kind: .missing,
                    description: "the service refuses the operator “\(somebody)” (\(code)): is it another consortium's "
                        + "bundle that was given?")
            }
        }
    }

    // MARK: The end

    /// The stories of sessions as the service tells them; those that could not be had are not there.
    private func trails(of sessions: [Int64]) async throws -> [Int64: [ToldEvent]?] {
        var trails: [Int64: [ToldEvent]?] = [:]
        var rest = sessions[...]
        let patience = ContinuousClock.now + Self.patience
        await withTaskGroup(of: (Int64, [ToldEvent]??).self) { group in
            func addNext() {
                guard let session = rest.popFirst() else { return }
                group.addTask { (session, await trail(of: session, until: patience)) }
            }
            for _ in 0..<8 { addNext() }
            for await (session, trail) in group {
                if let trail { trails.updateValue(trail, forKey: session) }
                addNext()
            }
        }
        return trails
    }

    /// - Returns: Nil where the service could not be asked.
    private func trail(of session: Int64, until patience: ContinuousClock.Instant) async -> [ToldEvent]?? {
        var jitter = ServiceClient.Jitter(seed: UInt64(session))
        while true {
            if let trail = try? await client.trail(of: session) { return .some(trail) }
            // A service that answers, if only now and then, is asked for as long as it takes.
            if patience <= .now, !client.condition.isUp { return nil }
            try? await Task.sleep(for: jitter.nextPause())
        }
    }
}

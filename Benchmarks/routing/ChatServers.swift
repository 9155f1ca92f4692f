import Answering
import BenchmarkSupport
import Coverage
import Routing

/// Chat servers that ask the desk, each one thing at a time.
struct ChatServers {
    let desk: Desk
    let seconds: Int

    /// An answer that no chat server of the benchmark should get.
    struct Unexpected: Error {
        let standing: Standing
    }

    /// Creates, accepts and ends sessions for a while.
    ///
    /// - Parameter clients: How many chat servers do so at once.
    /// - Returns: How long each decision took.
    /// - Throws: ``Unexpected``, and what the desk throws.
    func run(clients: Int) async throws -> Latencies {
        let began = ContinuousClock.now
        let end = began + .seconds(seconds)
        let run = UInt32.random(in: 0...UInt32.max)
        let all = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for client in 0..<clients {
                group.addTask {
                    var taken: [Int64] = []
                    var count = 0
                    while ContinuousClock.now < end {
                        count += 1
                        try await holdSession("\(run) \(client) \(count)", client, &taken)
                    }
                    return taken
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Latencies(microseconds: all, seconds: (ContinuousClock.now - began) / .seconds(1))
    }

    private func holdSession(_ key: String, _ client: Int, _ taken: inout [Int64]) async throws {
        let new = NewSession(
            origin: .init(
                chatServer: ChatServer.ID("chat.example.org"), externalID: key, library: Stage.library(client)),
            queue: Queue.ID("ask"), channel: .chat)
        let created = try await ask(.create(new), &taken)
        guard case .offered(let offers) = created.standing, let offer = offers.first else {
            throw Unexpected(standing: created.standing)
        }
        _ = try await ask(.accept(created.number, by: offer.seat.operator), &taken)
        _ = try await ask(.end(created.number, outcome: .answered, by: offer.seat.operator), &taken)
    }

    private func ask(_ request: DeskRequest, _ taken: inout [Int64]) async throws -> Decision {
        let start = ContinuousClock.now
        let answer = try await desk.perform(request)
        taken.append(Int64((ContinuousClock.now - start) / .microseconds(1)))
        guard case .session(let decision) = answer else { throw Unexpected(standing: .waiting(ahead: 0)) }
        return decision
    }
}

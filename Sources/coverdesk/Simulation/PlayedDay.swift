import ChatSimulation
import Coverage
import Foundation

/// A day that is played against a service, from its files to its report.
struct PlayedDay: Sendable {
    let files: DayFiles
    var service: String
    var token: String
    var behaviour = Behaviour()
    var seed: UInt64 = 1
    var speed = 60
    /// When the day began, where the service goes by a clock as fast as the day; nil where it goes by the world's.
    var since: Double?
    /// How long presences hold, by the service's clock; nil is 15 of the world's seconds.
    var leaseSeconds: Int?
    var overtime = Duration.seconds(1800)
    var form = DayView.Form.lines

    /// Plays it until it is over, or Ctrl-C ends it.
    ///
    /// - Returns: How it went, and the signal that cut it short.
    /// - Throws: ``CommandFailure``
    func play(in context: CommandContext) async throws -> (outcome: DayPlayer.Outcome, signal: Int32?) {
        let clock = PacedClock.world
        let pace = since == nil ? 1 : speed
        let lease = min(3600, max(5, leaseSeconds ?? 15 * pace))
        let client = try make(lease)
        let simulation = DaySimulation(
            day: files.simulated, behaviour: behaviour, run: Self.run(at: clock()), seed: seed,
            // A third of the lease, in seconds of the day.
            renewEvery: .seconds(lease) * speed / (3 * pace))
        let view = DayView(
            form,
            heading: DayView.Heading(
                consortium: files.bundle.consortium.name, start: files.window.lowerBound, zone: files.zone,
                speed: speed, service: client.base), terminal: context.terminal, clock: clock)
        guard let somebody = files.simulated.stints.first?.operator else {
            throw CommandFailure.badInput("nobody would come: the plan has no shifts then")
        }
        let player = DayPlayer(
            client: client, speed: speed, since: since, clock: clock, overtime: overtime, somebody: somebody,
            view: view)
        let (result, signal) = await Interruption.watched { await Self.unhurried(player, simulation) }
        await client.close()
        return (try outcome(result), signal)
    }

    private func make(_ lease: Int) throws -> ServiceClient {
        do {
            return try ServiceClient(base: service, token: token, leaseSeconds: lease)
        } catch {
            throw CommandFailure.badInput(error.description)
        }
    }

    private func outcome(_ result: Result<DayPlayer.Outcome, any Error>) throws -> DayPlayer.Outcome {
        do {
            return try result.get()
        } catch let fault as ServiceClient.Fault {
            switch fault.kind {
            case .address: throw CommandFailure.badInput(fault.description)
            case .token, .missing: throw CommandFailure.refused(fault.description)
            case .unreachable: throw CommandFailure.database(fault.description)
            }
        }
    }

    /// Plays in a task of its own, for Ctrl-C cancels the one that waits: the day is to be ended, not cut off.
    private static func unhurried(
        _ player: DayPlayer, _ simulation: DaySimulation
    ) async -> Result<DayPlayer.Outcome, any Error> {
        let stop = StopFlag()
        return await withTaskCancellationHandler {
            await Task {
                do {
                    return .success(try await player.play(simulation) { stop.isSet })
                } catch {
                    return .failure(error)
                }
            }.value
        } onCancel: {
            stop.set()
        }
    }

    /// Begins the ids of the day's sessions: no other run begins in the same millisecond.
    private static func run(at real: Double) -> String {
        "sim-" + String(Int64(real * 1000), radix: 36)
    }
}

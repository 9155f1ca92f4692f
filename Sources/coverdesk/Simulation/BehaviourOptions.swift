import ArgumentParser
import ChatSimulation

/// How the people of a simulated day behave.
struct BehaviourOptions: ParsableArguments {
    @Option(help: "Probability from 0 to 1 that an operator comes late to a shift (default: 0.1).")
    var late: Double?

    @Option(help: "… that an operator is away from the desk once in an hour (default: 0.25).")
    var away: Double?

    @Option(help: "… that an operator's connection is lost once in an hour (default: 0.1).")
    var lost: Double?

    @Option(help: "… that an operator declines an offer (default: 0.04).")
    var decline: Double?

    @Option(help: "… that an operator does not see an offer (default: 0.02).")
    var miss: Double?

    @Option(help: "… that a chat is handed on to email (default: 0.04).")
    var transfer: Double?

    @Option(help: "Seconds of the day that patrons wait for an operator, in the mean (default: 240).")
    var patience: Int?

    func behaviour() throws -> Behaviour {
        var behaviour = Behaviour()
        behaviour.late = try Self.probability(late, "--late") ?? behaviour.late
        behaviour.away = try Self.probability(away, "--away") ?? behaviour.away
        behaviour.lost = try Self.probability(lost, "--lost") ?? behaviour.lost
        behaviour.decline = try Self.probability(decline, "--decline") ?? behaviour.decline
        behaviour.miss = try Self.probability(miss, "--miss") ?? behaviour.miss
        behaviour.transfer = try Self.probability(transfer, "--transfer") ?? behaviour.transfer
        if let patience {
            guard (1...86_400).contains(patience) else {
                throw CommandFailure.badInput("--patience must be a whole number from 1 to 86400")
            }
            behaviour.patience = .seconds(patience)
        }
        return behaviour
    }

    private static func probability(_ value: Double?, _ option: String) throws -> Double? {
        guard let value else { return nil }
        guard (0...1).contains(value) else {
            throw CommandFailure.badInput("\(option) must be a probability from 0 to 1, like 0.05")
        }
        return value
    }
}

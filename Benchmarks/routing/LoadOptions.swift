import ArgumentParser
import BenchmarkSupport

/// How long and how often is measured: what the subcommands that measure have in common.
struct RoundOptions: ParsableArguments {
    @Option(help: "How many seconds each measurement lasts.")
    var seconds = 5

    @Option(help: "How often each is measured.")
    var rounds = 3

    func validate() throws {
        guard seconds >= 1, rounds >= 1 else {
            throw ValidationError("--seconds and --rounds are whole numbers from 1 up")
        }
    }
}

/// The stage on which decisions are measured, and by how many clients.
struct LoadOptions: ParsableArguments {
    @OptionGroup var round: RoundOptions

    @Option(help: "How many clients, with commas between.")
    var clients = "1,16,64,256"

    @Option(help: "How many operators are present.")
    var operators = 2000

    @Option(help: "How many sessions have ended before.")
    var past = 0

    static let mostClients = 2000

    func validate() throws {
        guard operators >= 1, past >= 0 else {
            throw ValidationError("--operators is a whole number from 1 up, --past from 0")
        }
        guard ClientCounts.read(clients, most: Self.mostClients) != nil else {
            throw ValidationError(
                "--clients \(clients): write numbers from 1 to \(Self.mostClients) with commas between, 1,16,64")
        }
    }

    var counts: [Int] { ClientCounts.read(clients, most: Self.mostClients) ?? [] }
    var stage: Stage { Stage(operators: operators, past: past) }
}

import ArgumentParser

/// Measures routing, each thing beside what it can be compared with, in turns.
@main
struct BenchmarkRouting: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark-routing",
        abstract: "Measure routing on a private server, or let a storm blow over it.",
        subcommands: [
            DeskCommand.self, ServiceCommand.self, HalfCommand.self, SlopeCommand.self, PresenceCommand.self,
            StreamsCommand.self, StormCommand.self, ConstantPageCommand.self,
        ], defaultSubcommand: DeskCommand.self)
}

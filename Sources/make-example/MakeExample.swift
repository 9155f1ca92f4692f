import ArgumentParser
import BundleFiles
import Coverage
import ExampleConsortium

@main
struct MakeExample: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make-example",
        abstract: "Write the bundle of a made-up consortium.",
        discussion: """
            The same options give the same bytes. What is in Examples was made so:

              swift run make-example --scale statewide Examples/statewide
              swift run make-example --scale small Examples/small

            A bundle to measure with, of 11,000 operators:

              swift run -c release make-example --scale national --history-weeks 0 national
            """)

    @Argument(help: "The folder to write into; it is made if it is not there.")
    var folder: String

    @Option(help: "How large: \(ExampleScale.allCases.map(\.rawValue).joined(separator: ", ")).")
    var scale: ExampleScale

    @Option(help: "Another seed is another consortium of the same character.")
    var seed: UInt64 = 1

    @Option(
        help: "The Monday on which the period begins; the default's holds the night the clocks go back.",
        transform: monday)
    var startsOn = CivilDate(daysSince1970: 20_752)

    @Option(help: "The period's length in weeks.")
    var weeks: Int?

    @Option(help: "Weeks before the period that have past sessions.")
    var historyWeeks: Int?

    func validate() throws {
        guard (1...53).contains(weeks ?? 1) else { throw ValidationError("--weeks must be from 1 to 53") }
        guard (0...104).contains(historyWeeks ?? 0) else {
            throw ValidationError("--history-weeks must be from 0 to 104")
        }
    }

    func run() async throws {
        let example = try ExampleBundle(
            scale: scale, seed: seed, startsOn: startsOn, weeks: weeks, historyWeeks: historyWeeks)
        let bundle = example.bundle
        try await BundleWriter(folder: folder).write(bundle) { write in try await write(example.history) }
        print(
            """
            \(folder): \(bundle.libraries.count) libraries, \(bundle.operators.count) operators, \
            \(bundle.queues.count) queues, \(bundle.demand.count) rows of demand, \
            \(example.history.count) past sessions
            """)
    }
}

extension ExampleScale: ExpressibleByArgument {}

@Sendable
private func monday(_ text: String) throws -> CivilDate {
    guard let date = CivilDate(text), date.weekday == .monday else {
        throw ValidationError("“\(text)” is no Monday written like 2026-10-26")
    }
    return date
}

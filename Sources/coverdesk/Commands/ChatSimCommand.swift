import ArgumentParser
import ChatSimulation
import Coverage
import Foundation

struct ChatSimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat-sim",
        abstract: "Play a day of past sessions against a running service, and watch it.",
        discussion: """
            Is a chat server with all its people: patrons come as on a day of the history,
            operators as on a day of the plan. They come late, step away, lose their
            connections, decline, take over, note, hand on and end, by chance from one seed.
            It needs the service's address, a token and files, and no database.

              coverdesk plan --bundle Examples/statewide --output plan.csv
              coverdesk chat-sim --service http://127.0.0.1:8080 --token-file token \\
                --bundle Examples/statewide --plan plan.csv --speed 60

            The day's time is compressed: at --speed 60 an hour of arrivals, answering and
            patience takes a minute. The service's own times (leases, the time to accept,
            the ladder's rungs, opening hours) stay as they are, unless it was started with
            a clock as fast: serve --clock-from --clock-since --clock-speed, and here the
            same --clock-since.

            Ctrl-C ends the day: sessions with an operator are ended as unrecorded, those in
            line as abandoned, operators leave. At the end every session is asked for again
            and held against what was acknowledged; a difference is exit code 1.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "Address of the service, like http://127.0.0.1:8080.")
    var service: String

    @Option(
        help: "File with the token, if it is not in COVERDESK_TOKEN; needs the scopes of sessions, presence, events.",
        completion: .file())
    var tokenFile: String?

    @Option(help: "The consortium's bundle: its people, queues and zone.", completion: .directory)
    var bundle: String

    @Option(help: "The plan by which operators come, as `coverdesk plan --output` writes it.", completion: .file())
    var plan: String

    @Option(help: "Past sessions, a file like a bundle's history.csv (default: the bundle's).", completion: .file())
    var history: String?

    @Option(help: "Day of the plan to play, YYYY-MM-DD (default: the plan's first).")
    var day: String?

    @Option(help: "Day of the history whose patrons come (default: the newest of the same weekday).")
    var historyDay: String?

    @Option(help: "Time of the day to begin at.")
    var from = "00:00"

    @Option(help: "Time of the day until which patrons come.")
    var until = "24:00"

    @Option(help: "Minutes of the day, after that, until whatever still goes on is ended.")
    var overtime = 30

    @Option(help: "How many seconds of the day pass in one, 1 to 600.")
    var speed = 60

    @Option(help: "Where all chance comes from.")
    var seed: UInt64 = 1

    @Option(help: "Seconds that a lease holds, by the service's clock (default: 15 of the world's).")
    var lease: Int?

    @Option(help: "When the day began, by the world's clock, where the service goes by one as fast.")
    var clockSince: String?

    @Flag(help: "Show nothing while it is played.")
    var noView = false

    @Flag(help: "Print a JSON object every few seconds, and the report as the last.")
    var jsonLines = false

    @OptionGroup(title: "How people behave") var behaviour: BehaviourOptions

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            guard !(noView && jsonLines) else { throw CommandFailure.badInput("--no-view or --json-lines, not both") }
            let played = try await playedDay()
            let (outcome, signal) = try await played.play(in: context)
            let summary = DaySummary(files: played.files, outcome: outcome)
            if printsJSON {
                context.terminal.say(try summary.json())
            } else {
                summary.lines(context.terminal).forEach { context.terminal.say($0) }
            }
            guard outcome.comparison.differences.isEmpty else { throw ExitCode(1) }
            if let signal { throw ExitCode(128 + signal) }
        }
    }

    private var printsJSON: Bool { options.json || jsonLines }

    private func playedDay() async throws -> PlayedDay {
        guard (1...600).contains(speed) else {
            throw CommandFailure.badInput("--speed must be a whole number from 1 to 600")
        }
        if let lease, !(5...3600).contains(lease) {
            throw CommandFailure.badInput("--lease must be a whole number from 5 to 3600")
        }
        guard (0...1440).contains(overtime) else {
            throw CommandFailure.badInput("--overtime must be a whole number from 0 to 1440")
        }
        let choice = DayFiles.Choice(
            day: try day.map { try Self.date($0, "--day") },
            pastDay: try historyDay.map { try Self.date($0, "--history-day") },
            from: try Self.time(from, "--from"), until: try Self.time(until, "--until"))
        let token = try token()
        let behaviour = try behaviour.behaviour()
        let files = try await DayFiles.read(bundle: bundle, history: history, plan: plan, choice)
        var played = PlayedDay(files: files, service: service, token: token)
        played.behaviour = behaviour
        played.seed = seed
        played.speed = speed
        played.since = try clockSince.map {
            Double(try ClockOptions.instant($0, "--clock-since").secondsSince1970)
        }
        played.leaseSeconds = lease
        played.overtime = .seconds(60 * overtime)
        played.form = noView ? .none : printsJSON ? .jsonLines : Terminal().isBoard ? .board : .lines
        return played
    }

    private func token() throws -> String {
        if let tokenFile {
            guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
                throw CommandFailure.badInput("--token-file: \(tokenFile) cannot be read")
            }
            let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if !token.isEmpty { return token }
            throw CommandFailure.badInput("--token-file: \(tokenFile) is empty, expected a token on its first line")
        }
        guard let token = ProcessInfo.processInfo.environment["COVERDESK_TOKEN"], !token.isEmpty else {
            throw CommandFailure.badInput(
                "no token is given: set COVERDESK_TOKEN or name a file with --token-file; "
                    + "`coverdesk token create --chat-server NAME` makes one")
        }
        return token
    }

    private static func date(_ text: String, _ option: String) throws -> CivilDate {
        guard let date = CivilDate(text) else {
            throw CommandFailure.badInput("\(option): “\(text)” is no date: write one of the calendar, like 2026-10-26")
        }
        return date
    }

    private static func time(_ text: String, _ option: String) throws -> MinuteOfDay {
        guard let time = MinuteOfDay(text) else {
            throw CommandFailure.badInput("\(option): “\(text)” is no time of day: write one like 09:30, up to 24:00")
        }
        return time
    }
}

import ArgumentParser
import Coverage
import Replication

struct IntentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intents", abstract: "What this library did offline, and what became of it.",
        discussion: """
            Each is pending until the service has decided: applied, rejected with the reason, or conflicting, where the
            service has another version than the library saw.

              coverdesk intents --cache desk.sqlite --pending
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "The file that `coverdesk sync` keeps.", completion: .file())
    var cache: String

    @Flag(help: "Those that are not decided alone.")
    var pending = false

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let (intents, zone) = try CacheReader(path: cache).read {
                (try $0.intents(pendingOnly: pending), $0.libraryZone)
            }
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(intents.map { Line($0, zone) }))
            } else {
                show(intents, zone, in: context.terminal)
            }
        }
    }

    private func show(_ intents: [MadeIntent], _ zone: TimeZoneRules, in terminal: Terminal) {
        guard !intents.isEmpty else {
            terminal.say(pending ? "nothing is pending" : "nothing was done offline")
            return
        }
        var table = TextTable([
            ("", .right), ("what", .left), ("operator", .left), ("when", .left), ("shift", .left), ("state", .left),
        ])
        for intent in intents {
            table.add([
                "\(intent.number)", intent.kind.word, intent.operator.rawValue, DayText.span(intent.during, in: zone),
                intent.shiftText ?? "", intent.outcome?.rawValue ?? "pending",
            ])
        }
        table.lines(terminal).forEach { terminal.say($0) }
        for intent in intents {
            if let reason = intent.reason { terminal.say("  \(intent.number): \(reason)") }
            if let theirs = intent.theirs {
                terminal.say("     ours:   \(intent.ours)")
                terminal.say("     theirs: \(theirs)")
            }
        }
    }

    private struct Line: Encodable {
        let number: Int
        let id: String
        let kind: String
        let operatorId: String
        let startsAt: String
        let endsAt: String
        let shift: String?
        let said: String
        let state: String
        let reason: String?
        let ours: String
        let theirs: String?

        init(_ intent: MadeIntent, _ zone: TimeZoneRules) {
            number = intent.number
            id = intent.id
            kind = intent.kind.rawValue
            operatorId = intent.operator.rawValue
            startsAt = intent.during.lowerBound.text(in: zone)
            endsAt = intent.during.upperBound.text(in: zone)
            shift = intent.shiftText
            said = intent.said
            state = intent.outcome?.rawValue ?? "pending"
            reason = intent.reason
            ours = intent.ours
            theirs = intent.theirs
        }
    }
}

extension MadeIntent {
    /// The shift that is meant, `3/17`.
    fileprivate var shiftText: String? {
        guard let plan, let shift else { return nil }
        return "\(plan)/\(shift)"
    }
}

import Answering
import ArgumentParser
import Coverage
import Foundation
import Routing

struct CheckLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-log",
        abstract: "Look through the event log for broken invariants.",
        discussion: """
            Reads every event of the consortium from the first to the last, and tells
            each that must not be: two operators on a session, more sessions than seats,
            an offer that ends twice, a session that is stuck, a gap in the numbers, a
            key with two effects; then whether the tables say what the events tell. It
            may run while the service does.

              coverdesk check-log
              coverdesk check-log --acknowledgements told.ndjson

            A file of acknowledgements has one JSON object a line for every request that
            was sent, with what came back, no status if nothing did:

              {"asked":"create","id":"room-7","session":1,"status":201}
              {"asked":"accept","session":1,"operator":"pub01-01","status":200}
              {"asked":"notes","session":1,"text":"catalogue","key":"n-1"}

            Then everything that was acknowledged is looked for in the log. Exit code 1
            if there is any fault.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "File with what clients were told, a JSON object a line.", completion: .file())
    var acknowledgements: String?

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let told = try acknowledgements.map { try Self.read($0) } ?? []
            let check = try await context.withDatabase { pool in
                try await EventLogCheck.reading(try await context.consortium(in: pool), in: pool, comparing: told)
            }
            show(check, comparing: told.count, in: context)
            if check.faultCount > 0 { throw ExitCode(1) }
        }
    }

    /// Reads a file of acknowledgements.
    static func read(_ path: String) throws -> [Acknowledgement] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure.badInput("cannot read \(path)")
        }
        let decoder = JSONDecoder()
        return try data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .filter { !$0.element.isEmpty }
            .map { index, line in
                do {
                    return try decoder.decode(Acknowledgement.self, from: line)
                } catch {
                    let words = Acknowledgement.Asked.allCases.map(\.rawValue).joined(separator: ", ")
                    throw CommandFailure.badInput(
                        "\(path), line \(index + 1): not a JSON object like {\"asked\":\"create\",\"id\":\"room-7\","
                            + "\"session\":1,\"status\":201}; asked is one of \(words)")
                }
            }
    }

    private func show(_ check: EventLogCheck, comparing count: Int, in context: CommandContext) {
        if context.printsJSON, let json = try? JSONText.encode(Report(check, acknowledgements: count)) {
            return context.terminal.say(json)
        }
        for fault in check.faults { context.terminal.say(fault.description) }
        let told = acknowledgements == nil ? "" : ", \(HoursText.grouped(count)) acknowledgements"
        let faults = check.faultCount == 0 ? "no fault" : "\(HoursText.grouped(check.faultCount)) faults"
        context.terminal.say(
            "\(HoursText.grouped(Int(check.lastEvent))) events, \(HoursText.grouped(check.stories.count)) sessions"
                + "\(told): \(faults)")
    }

    private struct Report: Encodable {
        let events: Int64
        let sessions: Int
        let live: Int
        let acknowledgements: Int
        let faultCount: Int
        let faults: [Fault]

        struct Fault: Encodable {
            let rule: String
            let event: Int64?
            let line: Int?
            let text: String
        }

        init(_ check: EventLogCheck, acknowledgements: Int) {
            events = check.lastEvent
            sessions = check.stories.count
            live = check.stands.count
            self.acknowledgements = acknowledgements
            faultCount = check.faultCount
            faults = check.faults.map { Fault(rule: $0.rule.rawValue, event: $0.event, line: $0.line, text: $0.text) }
        }
    }
}

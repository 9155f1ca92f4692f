import ArgumentParser
import Foundation
import Planning
import RosterFiles

struct SolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solve",
        abstract: "Make a roster of days and shift types from an instance file.",
        discussion: """
            Reads an instance in the text format of Curtois and Qu, with no
            database, and writes a roster that breaks none of its limits: a line for
            each employee, a shift id or - for each day. Ctrl-C ends the search
            early, with the best roster so far.

              coverdesk solve week.txt --output week.roster
              coverdesk solve week.txt --seconds 60 --threads 2 --output week.roster

            The same instance, seed, threads and steps give the same roster on every
            machine; a search of some seconds makes as many steps as it can.
            """)

    @OptionGroup var options: SharedOptions

    @Argument(help: "The instance's file.", completion: .file(extensions: ["txt"]))
    var instance: String

    @Option(help: "Seconds to search, reading included (default: 8).")
    var seconds: Int?

    @Option(help: "Search steps in place of seconds, for a run that can be repeated exactly.")
    var steps: Int?

    @Option(help: "Threads to search with (default: the machine's cores).")
    var threads: Int?

    @Option(help: "Where the search's chance begins (default: 1).")
    var seed: Int?

    @Option(help: "The file for the roster.", completion: .file())
    var output: String

    func validate() throws {
        guard seconds == nil || steps == nil else {
            throw ValidationError("--seconds and --steps exclude each other: give one")
        }
        guard steps.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("--steps must be a whole number from 0 up")
        }
    }

    func run() async throws {
        let start = ContinuousClock.now
        try await reportingFailures {
            let context = try await CommandContext(
                options, flags: ["plan.seconds": seconds, "plan.threads": threads, "plan.seed": seed])
            let problem: RosterProblem
            do {
                problem = try RosterReader(path: instance).read()
            } catch let faults as RosterFaults {
                throw CommandFailure.badInput(faults.description)
            }
            let work = RosterWork(problem: problem, settings: context.settings, steps: steps, start: start)
            let (result, signal) = try await work.run(context.terminal)
            do {
                try RosterFile(path: output).write(result.roster, of: problem)
            } catch let refusal as RosterFileRefusal {
                throw CommandFailure.refused(refusal.description)
            }
            let report = RosterReport(
                result, of: problem, instance: instance, settings: work.engineSettings,
                seconds: (ContinuousClock.now - start) / .seconds(1))
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(report))
            } else {
                report.lines(output: output).forEach { context.terminal.say($0) }
            }
            if let signal { throw ExitCode(128 + signal) }
        }
    }
}

/// A search for a roster as the command line runs it: for some seconds or steps, until Ctrl-C, its progress shown.
struct RosterWork: Sendable {
    let problem: RosterProblem
    let settings: Settings
    /// Nil searches for the settings' seconds.
    let steps: Int?
    /// When the time began to run.
    let start: ContinuousClock.Instant

    var engineSettings: RosterEngine.Settings {
        RosterEngine.Settings(seed: UInt64(settings.planSeed), threads: settings.planThreads)
    }

    func run(_ terminal: Terminal) async throws -> (result: RosterResult, signal: Int32?) {
        let start = start
        // What reading and writing take is kept free.
        let allowed = Duration.seconds(settings.planSeconds)
        let budget: PlanningEngine.Budget =
            if let steps { .steps(steps) } else { .untilSpent { (ContinuousClock.now - start) / allowed } }
        defer { terminal.endProgress() }
        let engine = RosterEngine(problem: problem, settings: engineSettings)
        let (outcome, signal) = await Interruption.watched { () async -> Result<RosterResult, RosterRefusal> in
            do throws(RosterRefusal) {
                let result = try await engine.run(budget) { progress in
                    let seconds = Int((ContinuousClock.now - start) / .seconds(1))
                    terminal.progress(
                        "solving, \(seconds) s: cost \(HoursText.grouped(progress.cost)) "
                            + "after \(HoursText.grouped(progress.steps)) steps")
                }
                return .success(result)
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case .success(let result): return (result, signal)
        case .failure(let refusal): throw CommandFailure.refused(refusal.text(in: problem))
        }
    }
}

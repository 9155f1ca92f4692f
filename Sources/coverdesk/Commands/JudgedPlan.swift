import BundleFiles
import Coverage
import Scheduling
import Storage

/// A plan that a command reads to tell something of it: of the database, or of a CSV file with its bundle.
struct JudgedPlan: Sendable {
    let shifts: [Shift]
    let inputs: PlanningInputs
    /// `plan 7 (draft)`, or the file's name.
    let name: String
    /// Nil for a file.
    let number: Int?

    /// - Parameters:
    ///   - plan: A number, nil for the latest draft or else what is published; with a bundle a CSV file.
    ///   - bundle: The bundle's folder; nil for the database.
    ///   - context: The settings.
    /// - Returns: The plan with the data as they are now.
    /// - Throws: ``CommandFailure`` or ``SchedulingRefusal``.
    static func read(_ plan: String?, bundle: String?, in context: CommandContext) async throws -> JudgedPlan {
        if let bundle {
            let inputs = try PlanningInputs(
                bundle: try BundleWork(folder: bundle, in: context).bundle, selection: .whole)
            let file = plan ?? ""
            return JudgedPlan(
                shifts: try KnownPlan(file: file, of: inputs, allowsStrangers: false).shifts, inputs: inputs,
                name: file, number: nil)
        }
        let number = try plan.map { text in
            guard let number = Int(text) else {
                throw CommandFailure.badInput(
                    "--plan: “\(text)” is no plan's number; a CSV file goes together with --bundle DIR")
            }
            return number
        }
        return try await context.withDatabase { pool in
            let found = try await PlanDrafting(consortium: try await context.consortium(in: pool)).plan(
                number, at: context.now, in: pool)
            return JudgedPlan(
                shifts: found.shifts, inputs: found.inputs,
                name: "plan \(found.plan.number) (\(found.plan.state.rawValue))", number: found.plan.number)
        }
    }
}

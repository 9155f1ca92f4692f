import BundleFiles
import Coverage
import Scheduling

/// What of a plan is asked for.
struct PlanRequest: Sendable {
    let selection: PeriodSelection
    /// Whether what is published is mended; otherwise a plan is made from nothing.
    var mendsPublished = false
    /// The CSV files of shifts that stay.
    var pinFiles: [String] = []

    /// Reads the pinned shifts.
    ///
    /// - Throws: ``CommandFailure`` that lists every fault of the files.
    func pins(of bundle: ConsortiumBundle) throws -> [Shift] {
        try pinFiles.flatMap { try KnownPlan.read($0, of: bundle) }.sorted(by: Shift.precedes)
    }
}

/// A plan that people know already.
struct KnownPlan: Sendable {
    /// Those that lie in the period that is planned.
    let shifts: [Shift]
    /// The numbers of the published plans that they are from; none for a file.
    let plans: [Int]
    /// As a person calls it: `plan 3`, or the file's name.
    let name: String

    /// What is published for a period.
    ///
    /// - Throws: ``SchedulingRefusal`` where nothing is.
    init(_ published: PlanDrafting.Published, of inputs: PlanningInputs) throws(SchedulingRefusal) {
        guard !published.plans.isEmpty else { throw .nothingPublishedThen }
        shifts = published.shifts
        plans = published.plans
        name = "plan " + published.plans.map(String.init).joined(separator: ", ")
    }

    /// A plan in a CSV file.
    ///
    /// - Throws: ``CommandFailure`` that lists every fault of the file.
    init(file: String, of inputs: PlanningInputs, allowsStrangers: Bool = true) throws {
        let all = try Self.read(file, of: inputs.bundle, allowsStrangers: allowsStrangers)
        shifts = all.filter { inputs.period.lowerBound <= $0.during.lowerBound }
            .filter { $0.during.upperBound <= inputs.period.upperBound }
        plans = []
        name = file
    }

    /// Reads a CSV file of shifts.
    ///
    /// - Parameters:
    ///   - file: Its path.
    ///   - bundle: Whose queues and operators the shifts are of.
    ///   - allowsStrangers: Whether they may be of others as well.
    /// - Returns: The shifts.
    /// - Throws: ``CommandFailure`` that lists every fault of the file.
    static func read(_ file: String, of bundle: ConsortiumBundle, allowsStrangers: Bool = false) throws -> [Shift] {
        do {
            return try PlanFile(path: file).read(of: bundle, allowsStrangers: allowsStrangers)
        } catch {
            throw CommandFailure.badInput(error.description)
        }
    }
}

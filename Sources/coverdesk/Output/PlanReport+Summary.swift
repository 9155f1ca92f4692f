import Coverage
import Planning
import Scheduling

extension PlanReport {
    /// What `plan --json` prints.
    struct Summary: Encodable {
        let plan: Int?
        let state: String
        let startsAt: String
        let endsAt: String
        let shifts: Int
        let steps: Int
        let search: SearchLine
        let cost: Double
        /// A cost that no plan can go below, and by how many percent of it this one is dearer; only where proven.
        let lowerBound: Double?
        let gapPercent: Double?
        let violations: Int
        let coverage: CoverageLine
        let queues: [CoverageLine]
        let gaps: [GroupLine]
        let libraries: [LibraryLine]
        let fairness: FairnessText.Summary
        /// Only where a known plan was mended.
        let changes: PlanChanges.Summary?

        init(_ report: PlanReport) {
            plan = report.plan
            state = report.state.rawValue
            startsAt = report.period.lowerBound.text(in: report.zone)
            endsAt = report.period.upperBound.text(in: report.zone)
            shifts = report.shiftCount
            steps = report.search.result.steps
            search = SearchLine(report.search, again: report.again)
            cost = report.score.total.doubleValue
            let bound = report.search.result.lowerBound
            lowerBound = bound > .zero ? bound.doubleValue : nil
            gapPercent = ProvenGap(report.score.total, bound)?.percent
            violations = report.score.violations.count
            coverage = CoverageLine(report.gaps.coverage.total, queueID: nil)
            queues = report.gaps.coverage.queues.map { CoverageLine($0.hours, queueID: $0.queue.rawValue) }
            gaps = report.gaps.groups.map(GroupLine.init)
            libraries = report.gaps.coverage.libraries.map(LibraryLine.init)
            fairness = FairnessText.Summary(report.fairness, plan: nil, withOperators: false)
            changes = report.search.changes.map { PlanChanges.Summary($0, zone: report.zone) }
        }
    }

    /// How the plan was found; `plan --replay` reads it from here.
    struct SearchLine: Encodable {
        let endedBy: String
        let seed: UInt64
        let threads: Int
        let steps: Int
        let cost: Double
        let rounds: String?
        /// The command line that makes the plan again.
        let again: String?

        init(_ outcome: PlanSearching.Outcome, again: String?) {
            self.again = again
            endedBy = outcome.ending.rawValue
            let making = outcome.making
            (seed, threads, steps, cost, rounds) =
                (making.seed, making.threads, making.steps, making.cost, making.rounds)
        }
    }

    struct CoverageLine: Encodable {
        let queueID: String?
        let wantedMinutes: Int
        let coveredMinutes: Int
        let criticalMinutes: Int
        let thinMinutes: Int
        let overMinutes: Int

        private enum CodingKeys: String, CodingKey {
            case queueID = "queueId"
            case wantedMinutes, coveredMinutes, criticalMinutes, thinMinutes, overMinutes
        }

        init(_ hours: CoverageSummary.Hours, queueID: String?) {
            self.queueID = queueID
            wantedMinutes = hours.wantedMinutes
            coveredMinutes = hours.coveredMinutes
            criticalMinutes = hours.criticalMinutes
            thinMinutes = hours.thinMinutes
            overMinutes = hours.overMinutes
        }
    }

    struct GroupLine: Encodable {
        let queueID: String
        let severity: String
        let reason: String
        let explanation: String
        let missingMinutes: Int
        let stretches: Int

        private enum CodingKeys: String, CodingKey {
            case queueID = "queueId"
            case severity, reason, explanation, missingMinutes, stretches
        }

        init(_ group: GapReport.Group) {
            queueID = group.queue.rawValue
            severity = group.severity.rawValue
            reason = group.kind.rawValue
            explanation = group.text
            missingMinutes = group.missingMinutes
            stretches = group.stretches
        }
    }

    struct LibraryLine: Encodable {
        let libraryID: String
        let minutes: Int
        let promisedMinutes: Int

        private enum CodingKeys: String, CodingKey {
            case libraryID = "libraryId"
            case minutes, promisedMinutes
        }

        init(_ line: CoverageSummary.LibraryLine) {
            libraryID = line.library.rawValue
            minutes = line.minutes
            promisedMinutes = line.promisedMinutes
        }
    }
}

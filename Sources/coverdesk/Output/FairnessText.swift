import Coverage
import Planning

/// How fair a plan is, for people and for scripts.
struct FairnessText {
    private let report: FairnessReport

    init(_ report: FairnessReport) {
        self.report = report
    }

    // MARK: For people

    /// One line, for the summary of a plan.
    var line: String {
        "Jain \(Self.index(report.libraryHours.jain)), of unpopular hours "
            + "\(Self.index(report.libraryUnpopularHours.jain)); no shift: "
            + "\(HoursText.grouped(report.operatorsWithoutShift)) of \(HoursText.grouped(report.operators.count)) "
            + "people, \(HoursText.grouped(report.librariesWithoutShift)) of "
            + "\(HoursText.grouped(report.libraries.count)) libraries"
    }

    func lines(withOperators: Bool, _ terminal: Terminal) -> [String] {
        var lines = table("library", report.libraries.map { ($0.id.rawValue, Row($0)) }, terminal)
        if withOperators {
            lines += [""] + table("operator", report.operators.map { ($0.id.rawValue, Row($0)) }, terminal)
        }
        var indices = TextTable([("", .left), ("Jain", .right), ("Gini", .right), ("no shift", .right)])
        let (libraries, people) = (report.librariesWithoutShift, report.operatorsWithoutShift)
        for (name, evenness, without) in [
            ("libraries, all hours", report.libraryHours, "\(libraries) of \(report.libraries.count)"),
            ("libraries, unpopular hours", report.libraryUnpopularHours, ""),
            ("operators, all hours", report.operatorHours, "\(people) of \(report.operators.count)"),
            ("operators, unpopular hours", report.operatorUnpopularHours, ""),
        ] {
            indices.add([name, Self.index(evenness.jain), Self.index(evenness.gini), without])
        }
        return lines + [""] + indices.lines(terminal)
    }

    /// The numbers of a line, whoever it is of.
    private struct Row {
        let minutes: Int
        let share: Double
        let ratio: Double?
        let unpopular: Int
        let unpopularShare: Double
        let unpopularRatio: Double?

        init<Subject: Sendable>(_ line: FairnessReport.Line<Subject>) {
            (minutes, share, ratio) = (line.minutes, line.shareMinutes, line.ratio)
            (unpopular, unpopularShare, unpopularRatio) =
                (line.unpopularMinutes, line.unpopularShareMinutes, line.unpopularRatio)
        }
    }

    private func table(_ noun: String, _ rows: [(String, Row)], _ terminal: Terminal) -> [String] {
        var table = TextTable([
            (noun, .left), ("hours", .right), ("share", .right), ("", .right), ("unpopular", .right),
            ("share", .right), ("", .right),
        ])
        for (id, row) in rows {
            table.add([
                id, HoursText.number(minutes: row.minutes), HoursText.number(minutes: Int(row.share.rounded())),
                Self.percent(row.ratio), HoursText.number(minutes: row.unpopular),
                HoursText.number(minutes: Int(row.unpopularShare.rounded())), Self.percent(row.unpopularRatio),
            ])
        }
        return table.lines(terminal)
    }

    private static func percent(_ ratio: Double?) -> String {
        guard let ratio, ratio < 10_000 else { return "–" }
        return "\(Int((ratio * 100).rounded())) %"
    }

    /// With three digits after the point; nothing to spread is `–`.
    private static func index(_ value: Double?) -> String {
        guard let value else { return "–" }
        let thousandths = Int((max(0, value) * 1000).rounded())
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    // MARK: For scripts

    /// What `fairness --json` prints; `plan --json` prints it without the operators.
    struct Summary: Encodable {
        let plan: Int?
        let libraries: [Line]
        let operators: [Line]?
        let indices: [String: Index]
        let librariesWithoutShift: Int
        let operatorsWithoutShift: Int

        init(_ report: FairnessReport, plan: Int?, withOperators: Bool = true) {
            self.plan = plan
            libraries = report.libraries.map { Line($0) }
            operators = withOperators ? report.operators.map { Line($0) } : nil
            indices = [
                "library_hours": Index(report.libraryHours),
                "library_unpopular_hours": Index(report.libraryUnpopularHours),
                "operator_hours": Index(report.operatorHours),
                "operator_unpopular_hours": Index(report.operatorUnpopularHours),
            ]
            librariesWithoutShift = report.librariesWithoutShift
            operatorsWithoutShift = report.operatorsWithoutShift
        }
    }

    struct Index: Encodable {
        let jain: Double?
        let gini: Double?

        init(_ evenness: FairnessReport.Evenness) {
            (jain, gini) = (evenness.jain, evenness.gini)
        }
    }

    struct Line: Encodable {
        let id: String
        let libraryID: String
        let minutes: Int
        let shareMinutes: Double
        let unpopularMinutes: Int
        let unpopularShareMinutes: Double

        private enum CodingKeys: String, CodingKey {
            case libraryID = "libraryId"
            case id, minutes, shareMinutes, unpopularMinutes, unpopularShareMinutes
        }

        init<Subject: Sendable>(_ line: FairnessReport.Line<Subject>) {
            id = line.id.rawValue
            libraryID = line.library.rawValue
            (minutes, shareMinutes) = (line.minutes, line.shareMinutes)
            (unpopularMinutes, unpopularShareMinutes) = (line.unpopularMinutes, line.unpopularShareMinutes)
        }
    }
}

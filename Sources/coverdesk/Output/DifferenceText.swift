import Storage
import Coverage

/// What an import changes, as lines for a person: counts by kind, then the names of what matters most.
struct DifferenceText {
    private let difference: BundleDifference
    private let zone: TimeZoneRules?

    init(_ difference: BundleDifference) {
        self.difference = difference
        zone = try? TimeZoneRules(identifier: difference.consortium.timeZone)
    }

    func lines(_ terminal: Terminal) -> [String] {
        guard !difference.isEmpty else { return ["nothing changes: the database holds just this"] }
        var lines = settingsLines
        var table = TextTable([("", .left), ("new", .right), ("changed", .right), ("gone", .right), ("same", .right)])
        count(difference.libraries, "libraries", &table)
        count(difference.operators, "operators", &table)
        count(difference.queues, "queues", &table)
        count(difference.hours, "opening hours", &table)
        count(difference.demand, "demand", &table)
        count(difference.availability, "availability", &table)
        count(difference.absences, "absences", &table)
        count(difference.closures, "closures", &table)
        count(difference.routings, "routing", &table)
        count(difference.libraryHours, "library hours", &table)
        count(difference.rules, "rules", &table)
        lines += table.lines(terminal)
        guard difference.consortiumBefore != nil else { return lines }
        return lines + detailLines
    }

    private func count(_ kind: CollectionDifference<some Hashable & Sendable>, _ name: String, _ table: inout TextTable)
    {
        let numbers = [kind.added.count, kind.changed.count, kind.removed.count, kind.unchangedCount]
        guard numbers.contains(where: { $0 > 0 }) else { return }
        table.add([name] + numbers.map { $0 == 0 ? "·" : HoursText.grouped($0) })
    }

    private var settingsLines: [String] {
        let after = difference.consortium
        guard let before = difference.consortiumBefore else {
            return ["new consortium “\(after.name)”, \(after.timeZone), \(after.weeks) weeks from \(after.startsOn)"]
        }
        return [
            changed("name", before.name, after.name),
            changed("timezone", before.timeZone, after.timeZone),
            changed("slot_minutes", String(before.slotMinutes), String(after.slotMinutes)),
            changed("starts_on", before.startsOn.description, after.startsOn.description),
            changed("weeks", String(before.weeks), String(after.weeks)),
        ].compactMap { $0.map { "consortium: \($0)" } }
    }

    private var detailLines: [String] {
        var lines: [String] = []
        lines += listed("rule", difference.rules, { $0.name.rawValue }) { before, after in
            [
                changed("class", before.ruleClass.rawValue, after.ruleClass.rawValue),
                changed("parameters", text(before.parameters), text(after.parameters)),
            ]
        }
        lines += listed("library", difference.libraries, { $0.id.rawValue }) { before, after in
            [
                changed("name", before.name, after.name), changed("kind", before.kind.rawValue, after.kind.rawValue),
                changed("timezone", before.timeZone, after.timeZone),
                changed(
                    "contribution_hours_per_week", before.contributionHoursPerWeek.description,
                    after.contributionHoursPerWeek.description),
                changed("phone", before.phone, after.phone), changed("email", before.email, after.email),
                changed("url", before.url, after.url),
            ]
        }
        lines += listed("queue", difference.queues, { $0.id.rawValue }) { before, after in
            [
                changed("name", before.name, after.name),
                changed("channel", before.channel.rawValue, after.channel.rawValue),
                changed("skill", before.skill.rawValue, after.skill.rawValue),
                changed("min_shift_minutes", String(before.minShiftMinutes), String(after.minShiftMinutes)),
                changed("max_shift_minutes", String(before.maxShiftMinutes), String(after.maxShiftMinutes)),
                changed("answer_seconds", String(before.answerSeconds), String(after.answerSeconds)),
                changed("answer_share", before.answerShare.description, after.answerShare.description),
                changed("priority", String(before.priority), String(after.priority)),
            ]
        }
        lines += listed("operator", difference.operators, { $0.id.rawValue }) { before, after in
            [
                changed("library", before.library.rawValue, after.library.rawValue),
                changed("name", before.name, after.name), changed("email", before.email, after.email),
                changed("skills", text(before.skills), text(after.skills)),
                changed(
                    "max_hours_per_week", before.maxHoursPerWeek.description, after.maxHoursPerWeek.description),
                changed("max_hours_per_day", before.maxHoursPerDay.description, after.maxHoursPerDay.description),
                changed("chat_capacity", String(before.chatCapacity), String(after.chatCapacity)),
            ]
        }
        return lines
    }

    /// Ten lines of a kind at most: who wants all of them compares two exports.
    private func listed<Element>(
        _ kind: String, _ changes: CollectionDifference<Element>, _ id: (Element) -> String,
        fields: (Element, Element) -> [String?]
    ) -> [String] {
        let all =
            changes.removed.map { "- \(kind) \(id($0)) leaves" } + changes.added.map { "+ \(kind) \(id($0)) comes" }
            + changes.changed.map { change in
                let fields = fields(change.before, change.after).compactMap { $0 }.joined(separator: ", ")
                return "~ \(kind) \(id(change.after)): \(fields)"
            }
        let rest = all.count > 10 ? ["  … and \(HoursText.grouped(all.count - 10)) more of this kind"] : []
        return all.prefix(10).map { "  \($0)" } + rest
    }

    private func changed(_ field: String, _ before: String, _ after: String) -> String? {
        before == after ? nil : "\(field) \(before.isEmpty ? "(empty)" : before) → \(after.isEmpty ? "(empty)" : after)"
    }

    private func text(_ skills: [Skill]) -> String { skills.map(\.rawValue).joined(separator: ";") }

    private func text(_ parameters: [Rule.Parameter: Thousandths]) -> String {
        parameters.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", ")
    }
}

/// What an import changes, as counts for a script.
struct DifferenceReport: Encodable {
    struct Counts: Encodable {
        let added: Int
        let changed: Int
        let removed: Int
        let unchanged: Int

        init(_ kind: CollectionDifference<some Hashable & Sendable>) {
            added = kind.added.count
            changed = kind.changed.count
            removed = kind.removed.count
            unchanged = kind.unchangedCount
        }
    }

    let isFirstImport: Bool
    let consortiumChanges: Bool
    let kinds: [String: Counts]

    init(_ difference: BundleDifference) {
        isFirstImport = difference.consortiumBefore == nil
        consortiumChanges = difference.consortiumChanges
        kinds = [
            "libraries": Counts(difference.libraries), "operators": Counts(difference.operators),
            "queues": Counts(difference.queues), "hours": Counts(difference.hours),
            "demand": Counts(difference.demand), "availability": Counts(difference.availability),
            "absences": Counts(difference.absences), "closures": Counts(difference.closures),
            "routing": Counts(difference.routings), "library_hours": Counts(difference.libraryHours),
            "rules": Counts(difference.rules),
        ]
    }
}

/// What `import --json` prints.
struct ImportReport: Encodable {
    let isDone: Bool
    let difference: DifferenceReport
    /// How many of those who left were deleted, and how many kept because a schedule names them.
    let deleted: Int?
    let retired: Int?

    init(_ difference: BundleDifference, leavers: ConsortiumRepository.Leavers?, isDone: Bool) {
        self.isDone = isDone
        self.difference = DifferenceReport(difference)
        deleted = leavers?.deleted
        retired = leavers?.retired
    }
}

package import Coverage

/// Who is on shift beside how many are wanted, slot by slot: a day or a week.
///
/// What is on shift is an area in steps; on it stands what is missing, striped below the minimum and dotted below the target.
/// The target is a line, the minimum a broken one. Slots are as wide as they are long, so a day on which the clocks change
/// is an hour shorter or longer than its neighbours.
package struct StaffingChart: Chart {
    /// One slot; nil is closed.
    package struct Slot: Hashable, Sendable {
        package let staffing: Staffing?
        /// Of those on shift, the operators of the library that looks; nil where nobody's are told apart.
        package let own: Int?

        package init(staffing: Staffing?, own: Int? = nil) {
            self.staffing = staffing
            self.own = own
        }
    }

    /// What is staffed: `all queues`, a queue's name.
    package let subject: String
    package let slots: [Slot]
    package let start: Instant
    package let slotMinutes: Int
    package let zone: TimeZoneRules
    /// What the library is called whose operators are told apart.
    package let ownName: String?

    package init(
        subject: String, slots: [Slot], from start: Instant, slotMinutes: Int, zone: TimeZoneRules,
        ownName: String? = nil
    ) {
        self.subject = subject
        self.slots = slots
        self.start = start
        self.slotMinutes = slotMinutes
        self.zone = zone
        self.ownName = ownName
    }

    package var title: String { "Demand against staffing: \(subject)" }

    package var summary: String {
        let open = slots.compactMap(\.staffing)
        guard !open.isEmpty else { return "Nothing is open." }
        let states = open.map(\.state)
        let (critical, thin) = (states.count { $0 == .critical }, states.count { $0 == .thin })
        let most = open.reduce(0) { max($0, $1.target) }
        guard critical + thin > 0 else { return "Everything is covered. At most \(most) are wanted at once." }
        return "Of \(hours(open.count)) open hours, \(hours(critical)) are below the minimum and \(hours(thin)) below "
            + "the target. At most \(most) are wanted at once."
    }

    private func hours(_ slots: Int) -> String { Decimal.hours(minutes: slots * slotMinutes) }

    // MARK: The table

    /// Neighbouring slots that are alike are one row.
    package var table: ChartTable {
        let words = ClockWords(zone: zone)
        var columns: [ChartTable.Column] = [
            .text("Day"), .text("From"), .text("Until"), .number("On shift"), .number("Minimum"), .number("Target"),
            .number("Missing"), .text("Coverage"),
        ]
        if ownName != nil { columns.insert(.number("Of these ours"), at: 4) }
        columns += [.forPrograms("starts_at"), .forPrograms("ends_at")]
        let rows = days.flatMap { day in
            Runs.of(Array(slots[day.slots])).map { run in
                let from = instant(day.slots.lowerBound + run.range.lowerBound)
                let until = instant(day.slots.lowerBound + run.range.upperBound)
                return [ClockWords.day(day.date), words.time(from), words.end(until)] + figures(run.value)
                    + [from.text(in: zone), until.text(in: zone)]
            }
        }
        return ChartTable(columns: columns, rows: rows)
    }

    private func figures(_ slot: Slot) -> [String] {
        let own = ownName == nil ? [] : [slot.own.map { "\($0)" } ?? ""]
        guard let staffing = slot.staffing else { return [""] + own + ["", "", "", "closed"] }
        return ["\(staffing.onShift)"] + own
            + ["\(staffing.minimum)", "\(staffing.target)", "\(staffing.missing)", staffing.state.word]
    }

    // MARK: Days

    struct Day: Hashable, Sendable {
        let date: CivilDate
        let slots: Range<Int>
    }

    /// The days by the clocks of the zone; a slot is of the day on which it begins.
    var days: [Day] {
        Runs.of(slots.indices.map { zone.civil(at: instant($0)).date }).map { Day(date: $0.value, slots: $0.range) }
    }

    func instant(_ slot: Int) -> Instant { start.advanced(byMinutes: slot * slotMinutes) }
}

package import Coverage

/// The consortium's rules as numbers of slots and units of ``PlanCost``.
///
/// The costs are those of the bundle's format: per hour, times the queue's priority, 1,000 below the minimum and 100
/// below the target; 30 above the target; and the weights of the green rules.
package struct PlanningRules: Sendable {
    package let book: RuleBook
    package let slotMinutes: Int
    /// Breaks of at most this many slots are breaks of one working day.
    package let splitSlots: Int
    /// Breaks of at least this many slots are a full rest.
    package let restSlots: Int
    /// Cost of a missing operator below the minimum, per slot and priority.
    package let gapUnits: Int
    /// Cost of a missing operator between minimum and target, per slot and priority.
    package let thinUnits: Int
    /// Cost of an operator above the target, per slot.
    package let overUnits: Int
    /// Cost of a slot worked, per step of preference below "would like to".
    package let preferenceUnits: Int
    /// Cost of each stretch after the first that starts on a day.
    package let blockUnits: Int

    init(_ book: RuleBook, slotMinutes: Int) throws(PlanningRefusal) {
        self.book = book
        self.slotMinutes = slotMinutes
        let rest = book[.minRestHours]
        guard rest[.hours] <= Thousandths(168) else { throw .restTooLong(hours: rest[.hours]) }
        for rule in book.all where rule[.weight].rawValue > 1_000_000_000 || rule[.weight] < .zero {
            throw .costsTooLarge
        }
        splitSlots = Self.slots(within: rest[.splitHours], slotMinutes)
        restSlots = (rest[.hours].rawValue * 60 + 1000 * slotMinutes - 1).flooredQuotient(by: 1000 * slotMinutes)
        gapUnits = 1000 * PlanCost.unitsPerOne / 60 * slotMinutes
        thinUnits = 100 * PlanCost.unitsPerOne / 60 * slotMinutes
        overUnits = 30 * PlanCost.unitsPerOne / 60 * slotMinutes
        preferenceUnits = book[.preference][.weight].rawValue * (PlanCost.unitsPerOne / 1000)
        blockUnits = book[.blocksPerDay][.weight].rawValue * (PlanCost.unitsPerOne / 1000)
    }

    /// Whole slots that fit into a number of hours; -1 below zero hours.
    static func slots(within hours: Thousandths, _ slotMinutes: Int) -> Int {
        max(-1, (hours.rawValue * 60).flooredQuotient(by: 1000 * slotMinutes))
    }

    package func isGreen(_ rule: Rule.Name) -> Bool { book[rule].ruleClass == .green }

    /// Whether a break of so many slots between two stretches is neither short nor a full rest.
    package func breaksRest(_ slots: Int) -> Bool { slots > splitSlots && slots < restSlots }

    /// What a break between two stretches costs where the rule is green: its weight for each hour that is missing to
    /// a full rest.
    package func restUnits(_ slots: Int) -> Int {
        guard isGreen(.minRestHours), breaksRest(slots) else { return 0 }
        return weighted(.minRestHours, hourUnits(book[.minRestHours][.hours]) - slotUnits(slots))
    }

    /// What a day's or a week's slots cost where the rule is green: its weight for each hour above the limit.
    package func excessUnits(_ rule: Rule.Name, slots: Int, limit: Thousandths) -> Int {
        guard isGreen(rule) else { return 0 }
        return weighted(rule, max(0, slotUnits(slots) - hourUnits(limit)))
    }

    /// What the slots that a library's operators work in a period of so many days cost against its promise.
    package func contributionUnits(slots: Int, hoursPerWeek: Thousandths, days: Int) -> Int {
        contributionUnits(slots: slots, promise: promise(hoursPerWeek, days: days))
    }

    /// The same against a promise in units of hours.
    func contributionUnits(slots: Int, promise: Int) -> Int {
        weighted(.libraryContribution, abs(slotUnits(slots) - promise))
    }

    /// What ``contributionUnits(slots:hoursPerWeek:days:)`` is made of: the weight, and hours in its unit.
    var contributionWeight: Int { book[.libraryContribution][.weight].rawValue }
    var hoursOfSlot: Int { slotUnits(1) }
    /// A promise of hours a week for some days: a seventh of a thousandth of an hour is twelve units of hours.
    func promise(_ hoursPerWeek: Thousandths, days: Int) -> Int { hoursPerWeek.rawValue * 12 * days }

    /// What it costs that `staffed` operators are there.
    package func coverageUnits(_ staffed: Int, minimum: Int, target: Int, priority: Int) -> (
        gap: Int, thin: Int, over: Int
    ) {
        let missing = max(0, minimum - staffed)
        return (
            gapUnits * priority * missing, thinUnits * priority * (max(0, target - staffed) - missing),
            overUnits * max(0, staffed - target)
        )
    }

    /// Hours in units of which a weight's thousandth makes one unit of cost.
    private func hourUnits(_ hours: Thousandths) -> Int { hours.rawValue * (PlanCost.unitsPerOne / 1_000_000) }

    private func slotUnits(_ slots: Int) -> Int { slots * slotMinutes * (PlanCost.unitsPerOne / 60_000) }

    private func weighted(_ rule: Rule.Name, _ hours: Int) -> Int { book[rule][.weight].rawValue * hours }
}

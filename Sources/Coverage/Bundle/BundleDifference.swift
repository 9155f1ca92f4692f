/// What importing a bundle changes: shown to the coordinator first, then done, exactly as shown.
package struct BundleDifference: Sendable {
    /// The settings as they stand; nil before the first import.
    package let consortiumBefore: Consortium?
    package let consortium: Consortium
    package let rules: CollectionDifference<Rule>
    package let libraries: CollectionDifference<Library>
    package let operators: CollectionDifference<Operator>
    package let queues: CollectionDifference<Queue>
    package let hours: CollectionDifference<OpeningHours>
    package let demand: CollectionDifference<Demand>
    package let availability: CollectionDifference<Availability>
    package let absences: CollectionDifference<Absence>
    package let closures: CollectionDifference<Closure>
    package let routings: CollectionDifference<SetRouting>
    package let libraryHours: CollectionDifference<LibraryHours>

    /// What changes between what is stored and a bundle.
    ///
    /// Demand, absences and closures that do not touch the bundle's period belong to other times and stay. So do
    /// routing and library hours of which the bundle says nothing.
    ///
    /// - Parameters:
    ///   - before: What is stored; nil before the first import.
    ///   - after: What the bundle says.
    ///   - zone: The zone of `after`'s calendar.
    package init(from before: ConsortiumBundle?, to after: ConsortiumBundle, zone: TimeZoneRules) {
        let period = after.consortium.period(in: zone)
        let dates = after.consortium.dates
        consortiumBefore = before?.consortium
        consortium = after.consortium
        rules = CollectionDifference(
            from: before?.consortium.rules.all ?? [], to: after.consortium.rules.all, by: \.name)
        libraries = CollectionDifference(from: before?.libraries ?? [], to: after.libraries, by: \.id)
        operators = CollectionDifference(from: before?.operators ?? [], to: after.operators, by: \.id)
        queues = CollectionDifference(from: before?.queues ?? [], to: after.queues, by: \.id)
        hours = CollectionDifference(from: before?.hours ?? [], to: after.hours, by: HoursKey.init)
        demand = CollectionDifference(
            from: before?.demand ?? [], to: after.demand, by: DemandKey.init,
            removing: { $0.during.overlaps(period) })
        availability = CollectionDifference(from: before?.availability ?? [], to: after.availability, by: { $0 })
        absences = CollectionDifference(
            from: before?.absences ?? [], to: after.absences, by: { $0 },
            removing: { $0.during.overlaps(period) })
        closures = CollectionDifference(
            from: before?.closures ?? [], to: after.closures, by: ClosureKey.init,
            removing: { dates.contains($0.date) })
        routings = CollectionDifference(
            from: after.routings == nil ? [] : before?.routings ?? [], to: after.routings ?? [], by: \.queue)
        libraryHours = CollectionDifference(
            from: after.libraryHours == nil ? [] : before?.libraryHours ?? [], to: after.libraryHours ?? [],
            by: LibraryHoursKey.init)
    }

    package var consortiumChanges: Bool {
        guard let consortiumBefore else { return true }
        return consortiumBefore.name != consortium.name || consortiumBefore.timeZone != consortium.timeZone
            || consortiumBefore.slotMinutes != consortium.slotMinutes
            || consortiumBefore.startsOn != consortium.startsOn || consortiumBefore.weeks != consortium.weeks
    }

    package var isEmpty: Bool {
        !consortiumChanges && rules.isEmpty && libraries.isEmpty && operators.isEmpty && queues.isEmpty
            && hours.isEmpty && demand.isEmpty && availability.isEmpty && absences.isEmpty && closures.isEmpty
            && routings.isEmpty && libraryHours.isEmpty
    }
}

private struct HoursKey: Hashable {
    let queue: Queue.ID
    let weekday: Weekday
    let opens: MinuteOfDay

    init(_ hours: OpeningHours) {
        (queue, weekday, opens) = (hours.queue, hours.weekday, hours.opens)
    }
}

private struct LibraryHoursKey: Hashable {
    let library: Library.ID
    let weekday: Weekday
    let opens: MinuteOfDay

    init(_ hours: LibraryHours) {
        (library, weekday, opens) = (hours.library, hours.weekday, hours.opens)
    }
}

private struct DemandKey: Hashable {
    let queue: Queue.ID
    let during: Range<Instant>

    init(_ demand: Demand) {
        (queue, during) = (demand.queue, demand.during)
    }
}

private struct ClosureKey: Hashable {
    let library: Library.ID?
    let date: CivilDate

    init(_ closure: Closure) {
        (library, date) = (closure.library, closure.date)
    }
}

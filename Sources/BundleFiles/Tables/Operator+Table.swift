import Coverage

/// The columns of `operators.csv`.
enum OperatorColumn: String, TableColumn {
    case id = "operator_id"
    case library = "library_id"
    case name, email, skills
    case maxHoursPerWeek = "max_hours_per_week"
    case maxHoursPerDay = "max_hours_per_day"
    case chatCapacity = "chat_capacity"
}

extension TableRow<OperatorColumn> {
    mutating func operatorOfLibrary(
        ids: inout IdentifierIndex<Operator>, libraries: IdentifierIndex<Library>
    ) -> Operator? {
        let id = newIdentifier(.id, in: &ids)
        let library = reference(.library, to: libraries)
        let name = name(.name)
        let email = email(.email)
        let skills = skills(.skills)
        let perWeek = decimal(.maxHoursPerWeek, in: .zero...Thousandths(168))
        let perDay = decimal(.maxHoursPerDay, in: .zero...Thousandths(24))
        let capacity = wholeNumber(.chatCapacity, in: 1...100)
        guard let id, let library, let name, let email, let skills, let perWeek, let perDay, let capacity else {
            return nil
        }
        return Operator(
            id: id, library: library, name: name, email: email, skills: skills, maxHoursPerWeek: perWeek,
            maxHoursPerDay: perDay, chatCapacity: capacity)
    }
}

extension Operator {
    /// In the order of ``OperatorColumn``.
    var tableValues: [String] {
        [
            id.rawValue, library.rawValue, name, email, skills.sorted().map(\.rawValue).joined(separator: ";"),
            maxHoursPerWeek.description, maxHoursPerDay.description, String(chatCapacity),
        ]
    }
}

/// The columns of `availability.csv`.
enum AvailabilityColumn: String, TableColumn {
    case `operator` = "operator_id"
    case weekday, from, to, preference
}

extension TableRow<AvailabilityColumn> {
    mutating func availability(operators: IdentifierIndex<Operator>) -> Availability? {
        let id = reference(.operator, to: operators)
        let weekday = weekday(.weekday)
        let span = timeOfDay(from: .from, to: .to)
        let preference = wholeNumber(.preference, in: -2...2)
        guard let id, let weekday, let span, let preference else { return nil }
        return Availability(operator: id, weekday: weekday, from: span.from, to: span.to, preference: preference)
    }
}

extension Availability {
    /// In the order of ``AvailabilityColumn``.
    var tableValues: [String] {
        [
            `operator`.rawValue, String(weekday.rawValue), from.description, to.description, String(preference),
        ]
    }

    static func precedes(_ left: Availability, _ right: Availability) -> Bool {
        guard left.operator == right.operator else { return left.operator < right.operator }
        return (left.weekday.rawValue, left.from, left.to, left.preference)
            < (right.weekday.rawValue, right.from, right.to, right.preference)
    }
}

/// The columns of `absences.csv`.
enum AbsenceColumn: String, TableColumn {
    case `operator` = "operator_id"
    case startsAt = "starts_at"
    case endsAt = "ends_at"
    case reason
}

extension TableRow<AbsenceColumn> {
    /// - Parameters:
    ///   - operators: Who can be away.
    ///   - zones: The zones by whose clocks an operator's absence may be meant.
    /// - Returns: Nil where the row has a fault, and where it lies wholly inside an hour that the clocks skip.
    mutating func absence(operators: IdentifierIndex<Operator>, zones: (String) -> [TimeZoneRules]) -> Absence? {
        let id = reference(.operator, to: operators)
        let during = span(from: .startsAt, to: .endsAt, in: zones(text(.operator) ?? ""))
        guard let id, let during, let reason = text(.reason), !during.isEmpty else { return nil }
        return Absence(operator: id, during: during, reason: reason)
    }
}

extension Absence {
    /// In the order of ``AbsenceColumn``.
    func tableValues(in zone: TimeZoneRules) -> [String] {
        [`operator`.rawValue, during.lowerBound.text(in: zone), during.upperBound.text(in: zone), reason]
    }

    static func precedes(_ left: Absence, _ right: Absence) -> Bool {
        guard left.operator == right.operator else { return left.operator < right.operator }
        guard left.during == right.during else {
            return (left.during.lowerBound, left.during.upperBound)
                < (right.during.lowerBound, right.during.upperBound)
        }
        return left.reason.utf8.lexicographicallyPrecedes(right.reason.utf8)
    }
}

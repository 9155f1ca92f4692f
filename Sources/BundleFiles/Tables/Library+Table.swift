import Coverage

/// The columns of `libraries.csv`.
enum LibraryColumn: String, TableColumn {
    case id = "library_id"
    case name, kind, timezone
    case contribution = "contribution_hours_per_week"
    case phone, email, url
}

extension TableRow<LibraryColumn> {
    mutating func library(ids: inout IdentifierIndex<Library>, zones: inout ZoneCatalog) -> Library? {
        let id = newIdentifier(.id, in: &ids)
        let name = name(.name)
        let kind: Library.Kind? = choice(.kind)
        let zone = zone(.timezone, in: &zones)
        let contribution = decimal(.contribution, in: .zero...Thousandths(1_000_000))
        let email = email(.email)
        guard let id, let name, let kind, let zone, let contribution, let email, let phone = text(.phone),
            let url = text(.url)
        else { return nil }
        return Library(
            id: id, name: name, kind: kind, timeZone: zone, contributionHoursPerWeek: contribution, phone: phone,
            email: email, url: url)
    }
}

extension Library {
    /// In the order of ``LibraryColumn``.
    var tableValues: [String] {
        [
            id.rawValue, name, kind.rawValue, timeZone, contributionHoursPerWeek.description, phone, email, url,
        ]
    }
}

/// The columns of `closures.csv`.
enum ClosureColumn: String, TableColumn {
    case library = "library_id"
    case date, reason
}

extension TableRow<ClosureColumn> {
    mutating func closure(libraries: IdentifierIndex<Library>) -> Closure? {
        let isOfAll = text(.library) == Closure.allLibraries
        let library = isOfAll ? nil : reference(.library, to: libraries)
        let date = date(.date)
        guard isOfAll || library != nil, let date, let reason = text(.reason) else { return nil }
        return Closure(library: library, date: date, reason: reason)
    }
}

extension Closure {
    /// What stands where a closure is that of all libraries.
    static let allLibraries = "*"

    /// In the order of ``ClosureColumn``.
    var tableValues: [String] { [library?.rawValue ?? Self.allLibraries, date.description, reason] }

    /// All libraries first, as `*` is before every letter and digit.
    static func precedes(_ left: Closure, _ right: Closure) -> Bool {
        guard left.library == right.library else {
            guard let first = left.library, let second = right.library else { return left.library == nil }
            return first < second
        }
        return left.date < right.date
    }
}

/// The columns of `library_hours.csv`.
enum LibraryHoursColumn: String, TableColumn {
    case library = "library_id"
    case weekday, opens, closes
}

extension TableRow<LibraryHoursColumn> {
    mutating func libraryHours(libraries: IdentifierIndex<Library>) -> LibraryHours? {
        let library = reference(.library, to: libraries)
        let weekday = weekday(.weekday)
        let span = timeOfDay(from: .opens, to: .closes)
        guard let library, let weekday, let span else { return nil }
        return LibraryHours(library: library, weekday: weekday, opens: span.from, closes: span.to)
    }
}

extension LibraryHours {
    /// In the order of ``LibraryHoursColumn``.
    var tableValues: [String] {
        [library.rawValue, String(weekday.rawValue), opens.description, closes.description]
    }

    static func precedes(_ left: LibraryHours, _ right: LibraryHours) -> Bool {
        guard left.library == right.library else { return left.library < right.library }
        return (left.weekday.rawValue, left.opens) < (right.weekday.rawValue, right.opens)
    }
}

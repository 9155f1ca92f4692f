import Coverage

/// Days on which a library is to be closed, as they are typed.
struct ClosureForm: Hashable {
    /// The first day, `2026-12-24`.
    var from = ""
    /// The last day; empty is the first.
    var to = ""
    var reason = ""

    init() {}

    init(_ form: FormFields) {
        from = form.line("from")
        to = form.line("to")
        reason = form.line("reason")
    }

    /// More at once is a mistake, or wants to be looked at.
    private static let mostDays = 92

    /// What was typed.
    ///
    /// - Parameter today: The library's; days before it are none that can be closed.
    /// - Returns: The days, the one after the last excluded.
    /// - Throws: ``FormProblem`` that names the field and what would be right.
    func dates(from today: CivilDate) throws(FormProblem) -> Range<CivilDate> {
        guard let first = CivilDate(from) else {
            throw FormProblem("First day: choose one, or write it like 2026-12-24.")
        }
        guard let last = to.isEmpty ? first : CivilDate(to) else {
            throw FormProblem("Last day: choose one, or write it like 2026-12-26; leave it empty for one day.")
        }
        guard first >= today else {
            throw FormProblem("First day: \(DayText.long(first)) is over. Choose a coming day.")
        }
        guard first <= last else { throw FormProblem("Last day: it is before the first one. Choose a later day.") }
        guard last.daysSince1970 - first.daysSince1970 < Self.mostDays else {
            throw FormProblem("Last day: at most \(Self.mostDays) days can be closed at once. Choose an earlier day.")
        }
        guard reason.unicodeScalars.count <= 200 else { throw FormProblem("Reason: write at most 200 characters.") }
        return first..<last.advanced(byDays: 1)
    }
}

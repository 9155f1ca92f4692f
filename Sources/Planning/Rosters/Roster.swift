/// Who works which shift type on which day.
package struct Roster: Hashable, Sendable {
    /// For each person, in the problem's order, for each day the shift type, or nil for a day off.
    package let rows: [[Int?]]

    package init(rows: [[Int?]]) {
        self.rows = rows
    }
}

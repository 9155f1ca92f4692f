/// Whose rows are made anew, and on which days; all else stands still.
struct RosterPart {
    let people: [Int]
    /// A weekend lies inside or outside as a whole.
    let days: Range<Int>
}

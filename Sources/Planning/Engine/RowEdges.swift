/// What lies around the part of a row that is solved: one operator's week, given the weeks beside it and fixed shifts.
struct RowEdges: Sendable {
    /// The slots to be filled, counted from the week's first.
    var first: Int
    var end: Int
    /// Free slots between the last stretch before and `first`; nil if a full rest lies between them.
    var gapBefore: Int?
    /// Of the stretch before.
    var queueBefore = -1
    var lengthBefore = 0
    /// Free slots between `end` and the next stretch; nil if a full rest lies between them.
    var gapAfter: Int?
    /// Of the stretch after; its length is beyond all limits where it may not be lengthened.
    var queueAfter = -1
    var lengthAfter = 0
    /// Whether joining on to the stretch after saves a start on a day that has another.
    var joiningSavesBlock = false

    /// Too long for any queue, so that nothing is joined on.
    static let unjoinable = Int(Int32.max)
}

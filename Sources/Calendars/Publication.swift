package import Coverage

/// A plan as it was published once, or as an edit left it since: what calendars need to know of it.
package struct Publication: Hashable, Sendable {
    /// The plan's number.
    package let plan: Int
    /// The edit that changed it last by then; 0 is none.
    package let edit: Int
    package let period: Range<Instant>
    /// When it was published, or edited since.
    package let publishedAt: Instant
    /// When another took its place; nil for one that counts.
    package let supersededAt: Instant?

    package init(
        plan: Int, edit: Int = 0, period: Range<Instant>, publishedAt: Instant, supersededAt: Instant?
    ) {
        self.plan = plan
        self.edit = edit
        self.period = period
        self.publishedAt = publishedAt
        self.supersededAt = supersededAt
    }

    /// In the order in which they were published; those of one moment cover different times.
    package static func precedes(_ left: Publication, _ right: Publication) -> Bool {
        (left.publishedAt, left.plan, left.edit) < (right.publishedAt, right.plan, right.edit)
    }
}

/// A shift of a plan that was published, with what people call things.
package struct PublishedShift: Hashable, Sendable {
    package let plan: Int
    /// From the edit that brought it, 0 where it was there from the beginning, to before the one that took it.
    package let edits: Range<Int>
    package let shift: Shift
    package let operatorName: String
    package let queueName: String
    package let library: Library.ID
    package let libraryName: String

    package init(
        plan: Int, edits: Range<Int> = 0..<Int.max, shift: Shift, operatorName: String, queueName: String,
        library: Library.ID, libraryName: String
    ) {
        self.plan = plan
        self.edits = edits
        self.shift = shift
        self.operatorName = operatorName
        self.queueName = queueName
        self.library = library
        self.libraryName = libraryName
    }
}

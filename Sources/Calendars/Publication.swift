package import Coverage

/// A plan that was published once: what calendars need to know of it.
package struct Publication: Hashable, Sendable {
    /// The plan's number.
    package let plan: Int
    package let period: Range<Instant>
    package let publishedAt: Instant
    /// When another took its place; nil for one that counts.
    package let supersededAt: Instant?

    package init(plan: Int, period: Range<Instant>, publishedAt: Instant, supersededAt: Instant?) {
        self.plan = plan
        self.period = period
        self.publishedAt = publishedAt
        self.supersededAt = supersededAt
    }

    /// In the order in which they were published; those of one moment cover different times.
    package static func precedes(_ left: Publication, _ right: Publication) -> Bool {
        (left.publishedAt, left.plan) < (right.publishedAt, right.plan)
    }
}

/// A shift of a published plan, with what people call things.
package struct PublishedShift: Hashable, Sendable {
    package let plan: Int
    package let shift: Shift
    package let operatorName: String
    package let queueName: String
    package let library: Library.ID
    package let libraryName: String

    package init(
        plan: Int, shift: Shift, operatorName: String, queueName: String, library: Library.ID, libraryName: String
    ) {
        self.plan = plan
        self.shift = shift
        self.operatorName = operatorName
        self.queueName = queueName
        self.library = library
        self.libraryName = libraryName
    }
}

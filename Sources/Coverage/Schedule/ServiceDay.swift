/// What became of the questions that were asked on one day on one queue.
package struct ServiceDay: Hashable, Sendable {
    package var queue: Queue.ID
    /// By the consortium's calendar.
    package var date: CivilDate
    /// Questions asked, wherever they went later.
    package var came: Int
    /// Of them, those that an operator had; by email, those that were answered.
    package var answered: Int
    /// Of ``answered``, those within the queue's time.
    package var answeredInTime: Int
    /// Patrons who left before an operator had them.
    package var gaveUp: Int
    /// Of ``gaveUp``, those who left before the queue's time was over: no fault of the desk's.
    package var gaveUpEarly: Int
    /// Those that were handed to a queue of email.
    package var toEmail: Int

    package init(
        queue: Queue.ID, date: CivilDate, came: Int, answered: Int, answeredInTime: Int, gaveUp: Int = 0,
        gaveUpEarly: Int = 0, toEmail: Int = 0
    ) {
        self.queue = queue
        self.date = date
        self.came = came
        self.answered = answered
        self.answeredInTime = answeredInTime
        self.gaveUp = gaveUp
        self.gaveUpEarly = gaveUpEarly
        self.toEmail = toEmail
    }

    /// The service level in per mille: answered in time, of those who were answered or gave up later than that; nil where
    /// there are none.
    package var levelPerMille: Int? {
        let counted = Double(answered) + Double(gaveUp) - Double(gaveUpEarly)
        guard counted > 0 else { return nil }
        return Int((min(Double(max(0, answeredInTime)), counted) * 1000 / counted).rounded(.down))
    }
}

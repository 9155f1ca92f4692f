package import Coverage
package import PostgresClient
import Routing
import Storage

/// What became of questions, day by day.
///
/// Days that are over, with nothing open, are read once; the others anew when they were read half a minute ago.
package actor ServiceLevels {
    /// Queues and their days.
    package struct Report: Hashable, Sendable {
        /// By id.
        package let queues: [Queue]
        /// For each queue all days in order, those without questions too.
        package let days: [Queue.ID: [ServiceDay]]
    }

    private struct Key: Hashable {
        let date: CivilDate
        let library: Library.ID?
    }

    private struct Known {
        let days: [ServiceDay]
        /// Nil where it stays as it is.
        let readAt: Instant?
    }

    private let repository: ServiceLevelRepository
    private let pool: PostgresPool
    private let now: @Sendable () -> Instant
    private var known: [Key: Known] = [:]
    /// What the known days were judged by.
    private var judgedBy: ServiceLevelRepository.Aims?

    /// A year of a large consortium's libraries would be too much to keep; a month of all of them is not.
    private static let capacity = 100_000
    private static let freshSeconds: Int64 = 30

    package init(consortium: Consortium.ID, pool: PostgresPool, now: @escaping @Sendable () -> Instant) {
        repository = ServiceLevelRepository(consortium: consortium)
        self.pool = pool
        self.now = now
    }

    /// What became of the questions of some days.
    ///
    /// - Parameters:
    ///   - dates: By the consortium's calendar; days to come have no questions.
    ///   - zone: The consortium's.
    ///   - library: Whose patrons'; nil is all.
    /// - Returns: Every queue's days.
    /// - Throws: ``PostgresError``.
    /// - Complexity: O(sessions of the days not known, and their events)
    package func report(
        on dates: Range<CivilDate>, in zone: TimeZoneRules, patronsOf library: Library.ID? = nil
    ) async throws -> Report {
        let time = now()
        let (repository, pool) = (repository, pool)
        let aims = try await pool.withConnection { try await repository.aims(in: zone, from: $0) }
        forget(unless: aims)
        let wanted = dates.days.filter { date in
            guard let entry = known[Key(date: date, library: library)] else { return true }
            return entry.readAt.map { time.seconds(since: $0) >= Self.freshSeconds } ?? false
        }
        if let first = wanted.first, let last = wanted.last {
            let missing = first..<last.advanced(byDays: 1)
            let read = try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
                try await ServiceDays(missing, zone, library, judgedBy: aims, repository, in: transaction)
            }
            keep(read, on: missing, in: zone, library, at: time)
        }
        return Report(
            queues: aims.queues,
            days: Dictionary(
                aims.queues.map { queue in (queue.id, dates.days.map { day(queue.id, $0, library) }) },
                uniquingKeysWith: { first, _ in first }))
    }

    private func day(_ queue: Queue.ID, _ date: CivilDate, _ library: Library.ID?) -> ServiceDay {
        known[Key(date: date, library: library)]?.days.first { $0.queue == queue }
            ?? ServiceDay(queue: queue, date: date, came: 0, answered: 0, answeredInTime: 0)
    }

    private func forget(unless aims: ServiceLevelRepository.Aims) {
        if judgedBy?.queues != aims.queues || judgedBy?.calendars != aims.calendars || known.count > Self.capacity {
            known = [:]
        }
        judgedBy = aims
    }

    private func keep(
        _ read: ServiceDays, on dates: Range<CivilDate>, in zone: TimeZoneRules, _ library: Library.ID?,
        at time: Instant
    ) {
        for date in dates.days {
            let isOver = zone.firstInstant(ofDate: date.advanced(byDays: 1)) < time
            let stays = isOver && !read.open.contains(date)
            known[Key(date: date, library: library)] = Known(
                days: read.days.filter { $0.date == date }, readAt: stays ? nil : time)
        }
    }
}

/// Days as they are read.
private struct ServiceDays {
    var days: [ServiceDay]
    /// Those of which something may still change.
    var open: Set<CivilDate>

    init(
        _ dates: Range<CivilDate>, _ zone: TimeZoneRules, _ library: Library.ID?,
        judgedBy aims: ServiceLevelRepository.Aims, _ repository: ServiceLevelRepository,
        in transaction: some PostgresSession
    ) async throws {
        let period = zone.firstInstant(ofDate: dates.lowerBound)..<zone.firstInstant(ofDate: dates.upperBound)
        let numbers = try await repository.numbers(createdIn: period, in: transaction)
        let chats = try await repository.chatDays(numbers, patronsOf: library, in: transaction)
        let questions = try await repository.emailQuestions(numbers, patronsOf: library, in: transaction)
        days = chats.map(\.day)
        open = Set(chats.filter { $0.open > 0 }.map(\.day.date))
        let seconds = Dictionary(
            aims.queues.map { ($0.id, $0.answerSeconds) }, uniquingKeysWith: { first, _ in first })
        for (key, questions) in Dictionary(grouping: questions, by: { DayOfQueue(queue: $0.queue, date: $0.date) }) {
            var day = ServiceDay(queue: key.queue, date: key.date, came: 0, answered: 0, answeredInTime: 0)
            for question in questions {
                let due = seconds[key.queue].flatMap {
                    aims.calendars[key.queue]?.adding(openSeconds: $0, to: question.askedAt)
                }
                day.count(question, dueBy: due)
                if question.outcome == nil { open.insert(key.date) }
            }
            days.append(day)
        }
    }

    private struct DayOfQueue: Hashable {
        let queue: Queue.ID
        let date: CivilDate
    }
}

extension ServiceDay {
    /// Adds a question by email.
    ///
    /// It is answered when it ends so, not when somebody takes it. Where the queue does not open for long enough, no time
    /// was promised, and none is missed.
    fileprivate mutating func count(_ question: ServiceLevelRepository.EmailQuestion, dueBy due: Instant?) {
        came += 1
        guard let outcome = question.outcome, let endedAt = question.endedAt else { return }
        let isInTime = due.map { endedAt <= $0 } ?? true
        switch outcome {
        case .answered, .referred:
            answered += 1
            if isInTime { answeredInTime += 1 }
        case .abandoned, .patronLeft:
            gaveUp += 1
            if isInTime { gaveUpEarly += 1 }
        case .partner, .spam, .unrecorded: break
        }
    }
}

extension Range<CivilDate> {
    /// The days one by one.
    fileprivate var days: [CivilDate] {
        (lowerBound.daysSince1970..<upperBound.daysSince1970).map { CivilDate(daysSince1970: $0) }
    }
}

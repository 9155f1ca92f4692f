package import Coverage

/// A piece of news for one person: facts, of which words are made when it is sent.
package enum Notice: Hashable, Sendable, Codable {
    /// The person's published shifts have changed; `message` is what was said with the plan.
    case scheduleChanged(gained: [NoticeShift], lost: [NoticeShift], message: String)
    /// Somebody else has told that the person is away.
    case absenceAdded(NoticeTime, reason: String, by: String)
    /// Somebody else has taken an absence of the person back.
    case absenceRemoved(NoticeTime, by: String)
    /// Somebody else has changed when the person can work, every week.
    case availabilityChanged(by: String)
    /// A request of the person was decided. `request` names it in words, `Give away Ask, Monday 26 October 2026,
    /// 10:00–12:00`; `reason` may be empty.
    case requestDecided(request: String, isGranted: Bool, reason: String, by: String)
    /// A request waits for the person to decide on it; `path` is the page where that is done, `/requests`.
    case requestWaiting(request: String, by: String, path: String)
    /// Shifts that nobody has, offered to the person's library.
    case shiftsOffered([NoticeShift])
    /// A day's news in one mail, and how many requests wait to be decided.
    case digest([Notice], undecided: Int)

    /// What it is called in the database.
    package var kind: String {
        switch self {
        case .scheduleChanged: "schedule_changed"
        case .absenceAdded: "absence_added"
        case .absenceRemoved: "absence_removed"
        case .availabilityChanged: "availability_changed"
        case .requestDecided: "request_decided"
        case .requestWaiting: "request_waiting"
        case .shiftsOffered: "shifts_offered"
        case .digest: "digest"
        }
    }

    /// What people choose it by; nil for what is always sent.
    package var topic: NotificationTopic? {
        switch self {
        case .scheduleChanged, .absenceAdded, .absenceRemoved, .availabilityChanged: .ownSchedule
        case .requestDecided: .ownRequests
        case .requestWaiting: .requests
        case .shiftsOffered: .openShifts
        case .digest: nil
        }
    }
}

/// A time in a notice.
package struct NoticeTime: Hashable, Sendable, Codable {
    /// Seconds since 1970.
    private let startsAt: Int64
    private let endsAt: Int64

    package init(_ during: Range<Instant>) {
        startsAt = during.lowerBound.secondsSince1970
        endsAt = during.upperBound.secondsSince1970
    }

    package var during: Range<Instant> {
        Instant(secondsSince1970: startsAt)..<Instant(secondsSince1970: max(startsAt, endsAt))
    }
}

/// A shift in a notice, with its queue as it was called then.
package struct NoticeShift: Hashable, Sendable, Codable {
    package let queue: String
    private let time: NoticeTime

    package init(queue: String, during: Range<Instant>) {
        self.queue = queue
        time = NoticeTime(during)
    }

    package var during: Range<Instant> { time.during }
}

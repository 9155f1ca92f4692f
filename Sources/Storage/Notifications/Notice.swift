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
    /// Somebody has changed single shifts of the person; several changes of one author in a row are told as one.
    case shiftsChanged(gained: [NoticeShift], lost: [NoticeShift], by: String)
    /// A request of the person was decided; `reason` may be empty.
    case requestDecided(NoticeRequest, isGranted: Bool, reason: String, by: String)
    /// A request waits for the person to decide on it; `reason` is why it is made, and may be empty.
    case requestWaiting(NoticeRequest, reason: String, by: String)
    /// Somebody would have a shift of the person's for one of their own; `reason` may be empty.
    case swapProposed(NoticeRequest, reason: String, by: String)
    /// Shifts that people of the person's library could take.
    case shiftsOffered([NoticeShift])
    /// A shift that the person could take, at a time that they like best.
    case favouriteOffered(NoticeShift)
    /// A day's news in one mail, and how many requests wait to be decided.
    case digest([Notice], undecided: Int)

    /// What it is called in the database.
    package var kind: String {
        switch self {
        case .scheduleChanged: "schedule_changed"
        case .shiftsChanged: "shifts_changed"
        case .absenceAdded: "absence_added"
        case .absenceRemoved: "absence_removed"
        case .availabilityChanged: "availability_changed"
        case .requestDecided: "request_decided"
        case .requestWaiting: "request_waiting"
        case .swapProposed: "swap_proposed"
        case .shiftsOffered: "shifts_offered"
        case .favouriteOffered: "favourite_offered"
        case .digest: "digest"
        }
    }

    /// What people choose it by; nil for what is always sent.
    package var topic: NotificationTopic? {
        switch self {
        case .scheduleChanged, .shiftsChanged, .absenceAdded, .absenceRemoved, .availabilityChanged: .ownSchedule
        case .requestDecided, .swapProposed: .ownRequests
        case .requestWaiting: .requests
        case .shiftsOffered, .favouriteOffered: .openShifts
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

    /// By time, then by queue.
    package static func precedes(_ left: NoticeShift, _ right: NoticeShift) -> Bool {
        (left.during.lowerBound, left.during.upperBound, left.queue)
            < (right.during.lowerBound, right.during.upperBound, right.queue)
    }
}

/// A request about single shifts in a notice.
package struct NoticeRequest: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case giveaway
        case swap
        case claim
        /// To be away: the shift is of no queue.
        case leave
    }

    package let kind: Kind
    /// Who would have it, by name as it was then.
    package let person: String
    /// The person's own; for a claim, the one that is wanted.
    package let shift: NoticeShift
    /// What a swap would have for it, and whose that is.
    package let other: NoticeShift?
    package let colleague: String?

    package init(
        _ kind: Kind, of person: String, _ shift: NoticeShift, for other: NoticeShift? = nil,
        from colleague: String? = nil
    ) {
        self.kind = kind
        self.person = person
        self.shift = shift
        self.other = other
        self.colleague = colleague
    }
}

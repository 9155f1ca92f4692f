import Coverage
import Routing

/// What the wall shows of a moment.
struct NowView {
    let board: NowBoard
    let consortium: String
    let zone: TimeZoneRules
    let now: Instant

    /// For the board's template.
    var values: [String: Any] {
        .present([
            "consortium": consortium, "time": DayText.time(now, in: zone),
            "day": DayText.long(zone.civil(at: now).date),
            "isBeingRead": !board.isKnown,
            "figures": figures,
            "queues": board.queues.map(queueValues), "people": board.people.map(personValues),
            "hasPeople": !board.people.isEmpty,
        ])
    }

    private var figures: [[String: Any]] {
        let waiting = board.queues.reduce(0) { $0 + ($1.standing?.waiting ?? 0) }
        let absent = board.people.count { $0.state.isAbsent }
        return [
            Self.figure(waiting, waiting == 1 ? "patron waits" : "patrons wait", isBad: waiting > 0),
            Self.figure(board.people.count - absent, "of \(board.people.count) on shift are here", isBad: false),
            Self.figure(absent, absent == 1 ? "is missing" : "are missing", isBad: absent > 0),
            Self.figure(
                board.helpers, board.helpers == 1 ? "colleague beside them" : "colleagues beside them", isBad: false),
        ]
    }

    private static func figure(_ number: Int, _ text: String, isBad: Bool) -> [String: Any] {
        ["figure": number, "text": text, "isBad": isBad]
    }

    private func queueValues(_ entry: NowBoard.QueueNow) -> [String: Any] {
        let standing = entry.standing
        let isOpen = standing?.isOpen ?? false
        let isAlarming = isOpen && ((standing?.waiting ?? 0) > 0 && standing?.free == 0 || entry.absent > 0)
        return .present([
            "name": entry.queue.name, "channel": entry.queue.channel.rawValue,
            "isOpen": isOpen, "style": isOpen ? (isAlarming ? "is-alarming" : "is-calm") : "is-closed",
            "waiting": standing?.waiting ?? 0, "free": standing?.free ?? 0, "here": standing?.present ?? 0,
            "onShift": entry.onShift, "absent": entry.absent > 0 ? entry.absent : nil,
            "told": told(standing?.expectation),
            "came": entry.today?.came, "answered": entry.today?.answered,
            "level": entry.today?.levelPerMille.map { "\($0 / 10) %" },
            "aim": "\(entry.queue.answerShare.rawValue / 10) % in \(Self.duration(entry.queue.answerSeconds))",
        ])
    }

    /// What somebody who came now would be told.
    private func told(_ expectation: Expectation?) -> String? {
        switch expectation {
        case .wait(_, let within) where within <= 5: "a colleague is free"
        case .wait(let likely, let within):
            "likely \(Self.duration(likely)), at most about \(Self.duration(within))"
        case .from(let time): "somebody is there from \(DayText.time(time, in: zone))"
        case .closed(let opensAt): opensAt.map { "opens \(moment($0))" } ?? "closed"
        case .answerBy(let time): "an answer by \(moment(time))"
        case .withOperator, .beingOffered, .unknown, .ended, nil: nil
        }
    }

    /// `16:00`, or with its day where that is another one.
    private func moment(_ instant: Instant) -> String {
        let date = zone.civil(at: instant).date
        let time = DayText.time(instant, in: zone)
        return date == zone.civil(at: now).date ? time : "\(DayText.weekday(date.weekday)) \(time)"
    }

    private static func duration(_ seconds: Int) -> String {
        seconds < 90 ? "\(seconds) s" : DayText.hours(minutes: (seconds + 59) / 60)
    }

    private func personValues(_ entry: NowBoard.PersonNow) -> [String: Any] {
        let (state, style) =
            switch board.isKnown ? entry.state : nil {
            case nil: ("not known yet", "is-unknown")
            case .here(let taken, let seats)?: ("\(taken) of \(seats) seats taken", "is-here")
            case .busy?: ("busy", "is-here")
            case .away?: ("away", "is-away")
            case .absent?: ("not here", "is-absent")
            }
        return [
            "name": entry.person.name, "library": entry.library?.name ?? "", "queue": entry.queue.name,
            "until": DayText.time(entry.until, in: zone), "state": state, "style": style,
        ]
    }
}

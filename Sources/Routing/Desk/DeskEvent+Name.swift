extension DeskEvent.Kind {
    /// A word for programs, `offer_expired`; what is stored and told.
    package var name: String {
        switch self {
        case .created: "created"
        case .offered: "offered"
        case .waiting: "waiting"
        case .fallback: "fallback"
        case .accepted: "accepted"
        case .declined: "declined"
        case .offerExpired: "offer_expired"
        case .offerWithdrawn: "offer_withdrawn"
        case .requeued: "requeued"
        case .transferred: "transferred"
        case .noted: "noted"
        case .silent: "silent"
        case .wrappingUp: "wrapping_up"
        case .ended: "ended"
        case .present: "present"
        case .lapsed: "lapsed"
        case .left: "left"
        case .gone: "gone"
        case .gapOpened: "gap_opened"
        case .gapClosed: "gap_closed"
        }
    }
}

import Scheduling

/// Why a request is not made or decided, in words for whoever wanted it.
enum RequestWords {
    static func text(of refusal: ShiftRequests.Refusal) -> String {
        switch refusal {
        case .notOpen: "This request was decided or withdrawn meanwhile. Nothing was changed."
        case .shiftIsGone:
            "The shift is not in the published schedule any more as it was when you looked. Load the week again."
        case .hasBegun: "The shift has begun, or is over. Call your coordinator."
        case .noPart: "What is given away must be a part of the shift, or all of it."
        case .asksTwice: "The same was asked before, and is still open."
        case .ownShift: "This is the same person’s own shift. Choose somebody else’s."
        case .nobodyTakesIt:
            "Nobody has asked for this shift yet. Give it to somebody yourself, or wait until somebody asks for it."
        }
    }
}

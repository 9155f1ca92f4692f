/// How well a queue is staffed in a slot.
enum CoverageLevel: String, Hashable, CaseIterable, Sendable {
    /// Nobody is wanted.
    case closed
    /// Fewer than the minimum.
    case critical
    /// Fewer than the target.
    case thin
    case covered
    /// More than the target.
    case over

    init(there: Int, minimum: Int, target: Int, isOpen: Bool) {
        self =
            if !isOpen {
                there > 0 ? .over : .closed
            } else if there < minimum {
                .critical
            } else if there < target {
                .thin
            } else {
                there > target ? .over : .covered
            }
    }

    /// For people.
    var words: String {
        switch self {
        case .closed: "closed"
        case .critical: "below the minimum"
        case .thin: "thin"
        case .covered: "covered"
        case .over: "more than wanted"
        }
    }

    /// The class that colours it.
    var styleClass: String { "is-\(rawValue)" }
}

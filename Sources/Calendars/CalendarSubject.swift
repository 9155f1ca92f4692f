package import Coverage

/// Whose schedule a calendar shows.
package enum CalendarSubject: Hashable, Sendable {
    case person(Operator.ID)
    case library(Library.ID)
    case queue(Queue.ID)

    /// What kind of thing it is, in a word.
    package var kind: String {
        switch self {
        case .person: "operator"
        case .library: "library"
        case .queue: "queue"
        }
    }

    package var id: String {
        switch self {
        case .person(let id): id.rawValue
        case .library(let id): id.rawValue
        case .queue(let id): id.rawValue
        }
    }
}

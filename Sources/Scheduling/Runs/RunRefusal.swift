/// Why a search is not started or stopped, with what would help.
package enum RunRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// One of its sort is under way.
    case alreadyOpen(run: Int)
    case noRun(Int)
    /// It is over.
    case notOpen(Int)
    /// It is under way still.
    case notOver(Int)
    case badSeconds(Int)
    case badSeed(Int)

    package var description: String {
        switch self {
        case .alreadyOpen(let run): "search \(run) is under way; wait until it is over, or stop it"
        case .noRun(let number): "there is no search \(number)"
        case .notOpen(let number): "search \(number) is over already"
        case .notOver(let number): "search \(number) is under way still"
        case .badSeconds(let seconds): "a search takes 1 to 600 seconds, and not \(seconds)"
        case .badSeed(let seed): "a seed is a whole number from 0 on, and not \(seed)"
        }
    }
}

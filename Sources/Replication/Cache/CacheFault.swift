/// Why a cache cannot be worked with, in words that say what would help.
package enum CacheFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Its pages or indexes contradict each other, or it is cut off.
    case damaged(path: String, reason: String)
    /// A file of something else.
    case foreign(path: String, reason: String)
    /// It was made by a newer program.
    case newer(path: String, version: Int, program: Int)
    /// It holds what another library, or another consortium, may see.
    case otherLibrary(path: String, holds: String, offered: String)
    /// The service tells changes to a database that is not the one that the cache was made from.
    case otherDatabase(path: String)
    /// The disk is full.
    case diskFull(path: String)
    /// It cannot be opened, read or written.
    case unusable(path: String, reason: String)
    /// Somebody has been writing to it for too long.
    case busy(path: String)

    package var description: String {
        switch self {
        case .damaged(let path, let reason):
            "the cache \(path) is damaged: \(reason)"
        case .foreign(let path, let reason):
            "\(path) is no cache of Coverdesk (\(reason)): name another file, or move this one away"
        case .newer(let path, let version, let program):
            "the cache \(path) was made by a newer coverdesk (its schema is \(version), this program's \(program)): "
                + "update this program, or name another file"
        case .otherLibrary(let path, let holds, let offered):
            "the cache \(path) holds what \(holds) may see, but the token is for \(offered): "
                + "name another file with --cache, or the right token"
        case .otherDatabase(let path):
            "the cache \(path) was made from another database of the service"
        case .diskFull(let path):
            "the disk that holds \(path) is full: make room; the cache stays as it was"
        case .unusable(let path, let reason):
            "the cache \(path) cannot be used: \(reason)"
        case .busy(let path):
            "another program has been writing to \(path) for longer than ten seconds: let it end"
        }
    }
}

/// Why a cache cannot give, or take, what was asked of it.
package enum OfflineRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case noCache(path: String)
    /// No snapshot is complete yet.
    case empty(path: String)
    /// Its tables are another version's.
    case otherSchema(path: String, version: Int, program: Int)
    case unknown(kind: String, id: String, known: [String])
    case noShift(plan: Int, number: Int)
    /// The shift is another library's.
    case notOurs(plan: Int, number: Int, library: String)
    /// It has begun.
    case past(plan: Int, number: Int)
    case endsBeforeItBegins
    /// A swap of a shift with itself.
    case sameShift
    case reasonTooLong(count: Int)

    package var description: String {
        switch self {
        case .noCache(let path):
            "there is no cache \(path): `coverdesk sync --cache \(path) …` makes it"
        case .empty(let path):
            "the cache \(path) holds nothing yet: its first snapshot is not complete"
        case .otherSchema(let path, let version, let program):
            "the cache \(path) has tables of version \(version), this program reads \(program): let `coverdesk sync` of "
                + "the same version work on it"
        case .unknown(let kind, let id, let known):
            "there is no \(kind) “\(id)”" + (known.isEmpty ? "" : ": there are " + Self.list(known))
        case .noShift(let plan, let number):
            "the published schedule has no shift \(plan)/\(number): `coverdesk schedule --cache FILE` lists them"
        case .notOurs(let plan, let number, let library):
            "shift \(plan)/\(number) is one of \(library): only that library can act on it"
        case .past(let plan, let number):
            "shift \(plan)/\(number) has begun, or is over"
        case .endsBeforeItBegins:
            "the end must be later than the beginning"
        case .sameShift:
            "a shift cannot be swapped with itself"
        case .reasonTooLong(let count):
            "the reason has \(count) characters: 500 are allowed"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.count <= 12
            ? names.joined(separator: ", ") : names.prefix(12).joined(separator: ", ") + " and \(names.count - 12) more"
    }
}

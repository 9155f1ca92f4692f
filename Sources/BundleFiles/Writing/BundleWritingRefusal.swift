/// Why a bundle or a plan was not written; what was there before is as it was.
package enum BundleWritingRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder holds files that belong to no bundle.
    case folderHoldsOtherThings(folder: String, names: [String])
    /// There is something that is no folder.
    case notAFolder(String)
    case cannotWrite(path: String)
    case unknownTimeZone(String)
    /// A session was handed over that belongs before an earlier one.
    ///
    /// The session is as its line would be.
    case historyOutOfOrder(session: String)

    package var description: String {
        switch self {
        case .folderHoldsOtherThings(let folder, let names):
            let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
            return "\(folder) holds what belongs to no bundle (\(shown)): name an empty folder, a new one, or one with "
                + "an older bundle"
        case .notAFolder(let path):
            return "\(path) is not a folder: name an empty folder or a new one"
        case .cannotWrite(let path):
            return "\(path) cannot be written: check that its folder is there, may be written to and has room"
        case .unknownTimeZone(let identifier):
            return "\(identifier.quoted) is no time zone, so no time can be written in it"
        case .historyOutOfOrder(let session):
            return "the session \(session) came after one that belongs behind it: past sessions are written in the "
                + "order of their start, queue, library and duration"
        }
    }
}

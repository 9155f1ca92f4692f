import Foundation

extension FileManager {
    /// What is at a path, links followed; nil where there is nothing.
    func type(atPath path: String) -> FileAttributeType? {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return (try? attributesOfItem(atPath: resolved))?[.type] as? FileAttributeType
    }
}

package import Coverage

/// A place in a library's feed: up to where a replica is in step.
package struct ReplicaCursor: Hashable, Sendable {
    package let library: Library.ID
    /// Whose transactions the snapshot tells of.
    package let database: String
    package let snapshot: ReplicaSnapshot

    /// What lines mean: a replica that holds others starts anew.
    private static let format = "1"

    package init(library: Library.ID, database: String, snapshot: ReplicaSnapshot) {
        self.library = library
        self.database = database
        self.snapshot = snapshot
    }

    /// Reads what ``text`` writes; nil is no cursor, or one of another format.
    package init?(_ text: String) {
        let parts = text.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == Self.format, Library.ID.isValid(parts[1]),
            let snapshot = ReplicaSnapshot(parts[3])
        else { return nil }
        self.init(library: Library.ID(parts[1]), database: parts[2], snapshot: snapshot)
    }

    package var text: String { "\(Self.format)~\(library)~\(database)~\(snapshot.text)" }
}

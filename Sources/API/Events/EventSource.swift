/// Where events are read from: the consortium's log in the database.
package protocol EventSource: Sendable {
    /// Whether the source can be read yet.
    var isReady: Bool { get }

    /// The number of the newest event, 0 where there is none.
    func newest() async throws -> Int64

    /// The newest event that this process knows of, without a look at the database.
    var newestKnown: Int64 { get }

    /// The number of the newest event that is surely on disk, from the database.
    func newestStored() async throws -> Int64

    /// The events behind a number in their order, without a gap, encoded as streams and webhooks send them.
    func encoded(after number: Int64, limit: Int) async throws -> [EncodedEvent]
}

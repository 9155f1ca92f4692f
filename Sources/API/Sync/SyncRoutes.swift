import Coverage
import HTTPTypes
import PostgresClient
import Storage

/// The feed from which member libraries keep their replicas.
struct SyncRoutes: Sendable {
    let repository: SyncRepository
    let pool: PostgresPool
    let feed: SyncFeed
    /// How long a client may take for the rows of one state.
    let readingSeconds: Int64

    var routes: [Route] {
        [
            Route(
                .get, "/v1/sync", "sync", tag: "Replicas", scope: .replicaRead,
                summary: "What the token's library may see, and what changes of it",
                description: """
                    Lines of UTF-8, each a row (`+table`, a tab, the fields), a row that is gone (`-table`, a tab, the \
                    key) or a control line (`#word {json}`). What stands before a `#commit` is one step from one state \
                    of the service to a later one; its cursor goes on from there. Without a cursor all rows come.
                    """,
                parameters: [
                    .query("cursor", .text(1...8000), "The cursor of the last `#commit` that was kept."),
                    .query(
                        "wait", .integer(0...SyncRequest.longestWaitSeconds),
                        "For how many seconds the answer stays open for what changes; 0 if not said."),
                    .query(
                        "digest", .array(.text(1...4000), 1...64),
                        "A table to be summed up, `*` for all: TABLE, TABLE:PARTS or TABLE:PARTS:FROM:TO."),
                    .query(
                        "rows", .array(.text(1...4000), 1...64),
                        "A part of a table to be sent whole: TABLE or TABLE:FROM:TO."),
                ],
                outcomes: [
                    Route.Outcome(
                        status: .ok, summary: "The lines, compressed if gzip is accepted.",
                        content: .text(mediaType: SyncLine.mediaType), headers: ["Content-Encoding"]),
                    .problem(.gone, "The cursor is too old, or of another database or library: start anew."),
                ], handle: sync)
        ]
    }

    private func sync(_ exchange: Exchange) async throws -> Answer {
        let request = try SyncRequest(exchange, library: try exchange.requireLibrary())
        let stream = SyncStream(
            request: request, repository: repository, pool: pool, feed: feed, readingSeconds: readingSeconds,
            logger: exchange.logger)
        try await stream.check()
        var headers: HTTPFields = [.cacheControl: "no-store", .vary: "Accept-Encoding"]
        if request.isCompressed { headers[.contentEncoding] = "gzip" }
        return Answer(
            status: .ok, headers: headers, content: .stream(mediaType: SyncLine.mediaType, stream.body))
    }
}

extension Exchange {
    /// The library whose replica the token opens.
    func requireLibrary() throws -> Library.ID {
        guard let library = try requireAccess().library else { throw Problem.tokenWithoutLibrary }
        return library
    }
}

extension Problem {
    fileprivate static let tokenWithoutLibrary = Problem(
        .forbidden, "forbidden", "The token may not do this",
        "the token belongs to no library: make one with `coverdesk token create --library LIBRARY`")
}

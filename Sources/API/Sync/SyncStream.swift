import Coverage
import Hummingbird
import Logging
import NIOCore
import PostgresClient
import Storage

/// One replica's answer: a state or what changed since one, and for as long as it waits, what changes.
struct SyncStream: Sendable {
    let request: SyncRequest
    let repository: SyncRepository
    let pool: PostgresPool
    let feed: SyncFeed
    /// How long the client may take for the rows of one state, which hold a connection to the database meanwhile.
    let readingSeconds: Int64
    let logger: Logger

    /// Bytes that wait for the client.
    private static let room = 1 << 20
    /// The longest silence.
    private static let heartbeat = Duration.seconds(10)

    /// Makes sure that the answer can be begun, before its status is sent.
    ///
    /// - Throws: ``Problem``: 410 if the cursor does not lead to the present any more.
    func check() async throws {
        try await repository.withReading(on: pool) { try Self.requireCursor(request.cursor, in: $0) }
    }

    private static func requireCursor(_ cursor: ReplicaCursor?, in reading: SyncReading) throws(Problem) {
        guard let cursor else { return }
        guard cursor.database == reading.database else {
            throw Problem.cursorExpired("the cursor is one of another database")
        }
        guard reading.reachesBack(to: reading.seen(by: cursor)) else {
            throw Problem.cursorExpired("what changed since the cursor is no longer known")
        }
    }

    var body: ResponseBody {
        ResponseBody { writer in
            try await self.write(to: &writer)
            try await writer.finish(nil)
        }
    }

    @concurrent
    private func write(to writer: inout any ResponseBodyWriter) async throws {
        let pipe = SyncPipe(room: Self.room)
        defer { pipe.close() }
        async let production: Void = produce(into: pipe)
        while let buffer = try await pipe.next() { try await writer.write(buffer) }
        await production
    }

    private func produce(into pipe: SyncPipe) async {
        do {
            try await write(to: pipe)
            pipe.end()
        } catch {
            // The answer ends without #end, and what came behind its last #commit counts for nothing.
            if !(error is SyncPipe.Closed) {
                logger.info("a replica's answer broke off", metadata: ["error": "\(error)"])
            }
            pipe.end(error)
        }
    }

    private func write(to pipe: SyncPipe) async throws {
        feed.join(request.library)
        defer { feed.leave(request.library) }
        let deadline = ContinuousClock.now + .seconds(request.waitSeconds)
        var encoder = SyncEncoder(isCompressed: request.isCompressed)
        let place = try await catchUp(from: request.cursor, isFirst: true, &encoder, pipe)
        if request.waitSeconds > 0 { try await follow(from: place, until: deadline, &encoder, pipe) }
        try await pipe.write(encoder.encode(SyncLine.end))
        if let end = encoder.end() { try await pipe.write(end) }
    }

    /// Writes what leads to the present: all rows, or what changed since a cursor; and what is to be checked.
    ///
    /// - Returns: The state that was reached.
    private func catchUp(
        from cursor: ReplicaCursor?, isFirst: Bool, _ encoder: inout SyncEncoder, _ pipe: SyncPipe
    ) async throws -> SyncFeed.Place {
        // Who takes nothing at all is cut off before: see ServiceLimits.stallSeconds.
        try await pipe.limiting(to: .seconds(readingSeconds)) {
            try await read(from: cursor, isFirst: isFirst, &encoder, pipe)
        }
    }

    private func read(
        from cursor: ReplicaCursor?, isFirst: Bool, _ encoder: inout SyncEncoder, _ pipe: SyncPipe
    ) async throws -> SyncFeed.Place {
        try await repository.withReading(on: pool) { reading in
            try Self.requireCursor(cursor, in: reading)
            if isFirst {
                let feed = SyncLine.feed(
                    library: request.library, consortium: repository.consortium, database: reading.database)
                try await pipe.write(encoder.encode(feed))
            }
            try await reading.narrow(to: request.library)
            var rows = try await writeRows(since: cursor, in: reading, &encoder, pipe)
            if isFirst { rows += try await writeChecks(in: reading, &encoder, pipe) }
            let place = SyncFeed.Place(reading)
            if isFirst || rows > 0 { try await pipe.write(encoder.encode(commit(place, rows: rows))) }
            return place
        }
    }

    private func writeRows(
        since cursor: ReplicaCursor?, in reading: SyncReading, _ encoder: inout SyncEncoder,
        _ pipe: SyncPipe
    ) async throws -> Int {
        var rows = 0
        guard let cursor else {
            try await pipe.write(encoder.encode(SyncLine.snapshot))
            for table in ReplicaTable.all {
                rows += try await reading.snapshotLines(of: table) { lines in
                    try await pipe.write(encoder.encode(ByteBuffer(bytes: lines)))
                }
            }
            return rows
        }
        let seen = reading.seen(by: cursor)
        for table in try await reading.changedTables(since: seen) {
            rows += try await reading.changedLines(of: table, .all, since: seen) { lines in
                try await pipe.write(encoder.encode(ByteBuffer(bytes: lines)))
            }
        }
        return rows
    }

    private func writeChecks(
        in reading: SyncReading, _ encoder: inout SyncEncoder, _ pipe: SyncPipe
    ) async throws -> Int {
        for wanted in request.digests {
            let digests = try await reading.digests(of: wanted.table, in: wanted.range, parts: wanted.parts)
            for digest in digests {
                try await pipe.write(encoder.encode(SyncLine.digest(digest, of: wanted.table)))
            }
        }
        var rows = 0
        for wanted in request.rows {
            try await pipe.write(encoder.encode(SyncLine.range(wanted.range, of: wanted.table)))
            rows += try await reading.rangeLines(of: wanted.table, in: wanted.range) { lines in
                try await pipe.write(encoder.encode(ByteBuffer(bytes: lines)))
            }
        }
        return rows
    }

    private func follow(
        from start: SyncFeed.Place, until deadline: ContinuousClock.Instant, _ encoder: inout SyncEncoder,
        _ pipe: SyncPipe
    ) async throws {
        var place = start
        while true {
            guard var standing = feed.settle(request.library, at: place) else {
                place = try await catchUp(from: cursor(place), isFirst: false, &encoder, pipe)
                continue
            }
            var isBehind = false
            while !isBehind {
                let time = min(deadline, .now + Self.heartbeat)
                switch await feed.turn(&standing, until: time) {
                case .end: return
                case .behind: isBehind = true
                case .write(let batch):
                    place = batch.to
                    try await write(batch, &encoder, pipe)
                case .inStep(let reached):
                    place = reached ?? place
                    guard .now < deadline else {
                        try await pipe.write(encoder.encode(commit(place, rows: 0)))
                        return
                    }
                    try await pipe.write(encoder.encode(SyncLine.alive(asOf: place.asOf)))
                }
            }
            guard .now < deadline else { return }
            place = try await catchUp(from: cursor(place), isFirst: false, &encoder, pipe)
        }
    }

    private func write(
        _ batch: SyncFeed.Batch, _ encoder: inout SyncEncoder, _ pipe: SyncPipe
    ) async throws {
        let portions = [batch.shared, batch.own[request.library]].compactMap { $0 }
        var buffer = ByteBuffer()
        for portion in portions { buffer.writeImmutableBuffer(encoder.encode(portion.segment)) }
        let rows = portions.reduce(0) { $0 + $1.rows }
        buffer.writeImmutableBuffer(encoder.encode(commit(batch.to, rows: rows)))
        try await pipe.write(buffer)
    }

    private func cursor(_ place: SyncFeed.Place) -> ReplicaCursor {
        ReplicaCursor(
            library: request.library, database: place.database, serverStart: place.serverStart, snapshot: place.snapshot
        )
    }

    private func commit(_ place: SyncFeed.Place, rows: Int) -> ByteBuffer {
        SyncLine.commit(cursor(place), asOf: place.asOf, rows: rows)
    }
}

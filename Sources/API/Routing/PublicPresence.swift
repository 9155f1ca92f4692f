import Coverage
import HTTPTypes
import NIOCore
import Routing
import Synchronization

/// What widgets ask every few seconds, made at most once a second for each queue.
final class PublicPresence: Sendable {
    private struct Entry: Sendable {
        var body: ByteBuffer
        var tag: String
        var madeAt: ContinuousClock.Instant
    }

    private static let trust = Duration.seconds(1)

    private let desk: any SessionDesk
    /// One entry a queue of the consortium: unknown queues leave none.
    private let entries = Mutex<[Queue.ID: Entry]>([:])

    init(desk: any SessionDesk) {
        self.desk = desk
    }

    func answer(_ queue: Queue.ID, headers: HTTPFields) async throws -> Answer {
        let entry = try await entry(of: queue)
        var answer = Answer(status: .ok, content: .encodedJSON(entry.body))
        if EntityTags.matches(headers[.ifNoneMatch], entry.tag) { answer = Answer(status: .notModified) }
        answer.headers[.eTag] = entry.tag
        answer.headers[.cacheControl] = "public, max-age=1, stale-while-revalidate=5"
        // Widgets are pages of libraries, each from an origin of its own; nothing here is secret.
        answer.headers[.accessControlAllowOrigin] = "*"
        return answer
    }

    private func entry(of queue: Queue.ID) async throws -> Entry {
        let known = entries.withLock { $0[queue] }
        if let known, known.madeAt.duration(to: .now) < Self.trust { return known }
        let madeAt = ContinuousClock.now
        guard let standing = try await desk.presence(at: queue) else {
            throw Problem.notFound("there is no queue “\(queue)”")
        }
        let bytes = PresenceJSON.standing(standing).bytes
        let tag = "\"\(TokenText.hex(Array(TokenText.hash(String(decoding: bytes, as: UTF8.self)).prefix(8))))\""
        let entry = Entry(body: ByteBuffer(bytes: bytes), tag: tag, madeAt: madeAt)
        entries.withLock { $0[queue] = entry }
        return entry
    }
}

import Coverage
import Crypto
import HTTPTypes
import PostgresClient
import Routing
import Storage

/// Reading and changing how queues are routed and when libraries answer their telephones.
///
/// Every node looks for changes every few seconds, and routes by them from then on.
struct DeskSettings: Sendable {
    let pool: PostgresPool
    let consortium: Consortium.ID
    let now: @Sendable () -> Instant

    private static let tag = "Settings"
    private static let routingPath = "/v1/queues/{queue}/routing"
    private static let hoursPath = "/v1/libraries/{library}/hours"
    private static let queue = Route.Parameter.path("queue", "The queue's id.")
    private static let library = Route.Parameter.path("library", "The library's id.")
    private static let ifNoneMatch = Route.Parameter.header("If-None-Match", "The ETag that the client has.")
    private static let ifMatch = Route.Parameter.header(
        "If-Match", "The ETag of what is replaced, so that nobody overwrites what they have not seen.")
    private static let refusals: [Route.Outcome] = [
        .problem(.preconditionFailed, "It is not what If-Match means any more."),
        .problem(.preconditionRequired, "Say by If-Match what is replaced."),
    ]

    private var repository: ConsortiumRepository { ConsortiumRepository(consortium: consortium) }

    var routes: [Route] { [readRoutingRoute, writeRoutingRoute, readHoursRoute, writeHoursRoute] }

    // MARK: Routing

    private var readRoutingRoute: Route {
        Route(
            .get, Self.routingPath, "readQueueRouting", tag: Self.tag, scope: .settingsRead,
            summary: "How a queue is routed", parameters: [Self.queue, Self.ifNoneMatch],
            outcomes: [
                .json(.ok, QueueRoutingJSON.schema, "As it is.", headers: ["ETag"]),
                .empty(.notModified, "The client has it.", headers: ["ETag"]),
                .problem(.notFound, "There is no such queue."),
            ], handle: readRouting)
    }

    private var writeRoutingRoute: Route {
        Route(
            .put, Self.routingPath, "writeQueueRouting", tag: Self.tag, scope: .settingsWrite,
            summary: "Set how a queue is routed",
            description: "All nodes route by it within seconds; sessions that wait are looked for anew.",
            parameters: [Self.queue, Self.ifMatch], body: QueueRoutingJSON.contentSchema,
            outcomes: [
                .json(.ok, QueueRoutingJSON.schema, "As it is now.", headers: ["ETag"]),
                .problem(.notFound, "There is no such queue."),
                .problem(.conflict, "The queue that is to answer by email is not there, or is none of email."),
            ] + Self.refusals, handle: writeRouting)
    }

    private func readRouting(_ exchange: Exchange) async throws -> Answer {
        let queue = Queue.ID(try exchange.path("queue"))
        let (found, pace) = try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) {
            (try await storedRouting(of: queue, in: $0), try await learnedPace(of: queue, in: $0))
        }
        guard let found else { throw Self.noQueue(queue) }
        let tag = Self.tag(of: QueueRoutingJSON.content(found.routing))
        guard !EntityTags.matches(exchange.headers[.ifNoneMatch], tag) else {
            return Answer(status: .notModified, headers: [.eTag: tag])
        }
        return .json(
            QueueRoutingJSON.routing(of: queue, found.routing, isStandard: found.isStandard, pace),
            headers: [.eTag: tag])
    }

    private func writeRouting(_ exchange: Exchange) async throws -> Answer {
        let queue = Queue.ID(try exchange.path("queue"))
        let author = try exchange.requireAccess().chatServer
        let (routing, pace) = try await pool.withTransaction { transaction in
            guard try await repository.lock(queue, in: transaction) != nil,
                let old = try await storedRouting(of: queue, in: transaction)
            else { throw Self.noQueue(queue) }
            let before = QueueRoutingJSON.content(old.routing)
            try Self.checkPrecondition(exchange.headers, Self.tag(of: before))
            let new = try QueueRoutingJSON.routing(exchange.body)
            try await checkEmailQueue(new, in: transaction)
            try await repository.set(new, for: queue, in: transaction)
            try await record(
                "set routing", "queue \(queue)", by: author, before, QueueRoutingJSON.content(new), in: transaction)
            return (new, try await learnedPace(of: queue, in: transaction))
        }
        return .json(
            QueueRoutingJSON.routing(of: queue, routing, isStandard: false, pace),
            headers: [.eTag: Self.tag(of: QueueRoutingJSON.content(routing))])
    }

    private func storedRouting(
        of queue: Queue.ID, in session: some PostgresSession
    ) async throws -> (routing: QueueRouting, isStandard: Bool)? {
        if let set = try await repository.routings(of: queue, in: session).first { return (set.routing, false) }
        let queues = try await repository.queues(in: session)
        return queues.first { $0.id == queue }.map { (.standard(for: $0, among: queues), true) }
    }

    private func learnedPace(of queue: Queue.ID, in session: some PostgresSession) async throws -> HandlePace? {
        try await DeskRepository(consortium: consortium).paces(in: session)[queue]?.handling
    }

    private func checkEmailQueue(_ routing: QueueRouting, in session: some PostgresSession) async throws {
        guard let id = routing.emailQueue else { return }
        let fault = { (code: String, problem: String) in
            Problem(
                .conflict, code, "The queue cannot answer by email", "“\(id)” \(problem)",
                faults: [FieldFault(field: "/email_queue", problem: "must be a queue whose channel is email")])
        }
        guard let queue = try await repository.queues(in: session).first(where: { $0.id == id }) else {
            throw fault("unknown-queue", "is no queue: import it, or name another")
        }
        guard queue.channel == .email else { throw fault("wrong-channel", "is answered by chat") }
    }

    // MARK: Hours

    private var readHoursRoute: Route {
        Route(
            .get, Self.hoursPath, "readLibraryHours", tag: Self.tag, scope: .settingsRead,
            summary: "When a library answers its telephone",
            description: "In these hours, but not on days of its closures, patrons are told its number.",
            parameters: [Self.library, Self.ifNoneMatch],
            outcomes: [
                .json(.ok, LibraryHoursJSON.schema, "As they are.", headers: ["ETag"]),
                .empty(.notModified, "The client has them.", headers: ["ETag"]),
                .problem(.notFound, "There is no such library."),
            ], handle: readHours)
    }

    private var writeHoursRoute: Route {
        Route(
            .put, Self.hoursPath, "writeLibraryHours", tag: Self.tag, scope: .settingsWrite,
            summary: "Set when a library answers its telephone", parameters: [Self.library, Self.ifMatch],
            body: LibraryHoursJSON.contentSchema,
            outcomes: [
                .json(.ok, LibraryHoursJSON.schema, "As they are now.", headers: ["ETag"]),
                .problem(.notFound, "There is no such library."),
            ] + Self.refusals, handle: writeHours)
    }

    private func readHours(_ exchange: Exchange) async throws -> Answer {
        let id = Library.ID(try exchange.path("library"))
        let (library, hours) = try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) {
            (try await storedLibrary(id, in: $0), try await repository.libraryHours(of: id, in: $0))
        }
        guard let library else { throw Self.noLibrary(id) }
        let tag = Self.tag(of: LibraryHoursJSON.content(hours))
        guard !EntityTags.matches(exchange.headers[.ifNoneMatch], tag) else {
            return Answer(status: .notModified, headers: [.eTag: tag])
        }
        return .json(LibraryHoursJSON.hours(of: library, hours), headers: [.eTag: tag])
    }

    private func writeHours(_ exchange: Exchange) async throws -> Answer {
        let id = Library.ID(try exchange.path("library"))
        let author = try exchange.requireAccess().chatServer
        let (library, hours) = try await pool.withTransaction { transaction in
            guard try await repository.lock(id, in: transaction) != nil,
                let library = try await storedLibrary(id, in: transaction)
            else { throw Self.noLibrary(id) }
            let before = LibraryHoursJSON.content(try await repository.libraryHours(of: id, in: transaction))
            try Self.checkPrecondition(exchange.headers, Self.tag(of: before))
            let new = try LibraryHoursJSON.hours(exchange.body, of: id)
            try await repository.set(new, for: id, in: transaction)
            try await record(
                "set hours", "library \(id)", by: author, before, LibraryHoursJSON.content(new), in: transaction)
            return (library, new)
        }
        return .json(
            LibraryHoursJSON.hours(of: library, hours),
            headers: [.eTag: Self.tag(of: LibraryHoursJSON.content(hours))])
    }

    private func storedLibrary(_ id: Library.ID, in session: some PostgresSession) async throws -> Library? {
        try await repository.libraries(in: session).first { $0.id == id }
    }

    // MARK: Both

    private func record(
        _ action: String, _ subject: String, by author: String, _ before: JSONValue, _ after: JSONValue,
        in transaction: PostgresTransaction
    ) async throws {
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(at: now(), actor: author, action: action, subject: subject),
            before: String(decoding: before.bytes, as: UTF8.self),
            after: String(decoding: after.bytes, as: UTF8.self), in: transaction)
    }

    private static func checkPrecondition(_ headers: HTTPFields, _ tag: String) throws(Problem) {
        guard let condition = headers[.ifMatch] else {
            throw Problem(
                .preconditionRequired, "precondition-required", "Say what is replaced",
                "read it, and send its ETag as If-Match")
        }
        guard EntityTags.matches(condition, tag) else {
            throw Problem(
                .preconditionFailed, "changed-meanwhile", "It is something else now",
                "read it again and apply the change to what it says now")
        }
    }

    private static func noQueue(_ id: Queue.ID) -> Problem { .notFound("there is no queue “\(id)”") }
    private static func noLibrary(_ id: Library.ID) -> Problem { .notFound("there is no library “\(id)”") }

    /// Tells two contents apart, the same on every node.
    private static func tag(of content: JSONValue) -> String {
        "\"\(TokenText.hex(Array(SHA256.hash(data: content.bytes).prefix(10))))\""
    }
}

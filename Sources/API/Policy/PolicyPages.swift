import Coverage
import HTTPTypes
import PostgresClient
import Scheduling
import Storage

/// Reading and writing policy pages.
struct PolicyPages: Sendable {
    let pool: PostgresPool
    let consortium: Consortium.ID
    let book: PolicyBook
    let now: @Sendable () -> Instant

    private static let tag = "Policy pages"
    private static let path = "/v1/libraries/{library}/policy-page"
    private static let library = Route.Parameter.path("library", "The library's id.")

    var routes: [Route] {
        [
            Route(
                .get, Self.path, "readPolicyPage", tag: Self.tag, scope: .policyRead,
                summary: "What a colleague needs to answer a library's patrons",
                parameters: [Self.library, .header("If-None-Match", "The ETag that the client has.")],
                outcomes: [
                    .json(.ok, PolicyPageJSON.schema, "The page.", headers: ["ETag"]),
                    .empty(.notModified, "The client has it.", headers: ["ETag"]),
                    .problem(.notFound, "There is no such library, or it has no page."),
                ], handle: read),
            Route(
                .put, Self.path, "writePolicyPage", tag: Self.tag, scope: .policyWrite,
                summary: "Write a library's page, or confirm it",
                description: """
                    A page that is there already is replaced only if `If-Match` carries its ETag, so that nobody \
                    overwrites what they have not seen. Writing what it says already makes no new version, but \
                    confirms it: it counts as up to date again.
                    """,
                parameters: [
                    Self.library, .header("If-Match", "The ETag of the page that is replaced."),
                    .header("If-None-Match", "* if there must be no page yet."),
                ],
                body: PolicyPageJSON.contentSchema,
                outcomes: [
                    .json(.ok, PolicyPageJSON.schema, "The page as it is now.", headers: ["ETag"]),
                    .json(.created, PolicyPageJSON.schema, "The library's first page.", headers: ["ETag"]),
                    .problem(.notFound, "There is no such library."),
                    .problem(.preconditionFailed, "The page is not the one that If-Match means."),
                    .problem(.preconditionRequired, "There is a page already: say by If-Match which one is meant."),
                ], handle: write),
        ]
    }

    private func read(_ exchange: Exchange) async throws -> Answer {
        let library = Library.ID(try exchange.path("library"))
        let repository = PolicyPageRepository(consortium: consortium)
        let page = try await pool.withConnection { try await repository.latest(of: library, in: $0) }
        guard let page else { throw Problem.notFound("the library “\(library)” has no policy page") }
        let tag = Self.tag(of: page)
        guard !EntityTags.matches(exchange.headers[.ifNoneMatch], tag) else {
            return Answer(status: .notModified, headers: [.eTag: tag])
        }
        return .json(try book.json(page), headers: [.eTag: tag])
    }

    private func write(_ exchange: Exchange) async throws -> Answer {
        let library = Library.ID(try exchange.path("library"))
        let author = try exchange.requireAccess().chatServer
        let content = PolicyPageJSON.content(exchange.body)
        let outcome = try await put(content, of: library, by: author, headers: exchange.headers)
        book.forget(library)
        let isFirst = outcome.isNew && outcome.page.version == 1
        return .json(
            try book.json(outcome.page), status: isFirst ? .created : .ok,
            headers: [.eTag: Self.tag(of: outcome.page)])
    }

    private func put(
        _ content: PolicyPageRepository.Content, of library: Library.ID, by author: String, headers: HTTPFields
    ) async throws -> PolicyWriting.Outcome {
        let writing = PolicyWriting(consortium: consortium, library: library)
        do {
            return try await pool.withTransaction { transaction in
                try await writing.write(content, by: author, at: now(), in: transaction) { latest in
                    try Self.checkPreconditions(headers, latest)
                }
            }
        } catch LibraryRefusal.noLibrary {
            throw Problem.notFound("there is no library “\(library)”")
        }
    }

    private static func checkPreconditions(
        _ headers: HTTPFields, _ latest: PolicyPageRepository.Page?
    ) throws(Problem) {
        if let condition = headers[.ifMatch] {
            guard let latest, EntityTags.matches(condition, tag(of: latest)) else {
                throw Problem(
                    .preconditionFailed, "changed-meanwhile", "The page is another one now",
                    "read the page again and apply the change to what it says now")
            }
        } else if latest != nil {
            if headers[.ifNoneMatch] != nil {
                throw Problem(
                    .preconditionFailed, "changed-meanwhile", "The page is another one now",
                    "the library has a page already: read it, and replace it with If-Match")
            }
            throw Problem(
                .preconditionRequired, "precondition-required", "Say which page is meant",
                "the library has a page already: read it, and send its ETag as If-Match")
        }
    }

    private static func tag(of page: PolicyPageRepository.Page) -> String {
        "\"\(page.version)-\(page.confirmedAt.secondsSince1970)\""
    }
}

/// Lists of entity tags in `If-Match` and `If-None-Match` (RFC 9110).
enum EntityTags {
    /// Whether a condition names the tag; `*` names every one.
    static func matches(_ condition: String?, _ tag: String) -> Bool {
        guard let condition else { return false }
        if condition == "*" { return true }
        return condition.split(separator: ",").contains { part in
            let text = part.drop(while: { $0 == " " }).prefix(while: { $0 != " " })
            return text == tag || text == "W/\(tag)"
        }
    }
}

package import HTTPTypes

/// Why a request was not done, as RFC 9457 has it (`application/problem+json`).
package struct Problem: Error, Hashable, Sendable {
    package let status: HTTPResponse.Status
    /// The last part of the problem's type, `urn:coverdesk:problem:…`: a word for programs that never changes.
    package let code: String
    /// The type in words, always the same.
    package let title: String
    /// What is the matter this time, and what to do.
    package let detail: String
    /// The members that are at fault.
    package var faults: [FieldFault] = []
    /// Headers that go with it, such as `Retry-After`.
    package var headers: HTTPFields = [:]

    package init(
        _ status: HTTPResponse.Status, _ code: String, _ title: String, _ detail: String, faults: [FieldFault] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.faults = faults
        self.headers = headers
    }

    /// The answer's body.
    package func json(requestID: String?) -> JSONValue {
        [
            "type": .string("urn:coverdesk:problem:\(code)"), "title": .string(title),
            "status": .integer(status.code), "detail": .string(detail.withoutNulls),
            "errors": faults.isEmpty
                ? nil
                : .array(
                    faults.map {
                        ["field": .string($0.field.withoutNulls), "problem": .string($0.problem.withoutNulls)]
                    }),
            "request_id": .string(requestID),
        ]
    }

    static let schema = Schema.named(
        "Problem",
        [
            .required("type", .text(1...200), "Which kind of problem: urn:coverdesk:problem: and a word."),
            .required("title", .text(1...200), "The kind in words."),
            .required("status", .integer(400...599), "The answer's status."),
            .required("detail", .text(1...4000), "What is the matter this time, and what to do."),
            .optional(
                "errors",
                .array(
                    .object([
                        .required("field", .text(0...1000), "A JSON pointer into the body, or a parameter's name."),
                        .required("problem", .text(1...4000), "What it must be instead."),
                    ]), 1...20), "The members at fault, each by itself."),
            .optional("request_id", .text(1...100), "Names the request in the service's log."),
        ])

    static let mediaType = "application/problem+json"
}

// What any route may answer.
extension Problem {
    static let notFound = Problem(
        .notFound, "not-found", "Nothing is here", "no route has this path: see /openapi.json")

    static func notFound(_ what: String) -> Problem {
        Problem(.notFound, "not-found", "Nothing is here", what)
    }

    static func methodNotAllowed(_ allowed: [String]) -> Problem {
        let list = allowed.joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "method-not-allowed", "The path has no such method", "this path takes \(list)",
            headers: [.allow: list])
    }

    static let missingToken = Problem(
        .unauthorized, "unauthorized", "A token is needed",
        "send the header “Authorization: Bearer TOKEN”; `coverdesk token create` makes one",
        headers: [.wwwAuthenticate: "Bearer realm=\"coverdesk\""])

    static let unknownToken = Problem(
        .unauthorized, "unauthorized", "A token is needed", "the token is not known here, or was revoked",
        headers: [.wwwAuthenticate: "Bearer realm=\"coverdesk\", error=\"invalid_token\""])

    static func missingScope(_ scope: Scope) -> Problem {
        Problem(
            .forbidden, "forbidden", "The token may not do this",
            "the token lacks the scope \(scope.rawValue): make one that has it",
            headers: [
                .wwwAuthenticate:
                    "Bearer realm=\"coverdesk\", error=\"insufficient_scope\", scope=\"\(scope.rawValue)\""
            ])
    }

    static func tooManyRequests(retryAfterSeconds seconds: Int) -> Problem {
        Problem(
            .tooManyRequests, "too-many-requests", "The token's rate is used up",
            "wait \(seconds) s, or have a token made with a higher --rate",
            headers: [.retryAfter: "\(seconds)"])
    }

    static func invalidRequest(_ detail: String, faults: [FieldFault] = []) -> Problem {
        Problem(.badRequest, "invalid-request", "The request cannot be read", detail, faults: faults)
    }

    static func invalidFields(_ faults: [FieldFault]) -> Problem {
        let names = faults.prefix(3).map(\.field).joined(separator: ", ")
        return Problem(
            .unprocessableContent, "invalid-fields", "Members of the body are not as they must be",
            "see errors: \(names)\(faults.count > 3 ? " and more" : "")", faults: faults)
    }

    static let unsupportedMediaType = Problem(
        .unsupportedMediaType, "unsupported-media-type", "The body is of another kind",
        "send “Content-Type: application/json”", headers: [.accept: "application/json"])

    static func contentTooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge, "content-too-large", "The body is too long", "at most \(limit) bytes are taken")
    }

    static func requestTimeout(seconds: Int64) -> Problem {
        Problem(
            .requestTimeout, "request-timeout", "The request did not arrive in time",
            "the whole request must be here within \(seconds) s")
    }

    static let unreadableHTTP = Problem(
        .badRequest, "invalid-http", "This is no HTTP that can be read", "the connection is closed")

    static func unavailable(_ detail: String) -> Problem {
        Problem(
            .serviceUnavailable, "unavailable", "The service cannot answer now", detail, headers: [.retryAfter: "1"])
    }

    static let internalError = Problem(
        .internalServerError, "internal", "Something failed that should not",
        "the service's log tells more under the request's id")
}

extension HTTPField.Name {
    static var retryAfter: Self { Self.known("Retry-After") }
    static var lastEventID: Self { Self.known("Last-Event-ID") }
    static var requestID: Self { Self.known("X-Request-Id") }

    /// A name that is written here and so is known to be one.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header's name") }
        return name
    }
}

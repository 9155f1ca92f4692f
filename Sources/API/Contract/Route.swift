import HTTPTypes

/// One route: what it takes, what it answers, and the code that does it.
///
/// The routing table, the checks of requests and the OpenAPI document are all made from these.
package struct Route: Sendable {
    /// A parameter of the path, the query or a header.
    package struct Parameter: Sendable {
        package enum Place: String, Sendable { case path, query, header }

        let name: String
        let place: Place
        let schema: Schema
        let isRequired: Bool
        let summary: String

        static func path(_ name: String, is schema: Schema = .identifier, _ summary: String) -> Parameter {
            Parameter(name: name, place: .path, schema: schema, isRequired: true, summary: summary)
        }

        static func query(_ name: String, _ schema: Schema, _ summary: String) -> Parameter {
            Parameter(name: name, place: .query, schema: schema, isRequired: false, summary: summary)
        }

        static func header(_ name: String, is schema: Schema = .headerText, _ summary: String) -> Parameter {
            Parameter(name: name, place: .header, schema: schema, isRequired: false, summary: summary)
        }
    }

    /// One status that the route may answer with.
    package struct Outcome: Sendable {
        package enum Content: Sendable {
            case none
            case json(Schema)
            /// A stream that goes on until somebody hangs up.
            case text(mediaType: String)
            /// All at once.
            case file(mediaType: String)
        }

        let status: HTTPResponse.Status
        let summary: String
        let content: Content
        let headers: [String]

        static func json(
            _ status: HTTPResponse.Status, _ schema: Schema, _ summary: String, headers: [String] = []
        ) -> Outcome {
            Outcome(status: status, summary: summary, content: .json(schema), headers: headers)
        }

        static func empty(_ status: HTTPResponse.Status, _ summary: String, headers: [String] = []) -> Outcome {
            Outcome(status: status, summary: summary, content: .none, headers: headers)
        }

        static func file(
            _ status: HTTPResponse.Status, mediaType: String, _ summary: String, headers: [String] = []
        ) -> Outcome {
            Outcome(status: status, summary: summary, content: .file(mediaType: mediaType), headers: headers)
        }

        /// A refusal as problem+json.
        static func problem(_ status: HTTPResponse.Status, _ summary: String) -> Outcome {
            Outcome(status: status, summary: summary, content: .json(Problem.schema), headers: [])
        }
    }

    package typealias Handler = @Sendable (Exchange) async throws -> Answer

    let method: HTTPRequest.Method
    /// With parameters in braces: `/v1/sessions/{session}`.
    let path: String
    /// A name for the document and the log, `createSession`.
    let operation: String
    let summary: String
    let description: String
    let tag: String
    /// What a token must allow; nil where none is asked for.
    let scope: Scope?
    let parameters: [Parameter]
    let body: Schema?
    let outcomes: [Outcome]
    let handle: Handler

    init(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, tag: String, scope: Scope?, summary: String,
        description: String = "", parameters: [Parameter] = [], body: Schema? = nil, outcomes: [Outcome],
        handle: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        self.tag = tag
        self.scope = scope
        self.summary = summary
        self.description = description
        self.parameters = parameters
        self.body = body
        self.outcomes = outcomes
        self.handle = handle
    }

    /// Method and path, `GET /v1/events`.
    package var name: String { "\(method.rawValue) \(path)" }

    /// The path's parts between slashes.
    var segments: [Substring] { path.split(separator: "/") }
}

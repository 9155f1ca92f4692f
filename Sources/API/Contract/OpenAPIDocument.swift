import HTTPTypes

/// The contract as OpenAPI 3.1, made from the routes that serve it.
package enum OpenAPIDocument {
    /// The document of all routes that are served, with the program's version.
    package static func make(_ routes: [Route], version: String) -> JSONValue {
        var paths = JSONObject()
        for route in routes {
            var item = paths[route.path]?.object ?? JSONObject()
            item[route.method.rawValue.lowercased()] = operation(route)
            paths[route.path] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Coverdesk", "version": .string(version),
                "description": """
                A chat server asks who takes a session, and is told at once: an offer, a place in line or a \
                fallback, always with what the patron may be told.
                """,
                "license": ["name": "See the project"],
            ],
            "servers": [["url": "/"]],
            "tags": .array(tags(routes)),
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas(routes)),
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description": "A token of `coverdesk token create`; its scopes are told with each operation.",
                    ]
                ],
            ],
        ]
    }

    private static func tags(_ routes: [Route]) -> [JSONValue] {
        var seen = Set<String>()
        return routes.filter { seen.insert($0.tag).inserted }.map { ["name": .string($0.tag)] }
    }

    private static func schemas(_ routes: [Route]) -> JSONObject {
        var schemas = JSONObject()
        let all = routes.flatMap { route in [route.body].compactMap { $0 } + route.allOutcomes.compactMap(\.schema) }
        for (name, fields) in all.flatMap(\.namedSchemas) where schemas[name] == nil {
            schemas[name] = Schema.described(fields)
        }
        return schemas
    }

    private static func operation(_ route: Route) -> JSONValue {
        var description = route.description
        if let scope = route.scope {
            description += (description.isEmpty ? "" : "\n\n") + "Needs a token with the scope `\(scope.rawValue)`."
        }
        return [
            "operationId": .string(route.operation), "summary": .string(route.summary),
            "description": description.isEmpty ? nil : .string(description), "tags": [.string(route.tag)],
            "parameters": route.parameters.isEmpty ? nil : .array(route.parameters.map(parameter)),
            "requestBody": route.body.map { schema in
                ["required": true, "content": ["application/json": ["schema": schema.openAPI]]]
            },
            "responses": .object(responses(route)),
            "security": route.scope == nil ? [] : [["token": []]],
        ]
    }

    private static func parameter(_ parameter: Route.Parameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "required": .boolean(parameter.isRequired), "description": .string(parameter.summary),
            "schema": parameter.schema.openAPI,
        ]
    }

    private static func responses(_ route: Route) -> JSONObject {
        var responses = JSONObject()
        for outcome in route.allOutcomes where responses["\(outcome.status.code)"] == nil {
            responses["\(outcome.status.code)"] = [
                "description": .string(outcome.summary), "headers": headers(outcome), "content": content(outcome),
            ]
        }
        return responses
    }

    private static func headers(_ outcome: Route.Outcome) -> JSONValue? {
        guard !outcome.headers.isEmpty else { return nil }
        return .object(
            JSONObject(
                outcome.headers.map { name in
                    JSONObject.Member(name: name, value: ["schema": ["type": "string"]])
                }))
    }

    private static func content(_ outcome: Route.Outcome) -> JSONValue? {
        switch outcome.content {
        case .none: nil
        case .json(let schema):
            .object(JSONObject([.init(name: outcome.mediaType, value: ["schema": schema.openAPI])]))
        case .text(let mediaType), .file(let mediaType):
            .object(JSONObject([.init(name: mediaType, value: ["schema": ["type": "string"]])]))
        }
    }
}

extension Route {
    /// The route's own outcomes, and those that what it takes brings with it.
    var allOutcomes: [Outcome] {
        var all = outcomes
        if body != nil || !parameters.isEmpty || scope != nil {
            all.append(.problem(.badRequest, "The request cannot be read, or a parameter is not as it must be."))
        }
        if scope != nil {
            all.append(.problem(.unauthorized, "There is no token, or it is not known."))
            all.append(.problem(.forbidden, "The token lacks the scope."))
            all.append(.problem(.tooManyRequests, "The token's rate is used up; Retry-After tells the wait."))
        }
        if body != nil {
            all.append(.problem(.contentTooLarge, "The body is too long."))
            all.append(.problem(.unsupportedMediaType, "The body is not application/json."))
            all.append(.problem(.unprocessableContent, "Members are missing, unknown or not as they must be."))
        }
        all.append(.problem(.requestTimeout, "The request did not arrive in time."))
        all.append(.problem(.requestHeaderFieldsTooLarge, "The request's line and headers are too long."))
        all.append(.problem(.internalServerError, "Something failed that should not."))
        all.append(.problem(.serviceUnavailable, "The database cannot be reached, or all connections are in use."))
        return all
    }
}

extension Route.Outcome {
    var schema: Schema? {
        if case .json(let schema) = content { schema } else { nil }
    }

    var mediaType: String {
        if case .json(.named("Problem", _)) = content { Problem.mediaType } else { "application/json" }
    }
}

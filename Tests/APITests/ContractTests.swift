import API
import NIOHTTP1
import Testing

@Suite("The OpenAPI document")
struct ContractTests {
    @Test("lists every route that is served, and no other")
    func complete() async throws {
        try await withService { service in
            let document = try #require(try await service.ask(.GET, "/openapi.json").json)
            let listed = document.operations.map { "\($0.method) \($0.path)" }.sorted()
            #expect(listed == service.routes.map(\.name).sorted())
            for operation in document.operations {
                let path = operation.path.replacing("{session}", with: "1").replacing("{webhook}", with: "1")
                    .replacing("{operator}", with: "x").replacing("{library}", with: "x").replacing(
                        "{queue}", with: "x"
                    ).replacing("{calendar}", with: "x")
                guard operation.path != "/v1/events" else { continue }
                let answer = try await service.ask(HTTPMethod(rawValue: operation.method), path)
                #expect(answer.problem != "method-not-allowed", "\(operation)")
                #expect(!answer.text.contains("no route has this path"), "\(operation)")
            }
        }
    }

    @Test("refers only to schemas that it holds")
    func references() async throws {
        try await withService { service in
            let answer = try await service.ask(.GET, "/openapi.json")
            let document = try #require(answer.json)
            guard case .object(let schemas)? = document["components"]?["schemas"] else {
                Issue.record("there are no schemas")
                return
            }
            let names = Set(schemas.members.map(\.name))
            for reference in answer.text.split(separator: "\"#/components/schemas/").dropFirst() {
                #expect(names.contains(String(reference.prefix { $0 != "\"" })))
            }
        }
    }

    @Test("names each operation once")
    func operationNames() async throws {
        try await withService { service in
            let document = try #require(try await service.ask(.GET, "/openapi.json").json)
            let names = document.operations.map(\.name)
            #expect(Set(names).count == names.count)
        }
    }

    @Test("tells of every status that a route refuses with")
    func refusals() async throws {
        try await withService { service in
            let document = try #require(try await service.ask(.GET, "/openapi.json").json)
            for refused in ProblemTests.refused where refused.problem != "method-not-allowed" {
                let path = String(refused.path.prefix { $0 != "?" })
                guard
                    let operation = document.operations.first(where: { operation in
                        operation.method == refused.method.rawValue && operation.matches(path)
                    })
                else { continue }
                #expect(operation.statuses.contains("\(refused.status)"), "\(refused.testDescription)")
            }
        }
    }
}

/// An operation as the document lists it.
struct ListedOperation: Sendable {
    let method: String
    let path: String
    let name: String
    let statuses: [String]

    /// Whether a request's path is one of this operation's.
    func matches(_ requested: String) -> Bool {
        let (mine, other) = (path.split(separator: "/"), requested.split(separator: "/"))
        return mine.count == other.count && zip(mine, other).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}

extension JSONValue {
    /// The document's operations.
    var operations: [ListedOperation] {
        guard case .object(let paths)? = self["paths"] else { return [] }
        return paths.members.flatMap { path -> [ListedOperation] in
            guard case .object(let item) = path.value else { return [] }
            return item.members.map { member in
                var name = ""
                if case .string(let text)? = member.value["operationId"] { name = text }
                var statuses: [String] = []
                if case .object(let responses)? = member.value["responses"] { statuses = responses.members.map(\.name) }
                return ListedOperation(
                    method: member.name.uppercased(), path: path.name, name: name, statuses: statuses)
            }
        }
    }
}

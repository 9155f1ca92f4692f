import API
import Foundation
import NIOHTTP1
import Testing

@Suite("A library's policy page")
struct PolicyPageTests {
    private static let path = "/v1/libraries/pub01/policy-page"
    private static let content = """
        {"greeting":"Hello from pub01","hours":"9 to 5","databases":[{"name":"Gale","url":"https://gale.example/x"}],\
        "refer_to":[{"topic":"Genealogy","to":"County archive, +1-410-555-0199"}],"text":"No fines since 2021."}
        """

    @Test("is written, read, and changed by whoever has seen it")
    func changes() async throws {
        try await withService { service in
            let first = try await service.ask(.PUT, Self.path, json: Self.content)
            #expect(first.status == 201, "\(first.text)")
            let tag = try #require(first.headers.first(name: "ETag"))
            let read = try await service.ask(.GET, Self.path)
            #expect(read.status == 200)
            #expect(read.headers.first(name: "ETag") == tag)
            #expect(read.json?["version"] == 1)
            #expect(read.json?["greeting"] == "Hello from pub01")
            #expect(read.json?["databases"] == [["name": "Gale", "url": "https://gale.example/x"]])
            let unchanged = try await service.ask(.GET, Self.path, headers: [("If-None-Match", tag)])
            #expect(unchanged.status == 304)
            let second = try await service.ask(
                .PUT, Self.path, headers: [("If-Match", tag)], json: #"{"greeting":"Hi"}"#)
            #expect(second.status == 200, "\(second.text)")
            #expect(second.json?["version"] == 2)
            #expect(second.json?["written_by"] == "prosody")
        }
    }

    @Test("is not overwritten by who has not seen it", arguments: [nil, "\"9-9\"", "*none*"])
    func unseen(tag: String?) async throws {
        try await withService { service in
            _ = try await service.ask(.PUT, Self.path, json: Self.content)
            let headers = tag.map { $0 == "*none*" ? [("If-None-Match", "*")] : [("If-Match", $0)] } ?? []
            let answer = try await service.ask(.PUT, Self.path, headers: headers, json: #"{"greeting":"Hi"}"#)
            #expect(answer.status == (tag == nil ? 428 : 412))
            #expect(answer.problem == (tag == nil ? "precondition-required" : "changed-meanwhile"))
            #expect(try await service.ask(.GET, Self.path).json?["greeting"] == "Hello from pub01")
        }
    }

    @Test("of two who change it at once, one is told that it is another one now")
    func race() async throws {
        try await withService { service in
            let tag = try #require(
                try await service.ask(.PUT, Self.path, json: Self.content).headers.first(name: "ETag"))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await service.ask(
                            .PUT, Self.path, headers: [("If-Match", tag)], json: #"{"greeting":"Hi \#(number)"}"#
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(statuses == [200, 412, 412, 412, 412, 412])
            #expect(try await service.ask(.GET, Self.path).json?["version"] == 2)
        }
    }

    @Test("is out of date a set time after it was confirmed, until it is confirmed again")
    func outOfDate() async throws {
        try await withService { service in
            _ = try await service.ask(.PUT, Self.path, json: Self.content)
            service.clock.advance(bySeconds: 181 * 86_400)
            let old = try await service.ask(.GET, Self.path)
            #expect(old.json?["out_of_date"] == true)
            let tag = try #require(old.headers.first(name: "ETag"))
            let confirmed = try await service.ask(
                .PUT, Self.path, headers: [("If-Match", tag)], json: Self.content)
            #expect(confirmed.json?["version"] == 1)
            #expect(confirmed.json?["out_of_date"] == false)
        }
    }

    @Test("of a library that does not exist cannot be written")
    func noLibrary() async throws {
        try await withService { service in
            let answer = try await service.ask(.PUT, "/v1/libraries/ghost/policy-page", json: Self.content)
            #expect(answer.status == 404)
            #expect(answer.problem == "not-found")
        }
    }
}

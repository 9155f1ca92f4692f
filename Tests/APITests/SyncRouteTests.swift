import API
import AsyncHTTPClient
import Coverage
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import PostgresClient
import Storage
import StorageTestSupport
import TestSupport
import Testing

@Suite("A library's replica over HTTP")
struct SyncRouteTests {
    @Test("a first answer is a whole snapshot, a second one only what changed since")
    func resumes() async throws {
        try await withService { service in
            let token = try await service.makeReplicaToken("pub01")
            let first = try await service.sync(token: token)
            #expect(first.words == ["#feed", "#snapshot", "#commit", "#end"])
            #expect(first.lines.contains { $0.hasPrefix("+operator\tpub01-01\tpub01\t") })
            #expect(!first.lines.contains { $0.hasPrefix("+operator\tacad01") })
            let cursor = try #require(first.cursor)
            try await service.run("UPDATE library SET phone = '1' WHERE library_id = 'acad01'")
            try await service.run("UPDATE operator SET name = 'X' WHERE operator_id IN ('pub01-01', 'acad01-01')")
            try await service.run("DELETE FROM closure")
            let second = try await service.sync("cursor=\(cursor)", token: token)
            #expect(second.words == ["#feed", "#commit", "#end"])
            #expect(
                second.lines.filter { !$0.hasPrefix("#") }.map { $0.prefix(16) }.sorted() == [
                    "+library\tacad01\t", "+operator\tpub01-", "-closure\t\t2026-1",
                ])
            let third = try await service.sync("cursor=\(try #require(second.cursor))", token: token)
            #expect(third.lines.allSatisfy { $0.hasPrefix("#") })
        }
    }

    @Test("a gzip answer holds the same lines")
    func gzip() async throws {
        try await withService { service in
            let token = try await service.makeReplicaToken("pub01")
            let plain = try await service.sync(token: token)
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: .init(decompression: .enabled(limit: .none)))
            do {
                var request = HTTPClientRequest(url: service.url + "/v1/sync?wait=1")
                request.headers.add(name: "Authorization", value: "Bearer \(token)")
                let answer = try await client.execute(request, timeout: .seconds(30))
                #expect(answer.headers["Content-Encoding"] == ["gzip"])
                let feed = SyncAnswer(String(buffer: try await answer.body.collect(upTo: 10_000_000)))
                #expect(feed.rows == plain.rows)
                #expect(feed.words.last == "#end")
                try await client.shutdown()
            } catch {
                try? await client.shutdown()
                throw error
            }
        }
    }

    @Test("cursors of other libraries, other databases and forgotten times are told to start anew")
    func startsAnew() async throws {
        try await withService { service in
            let (mine, other) = (
                try await service.makeReplicaToken("pub01"), try await service.makeReplicaToken("acad01")
            )
            let cursor = try #require(try await service.sync(token: mine).cursor)
            let foreign = cursor.replacing("~", with: "/").split(separator: "/").map(String.init)
            let elsewhere = [foreign[0], foreign[1], "00000000-0000-0000-0000-000000000000", foreign[3]]
            for (cursor, token) in [(cursor, other), (elsewhere.joined(separator: "~"), mine), ("nonsense", mine)] {
                let answer = try await service.ask(.GET, "/v1/sync?cursor=\(cursor)", token: token)
                #expect(answer.status == 410 && answer.problem == "cursor-expired")
            }
            try await service.run("UPDATE queue SET name = name || '!'")
            try await eventually("the cursor is too old") {
                try await service.pool.withTransaction { transaction in
                    _ = try await SyncRepository(consortium: "two").forgetChanges(
                        olderThanSeconds: 0, in: transaction)
                }
                return try await service.ask(.GET, "/v1/sync?cursor=\(cursor)", token: mine).problem
                    == "cursor-expired"
            }
        }
    }

    @Test("only tokens of a library open a replica, and they open nothing else")
    func tokens() async throws {
        try await withService { service in
            #expect(try await service.ask(.GET, "/v1/sync").status == 403)
            let replica = try await service.makeReplicaToken("pub01")
            #expect(try await service.ask(.GET, "/v1/events", token: replica).status == 403)
            #expect(try await service.ask(.GET, "/v1/sync", token: "x").status == 401)
            await #expect(throws: PostgresError.self) {
                _ = try await service.pool.makeToken(scopes: [.replicaRead, .sessionsRead], library: "pub01")
            }
            await #expect(throws: PostgresError.self) {
                _ = try await service.pool.makeToken(scopes: [.replicaRead])
            }
        }
    }

    @Test("one who waits hears of what changes, and of the rest nothing")
    func waits() async throws {
        try await withService { service in
            let (mine, other) = (
                try await service.makeReplicaToken("pub01"), try await service.makeReplicaToken("acad01")
            )
            let heard = try await withThrowingTaskGroup(of: (String, SyncAnswer).self) { group in
                for (name, token) in [("mine", mine), ("other", other)] {
                    group.addTask { (name, try await service.sync("wait=4", token: token)) }
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(1))
                    for text in ["A", "B"] {
                        try await service.run("UPDATE operator SET name = '\(text)' WHERE operator_id = 'pub01-01'")
                        try await Task.sleep(for: .milliseconds(300))
                    }
                    try await service.run("UPDATE queue SET name = 'C' WHERE queue_id = 'ask'")
                    return ("nobody", SyncAnswer(""))
                }
                var heard: [String: SyncAnswer] = [:]
                for try await (name, answer) in group { heard[name] = answer }
                return heard
            }
            let changes = { (name: String) in
                (heard[name]?.afterFirstCommit ?? []).filter { !$0.hasPrefix("#") }
                    .map { $0.split(separator: "\t").prefix(4).last.map(String.init) ?? "" }
            }
            #expect(changes("mine") == ["A", "B", "chat"])
            #expect(changes("other") == ["chat"])
            #expect(heard["mine"]?.words.filter { $0 == "#commit" }.count == 5)
            #expect(heard["other"]?.words.filter { $0 == "#commit" }.count == 3)
            #expect(heard["mine"]?.words.last == "#end" && heard["other"]?.words.last == "#end")
        }
    }

    @Test("digests and ranges are of the moment of the commit behind them")
    func checks() async throws {
        try await withService { service in
            let token = try await service.makeReplicaToken("pub01")
            let answer = try await service.sync(
                "digest=operator&digest=demand:4&rows=absence:null:null", token: token)
            let digests = answer.controls("#digest")
            #expect(digests.map { $0["table"]?.text } == ["operator", "demand", "demand", "demand", "demand"])
            #expect(digests.compactMap { $0["rows"]?.integer } == [2, 4, 4, 4, 4])
            #expect(digests.allSatisfy { $0["digest"]?.text?.utf8.count == 16 })
            #expect(answer.words.suffix(3) == ["#range", "#commit", "#end"])
            let all = try await service.sync("digest=*", token: token)
            #expect(all.controls("#digest").count == ReplicaTable.all.count)
        }
    }

    @Test(
        "checks that cannot be read are refused with what would be right",
        arguments: [
            "digest=nothing", "digest=shift:0", "digest=shift:4:[1]:null", "digest=shift:4:null",
            "rows=shift:[1,%22x%22]:null", "rows=shift:{}:null", "digest=*:2:null:null", "wait=301", "wait=-1",
        ])
    func refusesChecks(query: String) async throws {
        try await withService { service in
            let token = try await service.makeReplicaToken("pub01")
            let answer = try await service.ask(.GET, "/v1/sync?\(query)", token: token)
            #expect(answer.status == 400 && answer.problem == "invalid-request")
            #expect(answer.faultyFields.first == String(query.prefix { $0 != "=" }))
        }
    }
}

/// An answer of the feed, taken apart.
struct SyncAnswer: Sendable {
    let lines: [String]

    init(_ text: String) {
        lines = text.split(separator: "\n").map(String.init)
    }

    /// The words of the control lines, in order.
    var words: [String] {
        lines.filter { $0.hasPrefix("#") }.map { String($0.prefix { $0 != " " }) }
    }

    var rows: [String] { lines.filter { !$0.hasPrefix("#") } }

    func controls(_ word: String) -> [JSONValue] {
        lines.filter { $0.hasPrefix(word + " ") }
            .compactMap { try? JSONReader.read($0.dropFirst(word.count + 1).utf8) }
    }

    var cursor: String? { controls("#commit").last?["cursor"]?.text }

    var afterFirstCommit: [String] {
        Array(lines.drop { !$0.hasPrefix("#commit") }.dropFirst())
    }
}

extension RunningService {
    func makeReplicaToken(_ library: Library.ID) async throws -> String {
        try await pool.makeToken(scopes: [.replicaRead, .replicaWrite], chatServer: "replica", library: library).text
    }

    func sync(_ query: String = "", token: String) async throws -> SyncAnswer {
        let answer = try await ask(.GET, "/v1/sync?\(query)", token: token)
        #expect(answer.status == 200, "\(answer.text)")
        return SyncAnswer(answer.text)
    }

    func run(_ sql: String) async throws {
        try await pool.withConnection { try await $0.executeScript(sql) }
    }
}

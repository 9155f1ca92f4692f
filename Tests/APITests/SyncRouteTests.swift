import API
import AsyncHTTPClient
import Coverage
import Foundation
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import PostgresClient
import Storage
import StorageTestSupport
import Synchronization
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
            let elsewhere = foreign.prefix(2) + ["00000000-0000-0000-0000-000000000000"] + foreign.suffix(2)
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

    /// How long the transaction stays open: seconds, or what the variable says.
    private static let holdSeconds =
        ProcessInfo.processInfo.environment["COVERDESK_TEST_HOLD_SECONDS"].flatMap { Int($0) } ?? 3

    @Test("while a transaction stays open each later one is told as it commits, and in the end the open one too")
    func heldOpen() async throws {
        try await withService { service in
            let token = try await service.makeReplicaToken("pub01")
            try await service.following("wait=\(Self.holdSeconds + 120)", token: token) { told in
                try await eventually("the first state is told") { told.text.contains("#commit") }
                try await service.pool.withConnection { slow in
                    try await slow.withTransaction { transaction in
                        try await transaction.execute("UPDATE library SET phone = 'slow' WHERE library_id = 'acad01'")
                        let end = ContinuousClock.now + .seconds(Self.holdSeconds)
                        var count = 0
                        repeat {
                            count += 1
                            try await service.run(
                                "UPDATE operator SET name = 'quick \(count)' WHERE operator_id = 'pub01-01'")
                            let name = "\tquick \(count)\t"
                            try await eventually("what committed meanwhile is told") { told.text.contains(name) }
                            #expect(!told.text.contains("slow"))
                        } while ContinuousClock.now < end
                    }
                }
                try await eventually("the open one is told") { told.text.contains("\tslow\t") }
            }
        }
    }

    @Test("one whose state was read before that of the first to wait misses nothing that lies between the two")
    func joinsBehind() async throws {
        try await withService { service in
            let token = try await service.makeReplicaToken("pub01")
            try await service.run(
                """
                INSERT INTO closure SELECT 'two', NULL, date '2100-01-01' + n, repeat('x', 1000)
                FROM generate_series(1, 30000) AS n
                """)
            try await RawConnection.open(service.port) { connection in
                let headers = "Host: x\r\nAuthorization: Bearer \(token)\r\nConnection: close\r\n"
                try await connection.send("GET /v1/sync?wait=4 HTTP/1.1\r\n\(headers)\r\n")
                try await eventually("the first is in the middle of its rows") { try await service.readings() == 1 }
                try await service.run("DELETE FROM closure WHERE closed_on = '2100-06-01'")
                try await service.following("wait=60", token: token) { told in
                    // It takes its rows at once and is the first to wait.
                    try await eventually("the second waits") {
                        let readings = try await service.readings()
                        return told.text.contains("#commit") && readings == 1
                    }
                    let first = await connection.readToEnd()
                    #expect(first.contains("+closure\t\t2100-06-01\t"))
                    #expect(first.contains("\n-closure\t\t2100-06-01\n"))
                    #expect(first.hasSuffix("#end {}\n\r\n0\r\n\r\n"))
                }
            }
        }
    }

    @Test("a client that takes too long for a state's rows is cut off, and its connection to the database is free")
    func slowClient() async throws {
        var limits = ServiceLimits()
        limits.readingSeconds = 1
        try await withService(limits: limits) { service in
            try await service.run(
                """
                INSERT INTO closure SELECT 'two', NULL, date '2100-01-01' + n, repeat('x', 1000)
                FROM generate_series(1, 30000) AS n
                """)
            let token = try await service.makeReplicaToken("pub01")
            try await RawConnection.open(service.port) { connection in
                try await connection.send("GET /v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n")
                try await eventually("the rows are being read") { try await service.readings() == 1 }
                // It takes little by little, so that it is never quite silent.
                try await connection.readSlowly(pausing: .milliseconds(50)) { try await service.readings() > 0 }
            }
            try await service.run("DELETE FROM closure")
            #expect(try await service.sync(token: token).words.last == "#end")
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

/// What has come of an answer that goes on.
final class ToldLines: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func append(_ part: ByteBuffer) {
        bytes.withLock { $0 += part.readableBytesView }
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

    /// How many of the database's connections read replicas' rows at this moment.
    func readings() async throws -> Int {
        try await pool.withConnection { connection in
            try await connection.query(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE 'COPY%' AND state <> 'idle'
                """
            ).single().decode(Int.self)
        }
    }

    /// Lends what has come of an answer so far, while the body runs.
    func following(_ query: String, token: String, _ body: (ToldLines) async throws -> Void) async throws {
        let told = ToldLines()
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        var request = HTTPClientRequest(url: url + "/v1/sync?\(query)")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        do {
            try await withThrowingTaskGroup(of: Void.self) { [request] group in
                group.addTask {
                    let answer = try await client.execute(request, deadline: .distantFuture)
                    for try await part in answer.body { told.append(part) }
                }
                defer { group.cancelAll() }
                try await body(told)
            }
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw error
        }
    }
}

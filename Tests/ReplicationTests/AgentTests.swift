import Coverage
import Foundation
import GRDB
import Replication
import Synchronization
import TestSupport
import Testing

@Suite("The agent", .timeLimit(.minutes(3)))
struct AgentTests {
    @Test("fetches everything, then each change as it is committed, and stops where it is told to")
    func follows() async throws {
        let service = ModelService()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            try await agent.following {
                try await eventually("the snapshot is there") {
                    try agent.rows.hasArrived && agent.rows.all() == service.rows()
                }
                service.commit([ModelService.put("closure", ["", "2026-12-25", "Christmas"])])
                try await eventually("the change is there") { try agent.rows.all() == service.rows() }
                try await eventually("health says so") { try agent.health()["state"] as? String == "following" }
                #expect(try agent.rows.value("SELECT in_step FROM meta") == "1")
            }
            #expect(try agent.health()["state"] as? String == "stopped")
            #expect(try agent.rows.value("SELECT in_step FROM meta") == "0")
        }
    }

    @Test(
        "tells clearly what answers in the place of the service, and goes on when the service is back",
        arguments: [Stranger.portal, .redirect, .nonsense, .json, .unavailable, .cut, .drip, .hang, .silent])
    func survives(stranger: Stranger) async throws {
        let service = ModelService()
        let isBack = Atomic(false)
        try await withAgent(of: { request, answer in
            if isBack.load(ordering: .relaxed) { return try await service.answer(request, answer) }
            try await stranger.answer(service, answer)
        }) { agent in
            try await agent.following({ $0.silence = stranger.isSlow ? .milliseconds(600) : .seconds(30) }) {
                try await eventually("the trouble is told") {
                    let trouble = try? agent.health()["trouble"] as? String
                    return trouble?.contains(stranger.words) == true
                }
                isBack.store(true, ordering: .relaxed)
                try await eventually("the cache is there") {
                    try agent.rows.hasArrived && agent.rows.all() == service.rows()
                }
            }
        }
    }

    @Test("unpacks what comes compressed, in pieces or broken off, and asks for it from other machines alone")
    func unpacks() async throws {
        let service = ModelService()
        service.commit(
            (1...3000).map { ModelService.put("demand", ["chat", "\($0 * 3600)", "\($0 * 3600 + 3600)", "1", "2"]) })
        let sent = Mutex<Double>(0.5)
        try await withAgent(of: { request, answer in
            guard request.headers["accept-encoding"] == "gzip" else { return try await service.answer(request, answer) }
            let packed = try gzip(try #require(service.answer(cursor: request.values("cursor").first)))
            try await answer.head(more: "Content-Encoding: gzip\r\n")
            var rest = packed.prefix(Int(Double(packed.count) * sent.withLock { $0 }))
            while !rest.isEmpty {
                try await answer.write(Data(rest.prefix(701)))
                rest = rest.dropFirst(701)
            }
        }) { near in
            let agent = AgentFolder(
                folder: near.folder, service: near.service.replacingOccurrences(of: "127.0.0.1", with: "127.1"))
            await #expect(throws: SyncTrouble.self) { try await agent.agent().once() }
            #expect(try agent.rows.isEmpty)
            sent.withLock { $0 = 1 }
            _ = try await agent.agent().once()
            #expect(try agent.rows.all() == service.rows())
            // From this machine it comes as it is, where half of it would be too little.
            sent.withLock { $0 = 0.5 }
            #expect(try await near.agent().once().snapshots == 0)
        }
    }

    @Test("begins anew where the service has forgotten its cursor, without a moment without a schedule")
    func beginsAnew() async throws {
        let service = ModelService()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            _ = try await agent.agent().once()
            service.commit([ModelService.put("closure", ["", "2026-12-25", "Christmas"])])
            service.state.withLock { $0.oldest = 2 }
            let report = try await agent.agent().once()
            #expect(report.snapshots == 1)
            #expect(try agent.rows.all() == service.rows())
        }
    }

    @Test("refuses a cache of another library, by name, and leaves it as it was")
    func refusesOtherLibrary() async throws {
        let service = ModelService()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            _ = try await agent.agent().once()
            let before = try agent.rows.all()
            service.state.withLock { $0.library = "harford" }
            let outcome = try await TestProgram.coverdesk.run(agent.arguments())
            #expect(outcome.exitCode == 3, "\(outcome)")
            #expect(outcome.standardError.contains("holds what library cecil of maryland may see"))
            #expect(try agent.rows.all() == before)
        }
    }

    @Test("works alone on a file")
    func locks() async throws {
        let service = ModelService()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            try await TestProgram.coverdesk.withRunning(agent.arguments()) { program in
                try await eventually("the cache is there") { agent.isThere }
                let second = try await TestProgram.coverdesk.run(agent.arguments("--once"))
                #expect(second.exitCode == 3, "\(second)")
                #expect(second.standardError.contains("another agent (process \(program.processID))"))
                program.send(SIGTERM)
                let outcome = try await program.end()
                #expect(outcome.exitCode == 0, "\(outcome)")
            }
        }
    }

    @Test("killed in the middle of a batch or of a snapshot, goes on from the last whole state")
    func survivesKill() async throws {
        let service = ModelService()
        service.commit(
            (1...4000).map { ModelService.put("demand", ["chat", "\($0 * 3600)", "\($0 * 3600 + 3600)", "1", "2"]) })
        let answersWhole = Atomic(false)
        try await withAgent(of: { request, answer in
            guard !answersWhole.load(ordering: .relaxed) else { return try await service.answer(request, answer) }
            let whole = try #require(service.answer(cursor: request.values("cursor").first))
            // All but the end: the agent waits for it, and is killed.
            try await answer.head()
            try await answer.write(String(whole[..<(try #require(whole.range(of: "#a_new_word"))).lowerBound]))
            try await Task.sleep(for: .seconds(60))
        }) { agent in
            try await agent.killedInTheMiddle(of: "a snapshot")
            #expect(try agent.rows.isEmpty)
            answersWhole.store(true, ordering: .relaxed)
            _ = try await agent.agent().once()
            let known = service.version
            service.commit([ModelService.delete("queue", ["chat"]), ModelService.delete("operator", ["ada"])])
            answersWhole.store(false, ordering: .relaxed)
            try await agent.killedInTheMiddle(of: "a batch")
            #expect(try agent.rows.all() == service.rows(at: known))
            answersWhole.store(true, ordering: .relaxed)
            _ = try await agent.agent().once()
            #expect(try agent.rows.all() == service.rows())
        }
    }

    @Test("sends intents in order, each applied once however often answers are lost")
    func sendsIntents() async throws {
        let service = OfflineTests.service()
        service.state.withLock { state in
            state.decide = { kind in
                kind == "shift_decline"
                    ? ("conflicting", "the shift has moved", "{\"starts_at\":1796053600}") : ("applied", nil, nil)
            }
        }
        let losses = Atomic(3)
        try await withAgent(of: { request, answer in
            if request.path == "/v1/intents", losses.load(ordering: .relaxed) > 0 {
                // The service decides, and its answer is lost.
                losses.subtract(1, ordering: .relaxed)
                _ = service.decide(request.body)
                return
            }
            try await service.answer(request, answer)
        }) { agent in
            _ = try await agent.agent().once()
            let outbox = Outbox(path: agent.cachePath)
            for hours in 1...3 as ClosedRange<Int64> {
                _ = try outbox.add(id: UUID(), now: OfflineTests.now) { _ in
                    Intent(
                        .absence(
                            Operator.ID("ada"),
                            during: OfflineTests.now..<OfflineTests.now.advanced(bySeconds: hours * 3600)),
                        reason: "flu")
                }
            }
            _ = try outbox.add(id: UUID(), now: OfflineTests.now) { view in
                Intent(.decline(try view.shift(plan: 3, number: 17)), reason: "jury")
            }
            try await agent.following {
                try await eventually("all are decided") {
                    try agent.rows.value("SELECT count(*) FROM pending_intent") == "0"
                }
            }
            let ids = try agent.rows.list("SELECT intent_id FROM intent ORDER BY intent_number")
            #expect(service.state.withLock { $0.effects } == Array(ids.prefix(3)))
            #expect(
                try agent.rows.value("SELECT state || theirs FROM intent WHERE kind = 'shift_decline'")
                    == "conflicting{\"starts_at\":1796053600}")
        }
    }

    @Test("an intent that the service does not take is rejected with its words, and does not hold up the others")
    func rejectsPoison() async throws {
        let service = OfflineTests.service()
        try await withAgent(of: { request, answer in
            if request.path == "/v1/intents", String(decoding: request.body, as: UTF8.self).contains("flu-1") {
                return try await answer.send(
                    #"{"title":"bad","detail":"reason: flu-1 is no reason"}"#, "400 Bad Request",
                    type: "application/problem+json")
            }
            try await service.answer(request, answer)
        }) { agent in
            _ = try await agent.agent().once()
            for number in 0...2 {
                _ = try Outbox(path: agent.cachePath).add(id: UUID(), now: OfflineTests.now) { _ in
                    Intent(
                        .absence(
                            Operator.ID("ada"), during: OfflineTests.now..<OfflineTests.now.advanced(bySeconds: 60)),
                        reason: "flu-\(number)")
                }
            }
            #expect(try await agent.agent().once().intentsDecided == 3)
            #expect(
                try agent.rows.list("SELECT state FROM intent ORDER BY intent_number") == [
                    "applied", "rejected", "applied",
                ])
            #expect(
                try agent.rows.value("SELECT reason FROM intent WHERE state = 'rejected'")
                    == "reason: flu-1 is no reason")
        }
    }
}

/// What may answer in the place of the service.
enum Stranger: String, CaseIterable, Sendable {
    case portal, redirect, nonsense, json, unavailable, cut, drip, hang, silent

    /// Whether it is known by its silence.
    var isSlow: Bool { self == .drip || self == .hang }

    /// What the agent must say of it.
    var words: String {
        switch self {
        case .portal: "a page of HTML, maybe the login page of a network"
        case .redirect: "sends the agent elsewhere (302, to http://portal.example/)"
        case .nonsense: "line 1: an answer begins with #feed"
        case .json: "it sent application/json"
        case .unavailable: "the service answered 503: the database is away"
        case .cut: "the answer broke off"
        case .drip: "the service sends next to nothing"
        case .hang: "did not answer within"
        case .silent: "cannot be reached"
        }
    }

    func answer(_ service: ModelService, _ answer: ScriptedService.Answer) async throws {
        switch self {
        case .portal:
            try await answer.send("<html>Welcome to the library's Wi-Fi</html>", type: "text/html; charset=utf-8")
        case .redirect:
            try await answer.head("302 Found", type: "text/html", more: "Location: http://portal.example/\r\n")
        case .nonsense: try await answer.send("lorem ipsum\ndolor\n")
        case .json: try await answer.send("{}", type: "application/json")
        case .unavailable:
            try await answer.send(
                #"{"detail":"the database is away"}"#, "503 Service Unavailable", type: "application/problem+json")
        case .cut: try await answer.send(String((service.answer(cursor: nil) ?? "").dropLast(20)))
        case .drip:
            try await answer.head()
            for character in service.header.prefix(2000) {
                try await answer.write(String(character))
                try await Task.sleep(for: .milliseconds(10))
            }
        case .hang: try await Task.sleep(for: .seconds(60))
        case .silent: break
        }
    }
}

extension AgentFolder {
    var isThere: Bool { (try? rows.hasArrived) ?? false }

    /// Starts the program, waits until it has read what there is of an answer, and kills it.
    fileprivate func killedInTheMiddle(of what: String) async throws {
        try await TestProgram.coverdesk.withRunning(arguments()) { program in
            try await eventually("the agent has \(what) half read") {
                try program.openConnections() > 0 && program.isIdle()
            }
            program.kill()
            _ = try await program.end()
        }
    }
}

extension RunningProgram {
    /// Sockets that it has open, connected ones among them.
    fileprivate func openConnections() throws -> Int {
        let folder = "/proc/\(processID)/fd"
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)"))?.hasPrefix("socket:")
                == true
        }.count
    }

    /// Whether it has used no processor time for a while: it waits.
    fileprivate func isIdle() throws -> Bool {
        let before = try ticks()
        Thread.sleep(forTimeInterval: 0.3)
        return try before > 0 && ticks() == before
    }

    private func ticks() throws -> Int {
        let stat = try String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8)
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
    }
}

extension CacheRows {
    /// Whether the first snapshot has come.
    var hasArrived: Bool {
        get throws { ((try? value("SELECT schema FROM meta")) ?? "0") != "0" }
    }

    func list(_ sql: String) throws -> [String] {
        try read { try String.fetchAll($0, sql: sql) }
    }
}

/// Packs a text with the system's own program.
private func gzip(_ text: String) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = ["-c"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    Thread.detachNewThread {
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try? input.fileHandleForWriting.close()
    }
    let packed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return packed
}

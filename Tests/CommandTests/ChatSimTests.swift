import Foundation
import TestSupport
import Testing

@Suite("coverdesk chat-sim")
struct ChatSimTests {
    @Test("plays some minutes of a day, and finds the service to tell what it was told")
    func plays() async throws {
        try await withPlayableDesk { desk in
            try await desk.serving { port in
                try await desk.simulating(port, ["--json-lines"]) { simulation in
                    let outcome = try await simulation.end()
                    #expect(outcome.exitCode == 0, "\(outcome)")
                    let report = try #require(try desk.report(outcome))
                    #expect(report["sessions"] as? Int == PlayableDesk.patrons)
                    #expect(report["sessions_as_acknowledged"] as? Int == PlayableDesk.patrons)
                    #expect(report["differences"] as? [String] == [])
                    let queues = report["queues"] as? [[String: Any]] ?? []
                    #expect(queues.contains { ($0["answered"] as? Int ?? 0) > 0 })
                }
            }
        }
    }

    @Test("goes on when the service is killed and started again, and nothing is lost or done twice")
    func killedService() async throws {
        try await withPlayableDesk { desk in
            try await desk.serving { port in
                try await desk.simulating(port, ["--json-lines"]) { simulation in
                    // Once the first event is there, which begins the day.
                    try await simulation.waitUntilPrinted("\"service_reached\":true")
                    desk.killService()
                    try await simulation.waitUntilPrinted("\"service_reached\":false")
                    try await desk.serving(port: port) { _ in
                        let outcome = try await simulation.end()
                        #expect(outcome.exitCode == 0, "\(outcome)")
                        let report = try #require(try desk.report(outcome))
                        #expect(report["sessions"] as? Int == PlayableDesk.patrons)
                        #expect(report["requests_sent_again"] as? Int ?? 0 > 0)
                        #expect(report["differences"] as? [String] == [])
                    }
                }
            }
        }
    }

    @Test("ends every session on Ctrl-C, prints its report, and exits 130")
    func interrupted() async throws {
        try await withPlayableDesk { desk in
            try await desk.serving { port in
                try await desk.simulating(port, []) { simulation in
                    try await eventually("a patron is in line or served") {
                        try await desk.desk.database.execute("SELECT count(*) FROM session") != "0"
                    }
                    simulation.send(SIGINT)
                    let outcome = try await simulation.end()
                    #expect(outcome.exitCode == 130, "\(outcome)")
                    #expect(outcome.standardOutput.contains("no difference"))
                }
            }
            #expect(try await desk.desk.database.execute("SELECT count(*) FROM live_session") == "0")
        }
    }

    @Test("names the place of each fault of a history, and begins nothing")
    func badHistory() async throws {
        try await withTemporaryFolder { folder in
            let plan = try folder.write(
                "queue_id,starts_at,ends_at,operator_id\n"
                    + "ask,2026-10-27T11:00:00-04:00,2026-10-27T12:00:00-04:00,arrowbury-01\n", to: "plan.csv")
            let history = try folder.write(
                "queue_id,started_at,handle_seconds,library_id\n"
                    + "ask,2026-10-20T11:00:00-04:00,soon,arrowbury\n"
                    + "asks,2026-10-20,300,arrowbury\n", to: "past.csv")
            let outcome = try await TestProgram.coverdesk.run(
                [
                    "chat-sim", "--service", "http://127.0.0.1:1", "--bundle", Example.small, "--plan", plan,
                    "--history", history,
                ], environment: ["COVERDESK_TOKEN": "t"])
            #expect(outcome.exitCode == 2, "\(outcome)")
            #expect(outcome.standardError.contains("past.csv:2: handle_seconds: “soon” is not"))
            #expect(outcome.standardError.contains("past.csv:3: queue_id: there is no queue “asks”"))
            #expect(outcome.standardError.contains("past.csv:3: started_at: “2026-10-20”"))
        }
    }

    @Test(
        "says what is missing or wrong in what it is given",
        arguments: [
            (["--day", "2026-13-01"], "--day: “2026-13-01” is no date"),
            (["--day", "2026-10-28"], "the plan has no shifts on Wed 2026-10-28"),
            (["--from", "noon"], "--from: “noon” is no time of day"),
            (["--speed", "0"], "--speed must be a whole number from 1 to 600"),
            (["--decline", "7"], "--decline must be a probability from 0 to 1"),
            (["--token-file", "nowhere"], "--token-file: nowhere cannot be read"),
            (["--service", "desk.example.org"], "“desk.example.org” is no address of a service"),
        ])
    func faults(arguments: [String], words: String) async throws {
        try await withTemporaryFolder { folder in
            let plan = try folder.write(
                "queue_id,starts_at,ends_at,operator_id\n"
                    + "ask,2026-10-27T11:00:00-04:00,2026-10-27T12:00:00-04:00,arrowbury-01\n", to: "plan.csv")
            let service = arguments.contains("--service") ? [] : ["--service", "http://127.0.0.1:1"]
            let outcome = try await TestProgram.coverdesk.run(
                ["chat-sim", "--bundle", Example.small, "--plan", plan] + service + arguments,
                environment: ["COVERDESK_TOKEN": "t"])
            #expect(outcome.exitCode == 2, "\(outcome)")
            #expect(outcome.standardError.contains(words), "\(outcome)")
        }
    }

    @Test("is refused with a token that the service does not know")
    func wrongToken() async throws {
        try await withPlayableDesk { desk in
            try await desk.serving { port in
                try await desk.simulating(port, [], token: "coverdesk~main~none") { simulation in
                    let outcome = try await simulation.end()
                    #expect(outcome.exitCode == 3, "\(outcome)")
                    #expect(outcome.standardError.contains("the service refuses the token (401)"))
                }
            }
        }
    }
}

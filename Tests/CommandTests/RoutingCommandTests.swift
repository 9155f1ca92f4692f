import Foundation
import TestSupport
import Testing

@Suite("How queues are routed, on the command line")
struct RoutingCommandTests {
    private static let header =
        "queue_id,ladder,rings_at_once,accept_seconds,ask_again_seconds,check_back_seconds,grace_seconds,"
        + "wrap_up_seconds,handle_seconds,email_queue_id,partner_name,partner_contact\n"

    /// A copy of the small example with routing and library hours.
    private static func bundle(in desk: Desk, row: String) throws -> String {
        let folder = desk.folder.path(of: "bundle")
        try FileManager.default.copyItem(atPath: Example.small, toPath: folder)
        try (header + row + "\n").write(toFile: "\(folder)/routing.csv", atomically: true, encoding: .utf8)
        try "library_id,weekday,opens,closes\narrowbury,0,09:00,17:00\narrowbury,1,09:00,17:00\n"
            .write(toFile: "\(folder)/library_hours.csv", atomically: true, encoding: .utf8)
        return folder
    }

    @Test("is told in words and as JSON, and comes from the bundle")
    func shown() async throws {
        try await withDesk { desk in
            let row = "ask,other_libraries:0;partner:20;email:45,2,25,60,300,60,120,540,email,Elsewhere,+1-410-555-0177"
            let folder = try Self.bundle(in: desk, row: row)
            let imported = try await desk.run("import", folder)
            #expect(imported.exitCode == 0, "\(imported)")
            let words = try await desk.run("routing").standardOutput
            #expect(words.contains("ask  Ask a librarian, chat, priority 3, as set"), "\(words)")
            #expect(words.contains("at once     operators of other libraries who are on shift"))
            #expect(words.contains("after 20 s  the partner Elsewhere, +1-410-555-0177"))
            #expect(words.contains("after 45 s  email, by the queue email"))
            #expect(words.contains("rings 2 operators at once for 25 s"))
            #expect(words.contains("email  Email reference, email, priority 1, as is standard"))
            #expect(words.contains("nobody has waited yet"))
            #expect(words.contains("Mon-Tue 09:00-17:00"))
            let one = try await desk.json("routing", "--queue", "ask")
            let queue = try #require((one["queues"] as? [[String: Any]])?.first)
            #expect(queue["standard"] as? Bool == false)
            #expect(queue["handle_seconds"] as? Int == 540)
            #expect((queue["learned"] as? [String: Any])?["sessions"] as? Int == 0)
            #expect((queue["learned"] as? [String: Any])?["waits"] as? Int == 0)
            _ = try await desk.json("export", "out")
            for name in ["routing.csv", "library_hours.csv"] {
                let (given, written) = (
                    try desk.folder.text(of: "bundle/\(name)"), try desk.folder.text(of: "out/\(name)")
                )
                #expect(given == written)
            }
            // A bundle that says nothing of it leaves it as it is.
            #expect(try await desk.json("import", Example.small)["is_done"] as? Bool == true)
            #expect(try await desk.run("routing").standardOutput == words)
        }
    }

    @Test("a queue that is not there is named, with those that are")
    func unknownQueue() async throws {
        try await withDesk { desk in
            _ = try await desk.json("import", Example.small)
            let outcome = try await desk.run("routing", "--queue", "aks")
            #expect(outcome.exitCode == 2)
            #expect(outcome.standardError.contains("there is no queue “aks”: there are ask, email"))
        }
    }
}

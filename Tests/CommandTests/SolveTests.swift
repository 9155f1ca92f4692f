import Foundation
import TestSupport
import Testing

@Suite("Solving a roster from an instance file")
struct SolveTests {
    @Test("writes a row for everybody, and the penalty that it tells")
    func solves() async throws {
        try await withTemporaryFolder { folder in
            try folder.write(week, to: "week.txt")
            let outcome = try await TestProgram.coverdesk.run(
                ["solve", "week.txt", "--steps", "400", "--threads", "2", "--output", "week.roster", "--json"],
                in: folder.path)
            #expect(outcome.exitCode == 0, "\(outcome)")
            let report = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any]
            // Everybody can follow every wish, and all of the cover but the two shifts of day 2.
            #expect(report?["penalty"] as? Int == 20)
            #expect(report?["limits_broken"] as? Int == 0)
            let rows = try folder.text(of: "week.roster").split(separator: "\n").map { $0.split(separator: "\t") }
            #expect(rows.count == 2)
            #expect(rows.allSatisfy { $0.count == 7 })
            #expect(rows.allSatisfy { $0[2] == "-" })
        }
    }

    @Test("names the faults of an instance and writes nothing")
    func namesFaults() async throws {
        try await withTemporaryFolder { folder in
            try folder.write(week.replacing("2,D,2,10,1", with: "2,X,2,10,1"), to: "week.txt")
            let outcome = try await TestProgram.coverdesk.run(
                ["solve", "week.txt", "--output", "week.roster"], in: folder.path)
            #expect(outcome.exitCode == 2)
            #expect(outcome.standardError.contains("week.txt:19: ShiftID: there is no shift “X”, expected one of D"))
            #expect(!FileManager.default.fileExists(atPath: folder.path(of: "week.roster")))
        }
    }

    @Test("names whoever has no legal row, and the limits that stand in the way")
    func namesPerson() async throws {
        try await withTemporaryFolder { folder in
            try folder.write(week.replacing("bob,D=7,2400,960", with: "bob,D=7,9000,3000"), to: "week.txt")
            let outcome = try await TestProgram.coverdesk.run(
                ["solve", "week.txt", "--output", "week.roster"], in: folder.path)
            #expect(outcome.exitCode == 3)
            #expect(outcome.standardError.contains("bob"))
            #expect(outcome.standardError.contains("MinTotalMinutes"))
        }
    }

    private let week = """
        SECTION_HORIZON
        7
        SECTION_SHIFTS
        D,480,
        SECTION_STAFF
        ann,D=7,2400,960,3,1,1,1
        bob,D=7,2400,960,3,1,1,1
        SECTION_DAYS_OFF
        ann,2
        bob,2
        SECTION_SHIFT_ON_REQUESTS
        ann,0,D,2
        SECTION_SHIFT_OFF_REQUESTS
        bob,6,D,3
        SECTION_COVER
        0,D,1,10,1
        1,D,1,10,1
        # A day off for both.
        2,D,2,10,1
        3,D,1,10,1
        4,D,1,10,1
        5,D,0,10,1
        6,D,0,10,1

        """
}

import Planning
import RosterFiles
import TestSupport
import Testing

@Suite("Reading an instance")
struct RosterReaderTests {
    @Test("takes sections, people, requests and cover from the text")
    func reads() async throws {
        let problem = try await read(SmallInstance.text)
        #expect(problem.days == 7)
        #expect(problem.shifts.map(\.id) == ["E", "L"])
        #expect(problem.shifts[1].neverBefore == [0])
        #expect(problem.people.map(\.id) == ["ann", "bob", "cid"])
        #expect(problem.people[0].mostOfType == [7, 2])
        #expect(problem.people[0].daysOff == [2])
        #expect(problem.requests.count == 2)
        #expect(problem.cover.count == 14)
    }

    @Test("names every fault with its line and field", arguments: SmallInstance.broken)
    func namesFaults(change: SmallInstance.Change) async throws {
        let faults = try await #require(throws: RosterFaults.self) { try await read(change.applied) }
        #expect(faults.description.contains(change.fault), "\(faults.description)")
    }

    @Test("lists all faults of a file, not only the first")
    func listsAll() async throws {
        let text = SmallInstance.text.replacing("ann,0,E,2", with: "ann,0,X,2").replacing(
            "6,L,1,100,1", with: "6,L,-1,100,1")
        let faults = try await #require(throws: RosterFaults.self) { try await read(text) }
        #expect(faults.faults.count == 2)
    }

    @Test("ends with a fault wherever the file is cut", arguments: 1...9)
    func cut(tenths: Int) async throws {
        await #expect(throws: RosterFaults.self) {
            try await read(String(SmallInstance.text.prefix(SmallInstance.text.count * tenths / 10)))
        }
    }

    private func read(_ text: String) async throws -> RosterProblem {
        try await withTemporaryFolder { folder in
            try folder.write(text, to: "week.txt")
            return try RosterReader(path: folder.path(of: "week.txt")).read()
        }
    }
}

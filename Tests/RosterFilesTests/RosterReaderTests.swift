import Planning
import RosterFiles
import TestSupport
import Testing

@Suite("Reading an instance")
struct RosterReaderTests {
    @Test("takes sections, people, requests and cover from the text")
    func reads() throws {
        let problem = try read(SmallInstance.text)
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
    func namesFaults(change: SmallInstance.Change) throws {
        let faults = try #require(throws: RosterFaults.self) { try read(change.applied) }
        #expect(faults.description.contains(change.fault), "\(faults.description)")
    }

    @Test("lists all faults of a file, not only the first")
    func listsAll() throws {
        let text = SmallInstance.text.replacing("ann,0,E,2", with: "ann,0,X,2").replacing(
            "6,L,1,100,1", with: "6,L,-1,100,1")
        let faults = try #require(throws: RosterFaults.self) { try read(text) }
        #expect(faults.faults.count == 2)
    }

    @Test("ends with a fault wherever the file is cut", arguments: [10, 40, 120, 300, 420, 520, 600])
    func cut(length: Int) throws {
        #expect(throws: RosterFaults.self) { try read(String(SmallInstance.text.prefix(length))) }
    }

    private func read(_ text: String) throws -> RosterProblem {
        try withTemporaryFolder { folder in
            try folder.write(text, to: "week.txt")
            return try RosterReader(path: folder.path(of: "week.txt")).read()
        }
    }
}

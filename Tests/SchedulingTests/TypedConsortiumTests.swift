import Coverage
import Scheduling
import StorageTestSupport
import Testing

@Suite("A consortium that is typed in")
struct TypedConsortiumTests {
    private func typed(_ change: (inout TypedConsortium) -> Void = { _ in }) -> TypedConsortium {
        var typed = TypedConsortium(
            name: " Lake Libraries ", timeZone: "America/New_York", startsOn: "2026-10-26", weeks: "2",
            libraries: "Bay County\n\nSão João\nBay, County\n",
            people:
                "name,email,library\nAda King,ada@example.org,Bay County\n\"King, Bo\",,são joão\nCy\t\tbay-county\n")
        change(&typed)
        return typed
    }

    @Test("gets ids, hours, demand and availability that are usual")
    func fills() throws {
        let bundle = try typed().bundle()
        #expect(bundle.consortium.name == "Lake Libraries")
        #expect(bundle.libraries.map(\.id) == ["bay-county", "bay-county-2", "sao-joao"])
        #expect(bundle.operators.map(\.id) == ["bay-county-01", "bay-county-02", "sao-joao-01"])
        #expect(bundle.operators.map(\.name) == ["Ada King", "Cy", "King, Bo"])
        #expect(bundle.queues.map(\.channel) == [.chat, .email])
        #expect(bundle.demand.count == 2 * 10)
        // The clocks go back between the two weeks.
        let starts = bundle.demand.filter { $0.queue == "ask" }.map(\.during.lowerBound.secondsSince1970)
        #expect(starts.first == 1_793_019_600 && starts.last == 1_793_973_600)
        #expect(bundle.availability.count == 15)
    }

    @Test(
        "has slots whose borders nine o'clock is",
        arguments: [("Asia/Kolkata", 30), ("Asia/Kathmandu", 15), ("Europe/Berlin", 60)])
    func fitsZones(zone: String, minutes: Int) throws {
        #expect(try typed { $0.timeZone = zone }.bundle().consortium.slotMinutes == minutes)
    }

    @Test("tells all that is wrong with it, by the line on which it stands")
    func tellsFaults() throws {
        let wrong = typed { typed in
            (typed.name, typed.timeZone, typed.startsOn, typed.weeks) = ("", "EST", "2026-10-27", "99")
            typed.libraries = "Bay County\nbay county"
            typed.people = "Ada\nBo,bo@,Bay County\nCy,,Nowhere"
        }
        let faults = try #require(throws: TypedConsortium.Faults.self) { try wrong.bundle() }.sentences
        for beginning in [
            "Name: ", "Time zone: “EST”", "First day: “2026-10-27”", "Weeks: ", "Libraries, line 2: “bay county”",
            "People, line 1: “Ada”", "People, line 2: “bo@”", "People, line 3: there is no library “Nowhere”",
        ] {
            #expect(faults.contains { $0.hasPrefix(beginning) }, "\(beginning) is not among \(faults)")
        }
        #expect(faults.count == 8)
    }
}

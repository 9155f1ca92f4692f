import BundleFiles
import Coverage
import Testing

@Suite("A bundle's routing and library hours")
struct DeskFilesTests {
    private static func folder() throws -> BundleFolder {
        let folder = try BundleFolder()
        for (name, text) in BundleFolder.optionalTexts { try folder.write(text, to: name) }
        return folder
    }

    @Test("are read, and written as they were, byte for byte")
    func canonical() throws {
        let folder = try Self.folder()
        let bundle = try BundleReader(folder: folder.path).read()
        let ask = try #require(bundle.routings?.first { $0.queue == Queue.ID("ask") }?.routing)
        #expect(ask.ladder.steps.map(\.opensAfterSeconds) == [0, 10, 10, 60, 120])
        #expect(ask.ringsAtOnce == 2)
        #expect(ask.emailQueue == Queue.ID("email"))
        #expect(ask.partner == .init(name: "Elsewhere, Inc.", contact: "https://elsewhere.example.org"))
        #expect(bundle.libraryHours?.count == 3)
        try BundleWriter(folder: folder.path).write(bundle)
        for (name, text) in BundleFolder.optionalTexts { #expect(try folder.text(of: name) == text) }
    }

    @Test("may be left out, and then nothing is said of them, and nothing written")
    func leftOut() throws {
        let folder = try BundleFolder()
        let bundle = try BundleReader(folder: folder.path).read()
        #expect(bundle.routings == nil)
        #expect(bundle.libraryHours == nil)
        try BundleWriter(folder: folder.path).write(bundle)
        #expect(try folder.contents()["routing.csv"] == nil)
        #expect(try folder.contents()["library_hours.csv"] == nil)
    }

    @Test("are gone from a folder that is written again without them")
    func goneAgain() throws {
        let folder = try Self.folder()
        let without = try BundleFolder()
        try BundleWriter(folder: folder.path).write(BundleReader(folder: without.path).read())
        #expect(try folder.contents()["routing.csv"] == nil)
        #expect(try folder.contents()["library_hours.csv"] == nil)
    }

    static let broken = [
        BrokenBundle(
            "routing.csv", "ask,own", "aks,own",
            "routing.csv:2: queue_id: there is no queue “aks” in queues.csv, expected the id of one that is"),
        BrokenBundle(
            "routing.csv", "\nemail,", "\nask,",
            "routing.csv:3: queue_id: the queue “ask” is already on line 2, expected each queue once"),
        BrokenBundle(
            "routing.csv", "overflow:10", "overflow",
            "routing.csv:2: ladder: “overflow” is not a rung with its seconds, "
                + "expected rungs with their seconds, like own_library:0;other_libraries:15;email:180"),
        BrokenBundle(
            "routing.csv", "overflow:10", "overflown:10",
            "routing.csv:2: ladder: there is no rung “overflown”, expected perhaps overflow, "
                + "one of own_library, other_libraries, overflow, partner, email"),
        BrokenBundle(
            "routing.csv", "overflow:10", "overflow:9",
            "routing.csv:2: ladder: overflow opens before the rung in front of it, expected seconds that never fall"),
        BrokenBundle(
            "routing.csv", "overflow:10", "email:10",
            "routing.csv:2: ladder: email is there twice, expected each rung once"),
        BrokenBundle(
            "routing.csv", "email:120", "email:604801",
            "routing.csv:2: ladder: 604801 seconds are out of range, expected 0 to 604800"),
        BrokenBundle(
            "routing.csv", "120,2,25", "120,11,25",
            "routing.csv:2: rings_at_once: “11” is out of range, expected a whole number from 1 to 10"),
        BrokenBundle(
            "routing.csv", "540,email", "540,ask",
            "routing.csv:2: email_queue_id: the queue “ask” is not answered by email, "
                + "expected one whose channel is email, or nothing"),
        BrokenBundle(
            "routing.csv", "\"Elsewhere, Inc.\"", "",
            "routing.csv:2: partner_name: the value is empty, "
                + "expected a partner's name and where patrons find it, or neither"),
        BrokenBundle(
            "library_hours.csv", "pub01,5", "pub02,5",
            "library_hours.csv:4: library_id: there is no library “pub02” in libraries.csv, "
                + "expected the id of one that is"),
        BrokenBundle(
            "library_hours.csv", "13:00,17:00", "11:00,17:00",
            "library_hours.csv:3: opens: the hours overlap those of line 2, 08:00 to 12:00, "
                + "expected hours of one library and weekday that do not overlap"),
        BrokenBundle(
            "library_hours.csv", "10:00,24:00", "10:00,10:00",
            "library_hours.csv:4: closes: 10:00 is not after opens 10:00, "
                + "expected a later time, up to 24:00; a span over midnight takes two rows"),
        BrokenBundle(
            "library_hours.csv", "library_id,weekday,opens,closes", "library_id,weekday,opens",
            "library_hours.csv:1: closes: the column is missing, "
                + "expected a first line that says library_id,weekday,opens,closes"),
    ]

    @Test("that are wrong are told by line, with what would be right", arguments: broken)
    func faults(broken: BrokenBundle) throws {
        let folder = try Self.folder()
        try folder.replace(broken.old, with: broken.new, in: broken.file)
        #expect(folder.faults().first == broken.says)
    }
}

import BundleFiles
import Coverage
import Foundation
import Testing

@Suite("Where a bundle is written")
struct BundleWriterTests {
    private let bundle: ConsortiumBundle
    private let folder: BundleFolder

    init() throws {
        folder = try BundleFolder()
        bundle = try BundleReader(folder: folder.path).read()
    }

    @Test("a new folder is made, with those above it, and nothing is left beside it")
    func newFolder() throws {
        let parent = folder.file("exports/2027")
        try BundleWriter(folder: "\(parent)/march").write(bundle)
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["march"])
        #expect(try BundleReader(folder: "\(parent)/march").read() == bundle)
    }

    @Test("an older bundle is replaced whole")
    func older() throws {
        try folder.write("queue_id,started_at,handle_seconds,library_id\n", to: "history.csv")
        try BundleWriter(folder: folder.path).write(bundle)
        #expect(try Set(folder.contents().keys) == Set(BundleFolder.texts.keys))
    }

    @Test("what a killed export left in the folder goes")
    func leftovers() throws {
        let left = folder.file(".writing-left")
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
        try folder.write("half", to: ".writing-left/demand.csv")
        try BundleWriter(folder: folder.path).write(bundle)
        #expect(try Set(folder.contents().keys) == Set(BundleFolder.texts.keys))
    }

    @Test("a folder that is there stays the same folder")
    func sameFolder() throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
        try BundleWriter(folder: folder.path + "/.").write(bundle)
        let after = try FileManager.default.attributesOfItem(atPath: folder.path)
        #expect(after[.systemFileNumber] as? UInt64 == attributes[.systemFileNumber] as? UInt64)
        #expect(attributes[.systemFileNumber] is UInt64)
        #expect(try BundleReader(folder: folder.path).read() == bundle)
    }

    @Test("a folder with other things in it is left as it is")
    func otherThings() throws {
        try folder.write("mine", to: "thesis.txt")
        let before = try folder.contents()
        let refusal = BundleWritingRefusal.folderHoldsOtherThings(folder: folder.path, names: ["thesis.txt"])
        #expect(throws: refusal) { try BundleWriter(folder: folder.path).write(bundle) }
        #expect(try folder.contents() == before)
        #expect(
            refusal.description == "\(folder.path) holds what belongs to no bundle (thesis.txt): "
                + "name an empty folder, a new one, or one with an older bundle")
    }

    @Test("a file in the folder's place is left as it is")
    func file() throws {
        try folder.write("mine", to: "thesis.txt")
        let path = folder.file("thesis.txt")
        #expect(throws: BundleWritingRefusal.notAFolder(path)) { try BundleWriter(folder: path).write(bundle) }
        #expect(try folder.text(of: "thesis.txt") == "mine")
    }

    @Test("a link to a folder stays a link, and the folder has the bundle")
    func link() throws {
        let parent = try BundleFolder()
        let link = parent.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
        try BundleWriter(folder: link).write(bundle)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == folder.path)
        #expect(try BundleReader(folder: link).read() == bundle)
    }

    @Test("an export that fails half way leaves the older bundle and nothing beside it")
    func interrupted() async throws {
        struct Lost: Error {}
        let parent = folder.file("exports")
        let path = "\(parent)/march"
        try BundleWriter(folder: path).write(bundle)
        var other = bundle
        other.libraries[0].name = "Renamed"
        await #expect(throws: Lost.self) {
            try await BundleWriter(folder: path).write(other) { write in
                try await write([
                    PastSession(
                        queue: "ask", startedAt: .init(secondsSince1970: 1_700_000_000),
                        handleSeconds: 1, library: "pub01")
                ])
                throw Lost()
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["march"])
        #expect(try BundleReader(folder: path).read() == bundle)
    }
}

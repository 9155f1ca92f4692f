import BundleFiles
import Coverage
import Foundation
import Glibc
import Testing

@Suite("What the files of a bundle may be made of")
struct TextFileTests {
    @Test(
        "bytes that are not UTF-8 are found on their line",
        arguments: [
            ([0xFC] as [UInt8], "0xFC"), ([0xC3], "0xC3"), ([0xC0, 0xAF], "0xC0"), ([0xED, 0xA0, 0x80], "0xED"),
            ([0xF4, 0x90, 0x80, 0x80], "0xF4"), ([0x80], "0x80"), ([0xE2, 0x82], "0xE2"),
        ])
    func notUTF8(bytes: [UInt8], shown: String) throws {
        let folder = try BundleFolder()
        let head = "library_id,date,reason\n*,2027-03-12,\"state\nholiday "
        try folder.write(Array(head.utf8) + bytes + Array("\"\n".utf8), to: "closures.csv")
        #expect(
            folder.faults() == [
                "closures.csv:3: reason: the byte \(shown) is not UTF-8, expected the file saved as UTF-8"
            ])
    }

    @Test("settings that are not UTF-8 are found on their line")
    func settingsNotUTF8() throws {
        let folder = try BundleFolder()
        let text = try folder.bytes(of: "consortium.yaml")
        try folder.write(text + [0x23, 0xE4, 0x0A], to: "consortium.yaml")
        #expect(
            folder.faults() == [
                "consortium.yaml:19: the byte 0xE4 is not UTF-8, expected the file saved as UTF-8"
            ])
    }

    @Test("UTF-16 is called by its name", arguments: ["closures.csv", "consortium.yaml"])
    func utf16(file: String) throws {
        let folder = try BundleFolder()
        let text = try folder.text(of: file)
        let data = try #require(text.data(using: .utf16))
        try folder.write([UInt8](data), to: file)
        #expect(folder.faults() == ["\(file):1: the file is UTF-16, expected the file saved as UTF-8"])
    }

    @Test("a byte order mark, CRLF, empty lines and other orders of columns read as the same bundle")
    func sameBundle() throws {
        let folder = try BundleFolder()
        let plain = try BundleReader(folder: folder.path).read()
        for name in BundleFolder.texts.keys {
            let text = try folder.text(of: name).replacingOccurrences(of: "\n", with: "\r\n")
            try folder.write("\u{FEFF}\(text)\r\n\r\n", to: name)
        }
        try folder.write("closes,opens,queue_id,weekday\n24:00,0:00,ask,6\n17:00,9:00,email,0", to: "hours.csv")
        let other = try BundleReader(folder: folder.path).read()
        #expect(other.libraries == plain.libraries)
        #expect(other.consortium == plain.consortium)
        #expect(other.absences == plain.absences)
        #expect(Set(other.hours) == Set(plain.hours.filter { $0.weekday == .sunday || $0.queue.rawValue == "email" }))
    }

    @Test("a file reads the same however it is cut into chunks", arguments: [4, 5, 7, 16, 61])
    func chunks(chunkBytes: Int) throws {
        let folder = try BundleFolder()
        try folder.replace("state holiday", with: "\"a \"\"holiday\"\",\r\nof the state\"", in: "closures.csv")
        let whole = try BundleReader(folder: folder.path).read()
        #expect(whole.closures.contains { $0.reason == "a \"holiday\",\r\nof the state" })
        #expect(try BundleReader(folder: folder.path, limits: BundleLimits(chunkBytes: chunkBytes)).read() == whole)
    }

    @Test("an empty file says what its first line would be", arguments: ["", "\u{FEFF}", "\n\n"])
    func empty(text: String) throws {
        let folder = try BundleFolder()
        try folder.write(text, to: "closures.csv")
        #expect(
            folder.faults() == [
                "closures.csv:1: the file is empty, expected a first line that says library_id,date,reason"
            ])
    }

    @Test("empty settings say which keys they have")
    func emptySettings() throws {
        let folder = try BundleFolder()
        try folder.write("", to: "consortium.yaml")
        let keys = "expected the keys name, timezone, slot_minutes, starts_on, weeks, rules"
        #expect(folder.faults() == ["consortium.yaml:1: the file is empty, \(keys)"])
        try folder.write("- 1\n", to: "consortium.yaml")
        #expect(folder.faults() == ["consortium.yaml:1: there are no keys with values, \(keys)"])
    }

    @Test("a folder or a pipe in a file's place is not waited for")
    func noFile() throws {
        let folder = try BundleFolder()
        try folder.remove("closures.csv")
        try FileManager.default.createDirectory(atPath: folder.file("closures.csv"), withIntermediateDirectories: false)
        #expect(folder.faults() == ["closures.csv:1: this is no file, expected a file with text in it"])
        try folder.remove("closures.csv")
        #expect(unsafe mkfifo(folder.file("closures.csv"), 0o600) == 0)
        #expect(folder.faults() == ["closures.csv:1: this is no file, expected a file with text in it"])
    }
}

import BundleFiles
import Foundation
import Testing

@Suite("Bundles that are too large")
struct LimitTests {
    private let unclosed =
        "the value is longer than 65536 bytes; the rest of the file was not read, "
        + "expected a shorter one: is a quote not closed?"

    @Test("a file of 200 MB is refused before it is read")
    func tooLarge() throws {
        let folder = try BundleFolder()
        try grow(folder.file("libraries.csv"), toBytes: 200_000_000)
        #expect(
            folder.faults() == [
                "libraries.csv:1: the file has 200000000 bytes, more than the 67108864 that it may have, "
                    + "expected a smaller one: check that the right file is in its place"
            ])
    }

    @Test("settings of a megabyte are refused before they are read")
    func largeSettings() throws {
        let folder = try BundleFolder()
        try grow(folder.file("consortium.yaml"), toBytes: 1_000_000)
        #expect(
            folder.faults() == [
                "consortium.yaml:1: the file has 1000000 bytes, more than the 65536 that it may have, "
                    + "expected a smaller one: check that the right file is in its place"
            ])
    }

    @Test("a quote that is never closed ends the reading of a huge file early")
    func openQuote() throws {
        let folder = try BundleFolder()
        let start = "library_id,date,reason\n*,2027-03-12,ok\n*,2027-03-13,\""
        try fill(folder.file("closures.csv"), after: start, with: "0,1,2,three\n", toBytes: 80_000_000)
        let limits = BundleLimits(fileBytes: 1 << 30)
        #expect(folder.faults(limits: limits) == ["closures.csv:3: reason: \(unclosed)"])
    }

    @Test("a value of nothing but doubled quotes is no larger than any other")
    func doubledQuotes() throws {
        let folder = try BundleFolder()
        let start = "library_id,date,reason\n*,2027-03-12,\""
        try fill(folder.file("closures.csv"), after: start, with: "\"\"", toBytes: 1_000_000)
        #expect(folder.faults() == ["closures.csv:2: reason: \(unclosed)"])
    }

    @Test("a line of endless empty values is one fault", arguments: ["\"\",", ","])
    func endlessLine(value: String) throws {
        let folder = try BundleFolder()
        let start = "library_id,date,reason\n*,2027-03-12,"
        try fill(folder.file("closures.csv"), after: start, with: value, toBytes: 1_000_000)
        #expect(
            folder.faults() == [
                "closures.csv:2: the line has more than 1000 values; the rest of the file was not read, "
                    + "expected as many as there are columns"
            ])
    }

    @Test("a history of 200 MB of zeros is one fault")
    func zeros() throws {
        let folder = try BundleFolder()
        try folder.write("", to: "history.csv")
        try grow(folder.file("history.csv"), toBytes: 200_000_000)
        #expect(folder.faults() == ["history.csv:1: \(unclosed)"])
    }

    @Test("a file with too many rows is read up to the limit")
    func rows() throws {
        let folder = try BundleFolder()
        #expect(
            folder.faults(limits: BundleLimits(rows: 3)) == [
                "hours.csv:5: the file has more than 3 rows, expected a smaller one",
                "demand.csv:5: the file has more than 3 rows, expected a smaller one",
            ])
    }

    @Test(
        "settings that would unfold into more than they are, or nest without end, are refused",
        arguments: [
            ("a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n", 1),
            ("[", 30_000),
            ("- ", 30_000),
            ("{\n", 20_000),
        ])
    func tangled(text: String, count: Int) throws {
        let folder = try BundleFolder()
        try folder.write(String(repeating: text, count: count), to: "consortium.yaml")
        #expect(
            folder.faults() == [
                "consortium.yaml:1: the file has more brackets or asterisks, or longer lines, than settings need, "
                    + "expected the keys name, timezone, slot_minutes, starts_on, weeks, rules, and one rule a line"
            ])
    }

    @Test("settings that nest as deep as is let through are read without harm")
    func deep() throws {
        let folder = try BundleFolder()
        try folder.write(
            String(repeating: "- ", count: 990) + String(repeating: "[", count: 190), to: "consortium.yaml")
        #expect(folder.faults().count == 1)
    }

    /// Makes a file as long as that, the new part of zeros that take no room on the disk.
    private func grow(_ path: String, toBytes bytes: UInt64) throws {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: bytes)
        try handle.close()
    }

    private func fill(_ path: String, after start: String, with text: String, toBytes bytes: Int) throws {
        try Data(start.utf8).write(to: URL(fileURLWithPath: path))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        let block = Data(String(repeating: text, count: (1 << 20) / text.utf8.count).utf8)
        for _ in 0...(bytes / block.count) { try handle.write(contentsOf: block) }
        try handle.close()
    }
}

import BundleFiles
import Testing

/// A bundle with one thing changed, and what is to be said of it.
struct BrokenBundle: Sendable, CustomTestStringConvertible {
    let file: String
    let old: String
    let new: String
    let says: String

    init(_ file: String, _ old: String, _ new: String, _ says: String) {
        (self.file, self.old, self.new, self.says) = (file, old, new, says)
    }

    var testDescription: String { says }
}

@Suite("Faults of a bundle")
struct FaultTests {
    @Test("a bundle in order has none")
    func sound() throws {
        #expect(try BundleFolder().faults() == [])
    }

    @Test("one thing wrong is one fault, with its line and what would be right", arguments: BrokenBundle.all)
    func single(_ broken: BrokenBundle) throws {
        let folder = try BundleFolder()
        try folder.replace(broken.old, with: broken.new, in: broken.file)
        #expect(folder.faults() == [broken.says])
    }

    @Test("all faults of all files come at once, by file and line")
    func together() throws {
        let folder = try BundleFolder()
        try folder.replace("starts_on: 2027-03-08", with: "starts_on: 2027-03-09", in: "consortium.yaml")
        try folder.replace("acad01-01,acad01,", with: "acad01-01,acad02,", in: "operators.csv")
        try folder.replace("4.5,2,1", with: "-4.5,2,0", in: "operators.csv")
        try folder.replace("13:00,17:00", with: "11:30,17:00", in: "hours.csv")
        try folder.replace("pub01,2027-03-10", with: "pub01,2027-02-30", in: "closures.csv")
        try folder.remove("absences.csv")
        #expect(
            folder.faults() == [
                "consortium.yaml:4: starts_on: 2027-03-09 is not a Monday, expected 2027-03-08 or 2027-03-15",
                "operators.csv:2: library_id: there is no library “acad02” in libraries.csv, "
                    + "expected the id of one that is",
                "operators.csv:3: max_hours_per_week: “-4.5” is negative, expected a number from 0 to 168, "
                    + "with at most three decimals",
                "operators.csv:3: chat_capacity: “0” is out of range, expected a whole number from 1 to 100",
                "hours.csv:3: opens: the hours overlap those of line 2, 09:00 to 12:00, "
                    + "expected hours of one queue and weekday that do not overlap",
                "absences.csv:1: the file is missing, "
                    + "expected it in the bundle's folder, with its header line even where it has no rows",
                "closures.csv:3: date: “2027-02-30” is not a date of the calendar, expected one like 2026-10-26",
            ])
    }

    @Test("a folder that is not there is one fault")
    func noFolder() throws {
        let folder = try BundleFolder()
        let missing = folder.file("nowhere")
        #expect(throws: BundleFaults.self) { try BundleReader(folder: missing).read() }
        do {
            _ = try BundleReader(folder: missing).read()
        } catch {
            #expect(
                error.description
                    == "\(missing):1: there is no such folder, expected the folder that holds consortium.yaml")
        }
    }

    @Test("an id whose own row is broken is not unknown to the files that refer to it")
    func noFaultsFollow() throws {
        let folder = try BundleFolder()
        try folder.replace("acad01,Harbour College", with: "acad01,Harbour, College", in: "libraries.csv")
        #expect(
            folder.faults() == [
                "libraries.csv:2: the line has 9 values, expected 8 as in the first line, "
                    + "with quotes around a value that holds a comma"
            ])
        try folder.remove("libraries.csv")
        #expect(folder.faults().map { $0.prefix(14) } == ["libraries.csv:"])
    }

    @Test("a file that is wrong throughout lists its first faults and counts the others")
    func counts() throws {
        let folder = try BundleFolder()
        let rows = (0..<250).map { "ask,\($0),09:00,10:00\n" }.joined()
        try folder.write("queue_id,weekday,opens,closes\n" + rows, to: "hours.csv")
        do {
            _ = try BundleReader(folder: folder.path).read()
            Issue.record("the bundle was taken")
        } catch {
            #expect(error.faults.count == 100)
            #expect(error.count == 243)
            #expect(error.description.hasSuffix("\nhours.csv: and 143 more"))
        }
    }
}

import BundleFiles
import Coverage
import Foundation
import Testing

@Suite("Past sessions in a bundle")
struct HistoryTests {
    private let folder: BundleFolder
    private let head = "queue_id,started_at,handle_seconds,library_id\n"

    init() throws {
        folder = try BundleFolder()
    }

    @Test("they are counted and spanned when checked, and handed over in batches in the file's order")
    func batches() async throws {
        let rows = (0..<10).map { "ask,2026-03-0\(9 - $0 % 9)T10:00:0\($0 % 3)-05:00,\($0),pub01\n" }
        try folder.write(head + rows.joined(), to: "history.csv")
        let history = try #require(try BundleReader(folder: folder.path).readWithHistory().history)
        #expect(history.count == 10)
        let zone = try TimeZoneRules(identifier: "America/New_York")
        #expect(history.span.lowerBound.text(in: zone) == "2026-03-01T10:00:02-05:00")
        #expect(history.span.upperBound.text(in: zone) == "2026-03-09T11:00:01-04:00")
        var batches: [[PastSession]] = []
        try await history.send(inBatchesOf: 4) { batches.append($0) }
        #expect(batches.map(\.count) == [4, 4, 2])
        #expect(batches.joined().map(\.handleSeconds) == Array(0..<10))
    }

    @Test(
        "a bundle without sessions has no history", arguments: [nil, "queue_id,started_at,handle_seconds,library_id\n"])
    func none(text: String?) throws {
        if let text { try folder.write(text, to: "history.csv") }
        #expect(try BundleReader(folder: folder.path).readWithHistory().history == nil)
    }

    @Test(
        "a file that changes after it was checked is refused",
        arguments: [
            "ask,2026-03-01T10:00:00-05:00,61,pub01\n", "ask,2026-03-01T10:00:00-05:00,60,nowhere\n", "",
            "ask,2026-03-01T10:00:00-05:00,60,pub01\nask,2026-03-01T10:00:00-05:00,60,pub01\n",
        ])
    func changed(rows: String) async throws {
        try folder.write(head + "ask,2026-03-01T10:00:00-05:00,60,pub01\n", to: "history.csv")
        let history = try #require(try BundleReader(folder: folder.path).readWithHistory().history)
        try folder.write(head + rows, to: "history.csv")
        await #expect(throws: HistoryFile.Changed.self) { try await history.send { _ in } }
    }

    @Test("a session is when its offset says, even where clocks skipped the hour")
    func skippedHour() throws {
        try folder.write(head + "ask,2026-03-08T02:30:00-05:00,60,pub01\n", to: "history.csv")
        #expect(folder.faults() == [])
    }

    @Test(
        "its faults come with those of the other files",
        arguments: [
            (
                "aks,2026-03-01T10:00:00-05:00,60,pub01",
                "history.csv:2: queue_id: there is no queue “aks” in queues.csv, expected the id of one that is"
            ),
            (
                "ask,2026-03-01T10:00:00,60,pub01",
                "history.csv:2: started_at: “2026-03-01T10:00:00” has no offset from UTC, "
                    + "expected one like 2026-10-26T09:00:00-04:00"
            ),
            (
                "ask,2026-03-01T10:00:00-05:00,-1,pub01",
                "history.csv:2: handle_seconds: “-1” is negative, expected a whole number from 0 to 31536000"
            ),
            (
                "ask,2026-03-01T10:00:00-05:00,1,pub02",
                "history.csv:2: library_id: there is no library “pub02” in libraries.csv, "
                    + "expected the id of one that is"
            ),
        ])
    func faults(row: String, says: String) throws {
        try folder.write(head + row + "\n", to: "history.csv")
        #expect(folder.faults() == [says])
    }

    @Test("it is written as it came, and read again as the same")
    func written() async throws {
        var sessions = (0..<5000).map { index in
            PastSession(
                queue: index.isMultiple(of: 3) ? "email" : "ask",
                startedAt: Instant(secondsSince1970: 1_760_000_000 + Int64(index / 2) * 1000),
                handleSeconds: index, library: "pub01")
        }
        sessions.sort(by: PastSession.precedes)
        let bundle = try BundleReader(folder: folder.path).read()
        try await BundleWriter(folder: folder.path).write(bundle) { write in
            try await write(Array(sessions.prefix(3000)))
            try await write(Array(sessions.dropFirst(3000)))
        }
        let bytes = try folder.bytes(of: "history.csv")
        let history = try #require(try BundleReader(folder: folder.path).readWithHistory().history)
        var read: [PastSession] = []
        try await history.send { read += $0 }
        #expect(read == sessions)
        let copy = folder.file("copy")
        try await BundleWriter(folder: copy).write(bundle) { try await history.send(to: $0) }
        #expect(try folder.bytes(of: "copy/history.csv") == bytes)
    }

    @Test("sessions out of order are not written")
    func disorder() async throws {
        let bundle = try BundleReader(folder: folder.path).read()
        let early = PastSession(
            queue: "ask", startedAt: Instant(secondsSince1970: 1_760_000_000), handleSeconds: 1, library: "pub01")
        var late = early
        late.startedAt = early.startedAt.advanced(bySeconds: 1)
        let refusal = BundleWritingRefusal.historyOutOfOrder(session: "ask,2025-10-09T04:53:20-04:00,1,pub01")
        await #expect(throws: refusal) {
            try await BundleWriter(folder: folder.path).write(bundle) { try await $0([late, early]) }
        }
    }
}

import Coverage
import PostgresClient
import Scheduling
import StorageTestSupport
import Testing

@Suite("Reading the schedule")
struct ScheduleReadingTests {
    private let shifts = [
        Shift.valid("ask", "acad01-01", date: "2026-10-26", hour: 10),
        Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 12),
        Shift.valid("academic", "acad01-01", date: "2026-10-27", hour: 10),
    ]

    @Test(
        "a library, an operator and a queue each see their own",
        arguments: [
            (ScheduleReading.Filter(), [0, 1, 2]), (.init(library: "acad01"), [0, 2]),
            (.init(operator: "pub01-01"), [1]), (.init(queue: "ask"), [0, 1]),
            (.init(library: "acad01", queue: "academic"), [2]),
        ])
    func filters(filter: ScheduleReading.Filter, indices: [Int]) async throws {
        try await withPublished { pool in
            let schedule = try await reading.read(.whole, filter: filter, in: pool)
            #expect(schedule.shifts == indices.map { shifts[$0] })
        }
    }

    @Test("days without a published plan are empty, not an error")
    func readsBeyond() async throws {
        try await withPublished { pool in
            let schedule = try await reading.read(
                .week(of: try #require(CivilDate("2030-01-01"))), filter: .init(), in: pool)
            #expect(schedule.shifts.isEmpty)
            #expect(schedule.plans.isEmpty)
        }
    }

    @Test(
        "an unknown id is named, with those that are like it",
        arguments: [
            (ScheduleReading.Filter(library: "pub99"), "pub01"), (.init(operator: "pub01-99"), "pub01-01"),
            (.init(queue: "askk"), "ask"),
        ])
    func refusesUnknown(filter: ScheduleReading.Filter, suggestion: String) async throws {
        try await withPublished { pool in
            let refusal = await #expect(throws: SchedulingRefusal.self) {
                try await reading.read(.whole, filter: filter, in: pool)
            }
            #expect(refusal?.description.contains(suggestion) == true)
        }
    }

    private let reading = ScheduleReading(consortium: "two")

    private func withPublished(_ body: (PostgresPool) async throws -> Void) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.publishing(try await pool.drafting(shifts))
            try await body(pool)
        }
    }
}

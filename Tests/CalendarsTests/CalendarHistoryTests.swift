import Calendars
import Coverage
import Testing

@Suite("What a calendar tells of plans that take each other's place")
struct CalendarHistoryTests {
    @Test("a shift that goes on unchanged is the same, and not revised")
    func unchanged() throws {
        var desk = PublishedDesk()
        desk.publish([.hours(10, 12), .hours(14, 16)])
        let before = desk.events
        desk.publish([.hours(10, 12), .hours(14, 16)])
        #expect(desk.events.map(\.shift.shift) == before.map(\.shift.shift))
        #expect(desk.events.map(\.sequence) == before.map(\.sequence))
        #expect(desk.events.map(\.changedAt) == before.map(\.changedAt))
    }

    @Test("a shift that ends later is the same, revised")
    func longer() throws {
        var desk = PublishedDesk()
        desk.publish([.hours(10, 12)])
        let before = try #require(desk.events.first)
        desk.publish([.hours(10, 13)])
        let after = try #require(desk.events.first)
        #expect(desk.events.count == 1)
        #expect(after.uid(in: "two") == before.uid(in: "two"))
        #expect(after.sequence > before.sequence)
        #expect(after.shift.shift.during == .hours(10, 13))
    }

    @Test("a shift that is gone is cancelled, and comes back as the same")
    func comesBack() throws {
        var desk = PublishedDesk()
        desk.publish([.hours(10, 12)])
        desk.publish([])
        let gone = try #require(desk.events.first)
        #expect(gone.isCancelled)
        desk.publish([.hours(10, 12)])
        let back = try #require(desk.events.first)
        #expect(!back.isCancelled)
        #expect(back.uid(in: "two") == gone.uid(in: "two"))
        #expect(back.sequence > gone.sequence)
    }

    @Test("a shift that is moved in a published plan is cancelled where it was and comes where it is")
    func moved() throws {
        let publication = { (edit: Int, hour: Int) in
            Publication(
                plan: 1, edit: edit, period: .hours(0, 24), publishedAt: .hour(hour), supersededAt: nil)
        }
        let shifts = [
            PublishedShift.made(.hours(10, 12), plan: 1, edits: 0..<3),
            .made(.hours(14, 16), plan: 1, edits: 3..<7), .made(.hours(10, 12), plan: 1, edits: 7..<Int.max),
        ]
        let before = CalendarHistory([publication(0, -9)]).events(of: Array(shifts.prefix(1)))
        let moved = CalendarHistory([publication(0, -9), publication(3, -8)]).events(of: Array(shifts.prefix(2)))
        #expect(moved.map(\.isCancelled) == [true, false])
        #expect(moved[0].sequence > before[0].sequence)
        #expect(moved[0].changedAt == .hour(-8))
        let back = CalendarHistory([publication(0, -9), publication(3, -8), publication(7, -7)]).events(of: shifts)
        #expect(back.map(\.isCancelled) == [false, true])
        #expect(back[0].sequence > moved[0].sequence)
    }

    @Test("after any publications each shift is there once, and no sequence number ever went back", arguments: 0..<40)
    func manyHistories(seed: UInt64) {
        var random = SmallRandom(state: seed)
        var desk = PublishedDesk()
        var last: [String: CalendarEvent] = [:]
        for _ in 0..<12 {
            let published = (0..<6).compactMap { number -> Range<Instant>? in
                random.below(2) == 0 ? .hours(4 * number, 4 * number + 1 + random.below(2)) : nil
            }
            let first = 4 * random.below(5)
            let period = random.below(2) == 0 ? Range<Instant>.hours(0, 24) : .hours(first, first + 4)
            desk.publish(published.filter { period.contains($0.lowerBound) }, for: period)
            let events = desk.events
            let uids = events.map { $0.uid(in: "two") }
            #expect(Set(uids).count == uids.count)
            #expect(events.filter { !$0.isCancelled }.map(\.shift.shift.during) == desk.onNow, "seed \(seed)")
            for (uid, event) in zip(uids, events) {
                if let before = last[uid] {
                    let isSame =
                        before.isCancelled == event.isCancelled
                        && before.shift.shift.during == event.shift.shift.during
                    let isRevised = event.sequence > before.sequence
                    #expect(isSame ? event.sequence == before.sequence : isRevised, "seed \(seed)")
                }
                last[uid] = event
            }
            #expect(last.keys.allSatisfy(uids.contains), "seed \(seed)")
        }
    }
}

/// Plans of one operator, published one after the other as the service does it.
private struct PublishedDesk {
    private(set) var publications: [Publication] = []
    private(set) var shifts: [PublishedShift] = []
    private var now: Int64 = 0

    var events: [CalendarEvent] { CalendarHistory(publications).events(of: shifts) }

    /// What is published now.
    var onNow: [Range<Instant>] {
        let plans = Set(publications.filter { $0.supersededAt == nil }.map(\.plan))
        return shifts.filter { plans.contains($0.plan) }.map(\.shift.during).sorted { $0.lowerBound < $1.lowerBound }
    }

    mutating func publish(_ during: [Range<Instant>], for period: Range<Instant> = .hours(0, 24)) {
        now += 60
        let at = Instant.hour(-100).advanced(byMinutes: Int(now))
        for (index, old) in publications.enumerated() where old.supersededAt == nil && old.period.overlaps(period) {
            publications[index] = Publication(
                plan: old.plan, period: old.period, publishedAt: old.publishedAt, supersededAt: at)
            let rests = [
                old.period.lowerBound..<max(old.period.lowerBound, period.lowerBound),
                min(old.period.upperBound, period.upperBound)..<old.period.upperBound,
            ]
            for rest in rests where !rest.isEmpty {
                let kept = shifts.filter { $0.plan == old.plan && rest.contains($0.shift.during.lowerBound) }
                add(kept.map(\.shift.during), for: rest, at: at)
            }
        }
        add(during, for: period, at: at)
    }

    private mutating func add(_ during: [Range<Instant>], for period: Range<Instant>, at: Instant) {
        let plan = publications.count + 1
        publications.append(Publication(plan: plan, period: period, publishedAt: at, supersededAt: nil))
        shifts += during.map { .made($0, plan: plan) }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
private struct SmallRandom {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(limit))
    }
}

import ArgumentParser
import Coverage
import Foundation
import Replication

/// The options of what a library does offline.
struct CacheOptions: ParsableArguments {
    @Option(help: "The file that `coverdesk sync` keeps.", completion: .file())
    var cache: String

    @Option(help: "Why, for those who decide: 500 characters at most.")
    var reason = ""

    /// Keeps an intent, and tells that it waits.
    func add(_ context: CommandContext, _ make: (CacheView) throws -> Intent) throws {
        let (intent, number) = try Outbox(path: cache).add(id: UUID(), now: context.now, make)
        if context.printsJSON {
            context.terminal.say(try JSONText.encode(Added(number: number, kind: intent.kind.word)))
        } else {
            context.terminal.say(
                "\(intent.kind.word) \(number) is pending: it is sent when the service is heard; see `coverdesk intents`"
            )
        }
    }

    private struct Added: Encodable {
        let number: Int
        let kind: String
        let state = "pending"
    }
}

extension CacheView {
    /// The shift that a person names as `3/17`: number 17 of plan 3.
    func shift(_ text: String, _ option: String) throws -> CachedShift {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let plan = Int(parts[0]), let number = Int(parts[1]) else {
            throw CommandFailure.badInput(
                "\(option): “\(text)” names no shift: write plan and number, like 3/17, as `coverdesk schedule --cache` does"
            )
        }
        return try shift(plan: plan, number: number)
    }

    /// A moment by the clock of the library's wall, or with its offset; a day alone is its midnight.
    ///
    /// - Parameters:
    ///   - text: What a person wrote.
    ///   - option: Where, for complaints.
    ///   - isEnd: Whether a day alone means the midnight that ends it.
    /// - Returns: The moment; the first of two, where the clocks go through it twice.
    /// - Throws: ``CommandFailure``
    func moment(_ text: String, _ option: String, isEnd: Bool = false) throws -> Instant {
        if let date = CivilDate(text) {
            return libraryZone.firstInstant(ofDate: isEnd ? date.advanced(byDays: 1) : date)
        }
        if let written = OffsetTime(text) {
            if let instant = written.instant { return instant }
            if let first = libraryZone.instants(showing: written.moment).first { return first }
            throw CommandFailure.badInput(
                "\(option): the clocks of \(libraryZone.identifier) skip \(text): write another time")
        }
        throw CommandFailure.badInput(
            "\(option): “\(text)” is no day or time: write 2026-11-02 or 2026-11-02T09:00, by the library's clock")
    }
}

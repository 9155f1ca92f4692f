import Coverage
import Routing
import Synchronization

/// The consortium's events, encoded: offers with the policy page of the patron's library.
package final class DeskEventSource: EventSource {
    private let desk: any SessionDesk
    private let pages: PolicyBook
    /// The library of sessions that came lately, which an offer's event does not name.
    private let libraries = Mutex(RecentLibraries())

    init(desk: any SessionDesk, pages: PolicyBook) {
        self.desk = desk
        self.pages = pages
    }

    package var isReady: Bool { desk.hasBeenRead }

    package func newest() async throws -> Int64 {
        try await desk.newestEvent()
    }

    package func newestStored() async throws -> Int64 {
        try await desk.newestStoredEvent()
    }

    package var newestKnown: Int64 { desk.newestKnownEvent }

    package func encoded(after number: Int64, limit: Int) async throws -> [EncodedEvent] {
        var encoded: [EncodedEvent] = []
        for event in try await desk.events(after: number, limit: limit) {
            encoded.append(
                EncodedEvent(
                    number: event.number, type: EventJSON.type(event.kind),
                    json: EventJSON.event(event, page: try await page(for: event))))
        }
        return encoded
    }

    private func page(for event: DeskEvent) async throws -> JSONValue? {
        guard let session = event.session else { return nil }
        switch event.kind {
        case .created(let origin):
            libraries.withLock { $0.note(origin.library, of: session) }
            return nil
        case .offered:
            if let known = libraries.withLock({ $0.library(of: session) }) { return try await pages.json(of: known) }
            let library = try await desk.decision(on: session).origin.library
            libraries.withLock { $0.note(library, of: session) }
            return try await pages.json(of: library)
        default:
            return nil
        }
    }
}

/// The libraries of the sessions noted last, some tens of thousands.
private struct RecentLibraries {
    private static let capacity = 20_000
    private var newer: [Session.Number: Library.ID?] = [:]
    private var older: [Session.Number: Library.ID?] = [:]

    mutating func note(_ library: Library.ID?, of session: Session.Number) {
        newer[session] = .some(library)
        // Half is forgotten at once, which needs no order among them.
        if newer.count > Self.capacity {
            older = newer
            newer = [:]
        }
    }

    /// The library; nil within if the session has none, nil if the session is not known.
    func library(of session: Session.Number) -> Library.ID?? {
        newer[session] ?? older[session]
    }
}

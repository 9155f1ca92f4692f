import HTTPTypes
package import Hummingbird
package import Logging

/// The stream of events.
package struct EventRoutes: Sendable {
    private let feed: EventFeed
    private let source: any EventSource

    package init(feed: EventFeed, source: any EventSource) {
        self.feed = feed
        self.source = source
    }

    var routes: [Route] {
        [
            Route(
                .get, "/v1/events", "streamEvents", tag: "Events", scope: .eventsRead,
                summary: "What happens, as it happens",
                description: """
                    Server-sent events: `id` is the event's number, `event` its type, `data` its JSON (see Event). A \
                    client that comes back sends the last number that it has as `Last-Event-ID` and misses nothing. \
                    Without it the stream begins with what happens from now on. A comment comes every 15 s. A client \
                    that reads too slowly is cut off; it comes back in the same way.
                    """,
                parameters: [
                    .header(
                        "Last-Event-ID", is: .integer(0...Int64.max),
                        "The number of the last event that the client has."),
                    .query("after", .integer(0...Int64.max), "The same, for clients that cannot send the header."),
                    .query("types", .text(1...1000), "Only these types, with commas between."),
                ],
                outcomes: [
                    Route.Outcome(
                        status: .ok, summary: "The stream, which goes on.",
                        content: .text(mediaType: "text/event-stream"), headers: [])
                ], handle: stream)
        ]
    }

    private func stream(_ exchange: Exchange) async throws -> Answer {
        var place = exchange.query["after"]?.integer
        if let header = exchange.headers[.lastEventID], !header.isEmpty {
            guard let number = Int64(header), number >= 0 else {
                throw Problem.invalidRequest(
                    "the header Last-Event-ID is no event's number",
                    faults: [FieldFault(field: "Last-Event-ID", problem: "must be a whole number, 0 or more")])
            }
            place = number
        }
        let types = try Self.types(exchange.query["types"]?.text)
        guard feed.hasBegun else { throw Problem.unavailable("the process has just begun: events are being read") }
        return Answer(
            status: .ok, headers: [.cacheControl: "no-store"],
            content: .stream(
                mediaType: "text/event-stream", body(after: place, types: types, logger: exchange.logger)))
    }

    /// What is sent behind the head of an answer.
    ///
    /// - Parameters:
    ///   - place: The number of the last event that the client has; it may be ahead of this process, where the client
    ///     was another one's before. Nil is where the feed is now, and not when the body is written: what happens once
    ///     the client has the head is in the stream.
    ///   - types: Only events of these types; nil is all.
    ///   - logger: The request's.
    /// - Returns: The stream, which goes on until the client or the process ends.
    package func body(after place: Int64?, types: Set<String>?, logger: Logger) -> ResponseBody {
        EventStream(feed: feed, source: source, place: place ?? feed.newest, types: types, logger: logger).body
    }

    private static func types(_ text: String?) throws(Problem) -> Set<String>? {
        guard let text else { return nil }
        let types = text.split(separator: ",").map(String.init)
        if let unknown = types.first(where: { !EventJSON.types.contains($0) }) {
            let known = EventJSON.types.joined(separator: ", ")
            let problem = "there is no type “\(unknown.shortened)”; there are \(known)"
            throw Problem.invalidRequest(
                "the parameter types names what there is not", faults: [FieldFault(field: "types", problem: problem)])
        }
        return Set(types)
    }
}

import HTTPTypes

/// The stream of events.
struct EventRoutes: Sendable {
    let feed: EventFeed
    let source: any EventSource

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
        // The place may be ahead of this process, where the client was another one's before. Without one it is where
        // the feed is now, and not when the body is written: what happens once the client has the head is in the stream.
        let stream = EventStream(
            feed: feed, source: source, place: place ?? feed.last, types: types, logger: exchange.logger)
        return Answer(
            status: .ok, headers: [.cacheControl: "no-store"],
            content: .stream(mediaType: "text/event-stream", stream.body))
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

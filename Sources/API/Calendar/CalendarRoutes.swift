import Calendars
import Coverage
import Crypto
import HTTPTypes
import NIOCore
import PostgresClient
import Storage

/// The published schedule of an operator, a library or a queue, for programs that read calendars.
struct CalendarRoutes: Sendable {
    let pool: PostgresPool
    let consortium: Consortium.ID
    let now: @Sendable () -> Instant

    /// How long shifts stay in a calendar after they are over.
    private static let pastDays: Int64 = 31

    var routes: [Route] {
        [
            Route(
                .get, "/calendar/{calendar}", "readCalendar", tag: "Calendars", scope: nil,
                summary: "The published schedule of an operator, a library or a queue",
                description: """
                    iCalendar (RFC 5545), for programs that follow a calendar by its address. The address is a secret: \
                    whoever knows it reads the calendar. A shift keeps its UID as long as the operator, the queue and \
                    the start stay; one that is no longer in the schedule is cancelled.
                    """,
                parameters: [
                    .path("calendar", is: .text(1...100), "The secret, and `.ics`."),
                    .header("If-None-Match", "The ETag that the client has."),
                ],
                outcomes: [
                    .file(.ok, mediaType: "text/calendar", "The calendar.", headers: ["ETag"]),
                    .empty(.notModified, "The client has it.", headers: ["ETag"]),
                    .problem(.notFound, "There is no such calendar, or its address was revoked."),
                ], handle: read)
        ]
    }

    private func read(_ exchange: Exchange) async throws -> Answer {
        guard let secret = CalendarSecret.secret(inFile: try exchange.path("calendar")),
            let calendar = try await calendar(secret)
        else { throw Problem.notFound("there is no such calendar: ask for a new address") }
        let tag = "\"\(TokenText.hex(Array(SHA256.hash(data: calendar).prefix(16))))\""
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "private, no-cache"]
        guard !EntityTags.matches(exchange.headers[.ifNoneMatch], tag) else {
            return Answer(status: .notModified, headers: headers)
        }
        return Answer(
            status: .ok, headers: headers,
            content: .file(mediaType: "text/calendar; charset=utf-8", ByteBuffer(bytes: calendar)))
    }

    private func calendar(_ secret: Substring) async throws -> [UInt8]? {
        let repository = CalendarRepository(consortium: consortium)
        // To the day, so that a calendar in which nothing changes stays the same.
        let today = now().secondsSince1970.flooredQuotient(by: 86_400)
        let start = Instant(secondsSince1970: (today - Self.pastDays) * 86_400)
        let found = try await pool.withTransaction(isolation: .repeatableRead) { transaction in
            guard let feed = try await repository.feed(hash: CalendarSecret.hash(secret), in: transaction) else {
                return nil as (CalendarRepository.Feed, [Publication], [PublishedShift])?
            }
            return (
                feed, try await repository.publications(in: transaction),
                try await repository.shifts(of: feed.subject, after: start, in: transaction)
            )
        }
        guard let (feed, publications, shifts) = found else { return nil }
        let text = CalendarText(consortium, feed.subject, name: feed.name)
        return text.bytes(CalendarHistory(publications).events(of: shifts))
    }
}

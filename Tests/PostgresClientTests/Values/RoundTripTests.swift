import Foundation
import PostgresClient
import TestSupport
import Testing

/// Every value goes to the server and comes back three times: in binary, as text, and by COPY in and out.
@Suite("Values that go to the server come back as they were")
struct RoundTripTests {
    /// Sends values and compares what comes back.
    private func expectRoundTrip<Value: PostgresEncodable & PostgresDecodable & Equatable>(
        _ type: String, _ make: (inout RandomValues) -> Value
    ) async throws {
        var random = RandomValues(seed: 20_260_704)
        let values = random.many(make)
        try await withConnection { connection in
            let binary = try await connection.queryPipelined(values.map { "SELECT \($0)" })
            #expect(try binary.flatMap { try $0.decode(Value.self) } == values)
            // A column of a type that is not read in binary makes all columns come as text.
            let text = try await connection.queryPipelined(values.map { "SELECT \($0) AS value, '1 day'::interval" })
            #expect(try text.map { try $0[0].decode(column: "value", as: Value.self) } == values)
            try await connection.execute("CREATE TABLE copied (id bigint, value \(unescaped: type))")
            try await connection.copyIn("COPY copied FROM STDIN") { writer in
                for (index, value) in values.enumerated() { try await writer.writeRow(index, value) }
            }
            let copied = try await connection.copyOut("COPY (SELECT value FROM copied ORDER BY id) TO STDOUT") { rows in
                var copied: [Value] = []
                for try await row in rows { copied.append(try row.decode(Value.self)) }
                return copied
            }
            #expect(copied == values)
        }
    }

    @Test("whole numbers")
    func integers() async throws {
        try await expectRoundTrip("bigint") { $0.integer(Int64.self) }
        try await expectRoundTrip("bigint") { $0.integer(Int.self) }
        try await expectRoundTrip("integer") { $0.integer(Int32.self) }
        try await expectRoundTrip("smallint") { $0.integer(Int16.self) }
    }

    @Test("floating point numbers, also infinite ones")
    func floatingPoint() async throws {
        try await expectRoundTrip("double precision") { $0.double() }
        try await expectRoundTrip("real") { Float($0.double()) }
    }

    @Test("decimal numbers of any length")
    func numeric() async throws {
        try await expectRoundTrip("numeric") { $0.numeric() }
    }

    @Test("truth values")
    func bool() async throws {
        try await expectRoundTrip("boolean") { Bool.random(using: &$0.generator) }
    }

    @Test("texts with quotes, line ends, emoji and control characters")
    func text() async throws {
        try await expectRoundTrip("text") { Exactly($0.text()) }
    }

    @Test("bytes and UUIDs")
    func bytes() async throws {
        try await expectRoundTrip("bytea") { $0.bytes() }
        try await expectRoundTrip("uuid") { $0.uuid() }
    }

    @Test("days from the server's first to its last")
    func dates() async throws {
        try await expectRoundTrip("date") { $0.date() }
    }

    @Test("moments from the server's first on")
    func moments() async throws {
        try await expectRoundTrip("timestamptz") { random in
            // The server's own last one is a little before this side's.
            min(random.moment(), PostgresTimestamp(microsecondsSince1970: 9_223_371_331_200_000_000 - 1))
        }
    }

    @Test("NULL")
    func nulls() async throws {
        try await expectRoundTrip("bigint") { $0.optional { $0.integer(Int.self) } }
        try await expectRoundTrip("text") { $0.optional { Exactly($0.text()) } }
    }

    @Test("arrays, empty ones and those with NULL in them")
    func arrays() async throws {
        try await expectRoundTrip("bigint[]") { $0.array { $0.integer(Int.self) } }
        try await expectRoundTrip("text[]") { $0.array { $0.optional { Exactly($0.text()) } } }
        try await expectRoundTrip("timestamptz[]") {
            $0.array {
                $0.optional { random in
                    min(random.moment(), PostgresTimestamp(microsecondsSince1970: 9_223_371_331_200_000_000 - 1))
                }
            }
        }
        try await expectRoundTrip("numeric[]") { $0.array { $0.optional { $0.numeric() } } }
        try await expectRoundTrip("bytea[]") { $0.optional { $0.array { $0.bytes() } } }
        try await expectRoundTrip("boolean[]") { $0.array { Bool.random(using: &$0.generator) } }
    }

    @Test("values of a type of one's own travel as its raw value")
    func rawRepresentable() async throws {
        try await expectRoundTrip("text") { Channel.allCases.randomElement(using: &$0.generator) ?? .chat }
    }
}

private enum Channel: String, CaseIterable, PostgresEncodable, PostgresDecodable {
    case chat, email
}

/// A text of which every scalar counts: Swift takes canonically equal texts for the same.
private struct Exactly: RawRepresentable, Equatable, PostgresEncodable, PostgresDecodable {
    let rawValue: String

    init(rawValue: String) { self.rawValue = rawValue }
    init(_ text: String) { rawValue = text }

    static func == (left: Exactly, right: Exactly) -> Bool {
        left.rawValue.unicodeScalars.elementsEqual(right.rawValue.unicodeScalars)
    }
}

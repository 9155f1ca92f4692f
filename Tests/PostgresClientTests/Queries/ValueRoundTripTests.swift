import Foundation
import PostgresClient
import TestSupport
import Testing

@Suite("Values there and back")
struct ValueRoundTripTests {
    private static let seeds: [UInt64] = Array(1...8)

    @Test("are the same in binary", arguments: seeds)
    func binary(seed: UInt64) async throws {
        let sent = samples(seed: seed)
        try await withConnection { connection in
            for sample in sent {
                let rows = try await connection.query(sample.query)
                #expect(try rows.map { try Sample($0) } == [sample])
            }
        }
    }

    @Test("are the same in text", arguments: seeds)
    func text(seed: UInt64) async throws {
        let sent = samples(seed: seed)
        try await withConnection { connection in
            for sample in sent {
                let rows = try await connection.query(sample.queryWithInterval)
                #expect(try rows.map { try Sample(beforeInterval: $0) } == [sample])
            }
        }
    }

    @Test("are the same through COPY in and out", arguments: [nil, "binary"])
    func copy(format: String?) async throws {
        let sent = samples(seed: 99).filter { format == nil || $0.number == nil }
        try await withConnection { connection in
            try await connection.executeScript(
                """
                CREATE TABLE sample (place serial, flag bool, small int2, middle int4, large int8, real float8,
                    float float4, words text, blob bytea, moment timestamptz, day date, number numeric, id uuid,
                    list text[])
                """)
            let columns = "(flag, small, middle, large, real, float, words, blob, moment, day, number, id, list)"
            let options = format.map { " (FORMAT \($0))" } ?? ""
            let count = try await connection.copyIn("COPY sample \(columns) FROM STDIN\(options)") { writer in
                for sample in sent {
                    if format == nil {
                        try await sample.write(to: writer, number: sample.number)
                    } else {
                        try await sample.write(to: writer, number: nil as String?)
                    }
                }
            }
            #expect(count == sent.count)
            let query: PostgresQuery = "SELECT \(unescaped: Sample.columns) FROM sample ORDER BY place"
            let queried = try await connection.query(query).map { try Sample($0) }
            #expect(queried == sent)
            guard format == nil else { return }
            let copied = try await connection.copyOut("COPY (\(query.sql)) TO STDOUT") { rows in
                try await rows.reduce(into: [Sample]()) { try $0.append(Sample($1)) }
            }
            #expect(copied == sent)
        }
    }

    private func samples(seed: UInt64) -> [Sample] {
        var random = SplitMix64(seed: seed)
        return Sample.extremes + (0..<20).map { _ in Sample(using: &random) }
    }
}

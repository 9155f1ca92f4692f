import Foundation
import PostgresClient

/// One value of every type that is sent and read.
struct Sample: Equatable, Sendable {
    var flag: Bool?
    var small: Int16?
    var middle: Int32?
    var large: Int?
    var real: Double?
    var float: Float?
    var words: String?
    var blob: PostgresBytes?
    var moment: PostgresTimestamp?
    var day: PostgresDate?
    var number: PostgresNumeric?
    var id: UUID?
    var list: [String?]?

    static let columns =
        "flag, small, middle, large, real, float, words, blob, moment, day, number, id, list"

    /// Nothing at all, and values at the edges of what their types hold.
    static let extremes: [Sample] = [
        Sample(),
        Sample(
            flag: true, small: .max, middle: .max, large: .max, real: .greatestFiniteMagnitude, float: .infinity,
            words: "tab\t line\n return\r back\\slash \"quotes\" {braces,} NULL \\N é 漢 😀",
            blob: PostgresBytes(0...255),
            moment: PostgresTimestamp(microsecondsSince1970: 253_402_300_799_999_999),
            day: PostgresDate(daysSince1970: 2_932_896),
            number: PostgresNumeric("123456789012345678901234567890.00012"),
            id: UUID(uuidString: "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"),
            list: ["", nil, "NULL", "a,b", "\"", "\\", "{}", " ", "\t\n"]),
        Sample(
            flag: false, small: .min, middle: .min, large: .min, real: -.leastNonzeroMagnitude, float: -0.1,
            words: "", blob: PostgresBytes([]),
            // Before Christ, and a microsecond before 1970.
            moment: PostgresTimestamp(microsecondsSince1970: -63_000_000_000_000_001),
            day: PostgresDate(daysSince1970: -730_000), number: PostgresNumeric("-0.0000001"),
            id: UUID(uuidString: "00000000-0000-0000-0000-000000000000"), list: []),
        Sample(moment: PostgresTimestamp(microsecondsSince1970: -1), number: PostgresNumeric("10000")),
        // The server's first and last moment, and its first and last day.
        Sample(
            moment: PostgresTimestamp(microsecondsSince1970: -210_866_803_200_000_000),
            day: PostgresDate(daysSince1970: -2_440_588)),
        Sample(
            moment: PostgresTimestamp(microsecondsSince1970: .max), day: PostgresDate(daysSince1970: 2_145_042_905)),
        Sample(number: PostgresNumeric("NaN")),
        Sample(number: PostgresNumeric("-Infinity")),
    ]

    init(
        flag: Bool? = nil, small: Int16? = nil, middle: Int32? = nil, large: Int? = nil, real: Double? = nil,
        float: Float? = nil, words: String? = nil, blob: PostgresBytes? = nil, moment: PostgresTimestamp? = nil,
        day: PostgresDate? = nil, number: PostgresNumeric? = nil, id: UUID? = nil, list: [String?]? = nil
    ) {
        self.flag = flag
        self.small = small
        self.middle = middle
        self.large = large
        self.real = real
        self.float = float
        self.words = words
        self.blob = blob
        self.moment = moment
        self.day = day
        self.number = number
        self.id = id
        self.list = list
    }

    init(using random: inout some RandomNumberGenerator) {
        func text() -> String {
            let scalars = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                Character(UnicodeScalar(UInt32.random(in: 1...0xD7FF, using: &random)) ?? "?")
            }
            return String(scalars)
        }
        let digits = (0..<Int.random(in: 1...30, using: &random)).map { _ in
            String(Int.random(in: 0...9, using: &random))
        }.joined()
        let hex = (0..<32).map { _ in String(Int.random(in: 0...15, using: &random), radix: 16) }.joined()
        let groups = [
            hex.prefix(8), hex.dropFirst(8).prefix(4), hex.dropFirst(12).prefix(4),
            hex.dropFirst(16).prefix(4), hex.dropFirst(20),
        ]
        let whole = Int.random(in: -1_000_000...1_000_000, using: &random)
        self.init(
            flag: .random(using: &random), small: .random(in: .min ... .max, using: &random),
            middle: .random(in: .min ... .max, using: &random), large: .random(in: .min ... .max, using: &random),
            real: .random(in: -1e12...1e12, using: &random), float: .random(in: -1e6...1e6, using: &random),
            words: text(), blob: PostgresBytes((0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }),
            moment: PostgresTimestamp(
                microsecondsSince1970: .random(in: -60_000_000_000_000_000...250_000_000_000_000_000, using: &random)),
            day: PostgresDate(daysSince1970: .random(in: -800_000...2_000_000, using: &random)),
            number: PostgresNumeric("\(whole).\(digits)"), id: UUID(uuidString: groups.joined(separator: "-")),
            list: (0..<3).map { _ in text() })
    }

    /// A statement that gives the sample back.
    var query: PostgresQuery {
        """
        SELECT \(flag), \(small), \(middle), \(large), \(real), \(float), \(words), \(blob), \(moment), \(day),
            \(number), \(id), \(list)
        """
    }

    /// The same with an interval at the end, which is not read in binary, so that all columns come as text.
    var queryWithInterval: PostgresQuery {
        """
        SELECT \(flag), \(small), \(middle), \(large), \(real), \(float), \(words), \(blob), \(moment), \(day),
            \(number), \(id), \(list), interval '1 second'
        """
    }

    init(beforeInterval row: PostgresRow) throws {
        (flag, small, middle, large, real, float, words, blob, moment, day, number, id, list, _) = try row.decode(
            (
                Bool?, Int16?, Int32?, Int?, Double?, Float?, String?, PostgresBytes?, PostgresTimestamp?,
                PostgresDate?, PostgresNumeric?, UUID?, [String?]?, String
            ).self)
    }

    init(_ row: PostgresRow) throws {
        (flag, small, middle, large, real, float, words, blob, moment, day, number, id, list) =
            try row.decode(Columns.self)
    }

    init(_ row: PostgresCopyRow) throws {
        (flag, small, middle, large, real, float, words, blob, moment, day, number, id, list) =
            try row.decode(Columns.self)
    }

    func write(to writer: PostgresCopyWriter, number: (some PostgresEncodable)?) async throws {
        try await writer.writeRow(
            flag, small, middle, large, real, float, words, blob, moment, day, number, id, list)
    }

    private typealias Columns = (
        Bool?, Int16?, Int32?, Int?, Double?, Float?, String?, PostgresBytes?, PostgresTimestamp?, PostgresDate?,
        PostgresNumeric?, UUID?, [String?]?
    )
}

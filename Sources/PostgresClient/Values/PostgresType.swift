/// A data type of the server's, by its object id.
package struct PostgresType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let bool = PostgresType(rawValue: 16)
    package static let bytea = PostgresType(rawValue: 17)
    package static let char = PostgresType(rawValue: 18)
    package static let name = PostgresType(rawValue: 19)
    package static let int8 = PostgresType(rawValue: 20)
    package static let int2 = PostgresType(rawValue: 21)
    package static let int4 = PostgresType(rawValue: 23)
    package static let text = PostgresType(rawValue: 25)
    package static let oid = PostgresType(rawValue: 26)
    package static let json = PostgresType(rawValue: 114)
    package static let float4 = PostgresType(rawValue: 700)
    package static let float8 = PostgresType(rawValue: 701)
    package static let unknown = PostgresType(rawValue: 705)
    package static let bpchar = PostgresType(rawValue: 1042)
    package static let varchar = PostgresType(rawValue: 1043)
    package static let date = PostgresType(rawValue: 1082)
    package static let timestamptz = PostgresType(rawValue: 1184)
    package static let numeric = PostgresType(rawValue: 1700)
    package static let void = PostgresType(rawValue: 2278)
    package static let uuid = PostgresType(rawValue: 2950)
    package static let jsonb = PostgresType(rawValue: 3802)
    /// Left to the server to find from the statement.
    package static let unspecified = PostgresType(rawValue: 0)
}

/// How a value travels.
package enum PostgresFormat: Int32, Hashable, Sendable {
    /// As people write it.
    case text = 0
    /// As the server keeps it: numbers in network byte order.
    case binary = 1
}

extension PostgresType {
    /// The type of arrays of this type, where this module knows it.
    package var array: PostgresType? { Self.arrays[self] }

    /// What the elements of this array type are; nil for a type that is no array known here.
    package var element: PostgresType? { Self.elements[self] }

    /// Whether this module reads the type's binary form.
    ///
    /// Results with any other type come as text.
    var isReadInBinary: Bool { Self.readInBinary.contains(self) }

    /// Whether the binary form is the text itself.
    var isTextual: Bool {
        switch self {
        case .text, .varchar, .bpchar, .name, .char, .json, .unknown: true
        default: false
        }
    }

    private static let arrays: [PostgresType: PostgresType] = [
        .bool: .init(rawValue: 1000), .bytea: .init(rawValue: 1001), .char: .init(rawValue: 1002),
        .name: .init(rawValue: 1003), .int2: .init(rawValue: 1005), .int4: .init(rawValue: 1007),
        .text: .init(rawValue: 1009), .bpchar: .init(rawValue: 1014), .varchar: .init(rawValue: 1015),
        .int8: .init(rawValue: 1016), .float4: .init(rawValue: 1021), .float8: .init(rawValue: 1022),
        .oid: .init(rawValue: 1028), .date: .init(rawValue: 1182), .timestamptz: .init(rawValue: 1185),
        .numeric: .init(rawValue: 1231), .uuid: .init(rawValue: 2951), .json: .init(rawValue: 199),
        .jsonb: .init(rawValue: 3807),
    ]

    private static let elements = Dictionary(uniqueKeysWithValues: arrays.map { ($0.value, $0.key) })

    private static let readInBinary = Set(arrays.keys).union(arrays.values).union([.unknown, .void])
}

extension PostgresType: CustomStringConvertible {
    package var description: String {
        if let element { return "\(element)[]" }
        return Self.names[self] ?? "type \(rawValue)"
    }

    private static let names: [PostgresType: String] = [
        .bool: "boolean", .bytea: "bytea", .char: "\"char\"", .name: "name", .int8: "bigint", .int2: "smallint",
        .int4: "integer", .text: "text", .oid: "oid", .json: "json", .float4: "real", .float8: "double precision",
        .unknown: "unknown", .bpchar: "character", .varchar: "character varying", .date: "date",
        .timestamptz: "timestamptz", .numeric: "numeric", .void: "void", .uuid: "uuid", .jsonb: "jsonb",
    ]
}

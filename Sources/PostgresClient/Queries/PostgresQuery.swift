/// A statement with its values.
///
/// Written as a string in which every value becomes a parameter of the statement, `$1`, `$2`, …; so no value can be
/// read as SQL.
///
/// ```swift
/// let query: PostgresQuery = "SELECT name FROM library WHERE library_id = \(id) AND kind = \(kind)"
/// ```
///
/// Each value has its Swift type's type in SQL: an `Int` is a `bigint`, a `String` is a `text`. Where the statement
/// needs another one, cast it there: `\(json)::jsonb`.
package struct PostgresQuery: Sendable {
    /// The statement with its placeholders.
    package private(set) var sql: String
    /// The values' types, in the order of the placeholders.
    package var types: [PostgresType] { values.map(\.type) }
    private(set) var values: [Value] = []
    /// The values' bytes, each followed by a zero, as libpq wants text to be.
    private(set) var bytes = PostgresBuffer()
    /// The first value that could not be encoded.
    ///
    /// An interpolation cannot throw, so running the statement does.
    private(set) var encodingError: PostgresError?

    /// Where a value lies in ``bytes``.
    struct Value: Sendable {
        var type: PostgresType
        var format: PostgresFormat
        var offset: Int
        /// Negative for NULL.
        var length: Int
    }

    /// A statement whose text was put together by other means: whoever calls this answers for its safety.
    package init(unescaped sql: String) {
        self.sql = sql
    }

    private init(sql: String, capacity: Int) {
        self.sql = sql
        values.reserveCapacity(capacity)
        bytes.reserveCapacity(capacity * 16)
    }

    /// Whether the values are of these types, one after the other.
    func hasTypes(_ types: [PostgresType]) -> Bool {
        guard types.count == values.count else { return false }
        return types.indices.allSatisfy { types[$0] == values[$0].type }
    }

    private static let maximumValueSize = 1 << 30

    private mutating func bind(_ value: some PostgresEncodable) {
        let (type, format) = (type(of: value).postgresType, type(of: value).postgresFormat)
        let offset = bytes.bytes.count
        guard !value.isPostgresNull else {
            values.append(Value(type: type, format: .text, offset: offset, length: -1))
            return
        }
        do throws(PostgresError) {
            try value.encode(into: &bytes)
        } catch {
            encodingError = encodingError ?? error
        }
        if bytes.bytes.count - offset > Self.maximumValueSize {
            encodingError =
                encodingError
                ?? PostgresError(
                    code: .encoding, message: "a value is longer than the 1 GiB that PostgreSQL takes")
        }
        values.append(
            Value(
                type: type, format: format, offset: offset, length: bytes.bytes.count - offset))
        bytes.append(byte: 0)
    }
}

extension PostgresQuery: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) {
        self.init(unescaped: value)
    }

    package init(stringInterpolation interpolation: StringInterpolation) {
        self = interpolation.query
    }

    /// Collects a statement's text and values.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var query: PostgresQuery

        package init(literalCapacity: Int, interpolationCount: Int) {
            query = PostgresQuery(sql: "", capacity: interpolationCount)
            query.sql.reserveCapacity(literalCapacity + 3 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            query.sql += literal
        }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some PostgresEncodable) {
            query.bind(value)
            query.sql += "$"
            query.sql += String(query.values.count)
        }

        /// Binds a value, or NULL.
        package mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            query.bind(value)
            query.sql += "$"
            query.sql += String(query.values.count)
        }

        /// Writes the name of a table, a column or anything else that a statement names, quoted.
        package mutating func appendInterpolation(identifier: String) {
            query.sql += PostgresQuery.quoted(identifier)
        }

        /// Writes a text as it is: never one that comes from outside the program.
        package mutating func appendInterpolation(unescaped: String) {
            query.sql += unescaped
        }
    }

    /// A name in quotes; a U+0000, which no name can hold, is left out.
    static func quoted(_ identifier: String) -> String {
        "\"" + identifier.replacing("\"", with: "\"\"").replacing("\0", with: "") + "\""
    }
}

/// A value that can be read from a cell of the server's answer.
///
/// A type whose `RawValue` can be read needs no more than to declare its conformance.
package protocol PostgresDecodable: Sendable {
    /// Reads a cell, in whichever format it came.
    ///
    /// - Throws: ``PostgresError`` with the code `decoding`, best made by ``PostgresCell/mismatch(_:because:)``.
    static func decode(_ cell: PostgresCell) throws(PostgresError) -> Self
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Self {
        guard let value = Self(rawValue: try RawValue.decode(cell)) else {
            throw cell.mismatch(Self.self, because: "its value is none that the type has")
        }
        return value
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Wrapped? {
        cell.isNull ? nil : try Wrapped.decode(cell)
    }
}

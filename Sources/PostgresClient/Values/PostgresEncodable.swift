/// A value that can be sent to the server.
///
/// A type whose `RawValue` can be sent needs no more than to declare its conformance.
package protocol PostgresEncodable: Sendable {
    /// The server's type that the value is declared as; the server checks it against the statement.
    static var postgresType: PostgresType { get }
    /// Which of its forms ``encode(into:)`` writes.
    static var postgresFormat: PostgresFormat { get }
    /// Whether the value is NULL; then it is never encoded.
    var isPostgresNull: Bool { get }

    /// Appends the value in the type's ``postgresFormat``.
    func encode(into buffer: inout PostgresBuffer) throws(PostgresError)
    /// Appends the value as the server would read it from text, not escaped, as COPY sends it.
    func encodeText(into buffer: inout PostgresBuffer) throws(PostgresError)
}

extension PostgresEncodable {
    package static var postgresFormat: PostgresFormat { .binary }

    package var isPostgresNull: Bool { false }

    package func encodeText(into buffer: inout PostgresBuffer) throws(PostgresError) {
        guard Self.postgresFormat == .text else {
            throw PostgresError(
                code: .encoding,
                message: "\(Self.self) has no text form: implement encodeText(into:), or use COPY … (FORMAT binary)")
        }
        try encode(into: &buffer)
    }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    package static var postgresType: PostgresType { RawValue.postgresType }
    package static var postgresFormat: PostgresFormat { RawValue.postgresFormat }
    package var isPostgresNull: Bool { rawValue.isPostgresNull }

    package func encode(into buffer: inout PostgresBuffer) throws(PostgresError) {
        try rawValue.encode(into: &buffer)
    }

    package func encodeText(into buffer: inout PostgresBuffer) throws(PostgresError) {
        try rawValue.encodeText(into: &buffer)
    }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package static var postgresType: PostgresType { Wrapped.postgresType }
    package static var postgresFormat: PostgresFormat { Wrapped.postgresFormat }
    package var isPostgresNull: Bool { self?.isPostgresNull ?? true }

    package func encode(into buffer: inout PostgresBuffer) throws(PostgresError) {
        if let self { try self.encode(into: &buffer) }
    }

    package func encodeText(into buffer: inout PostgresBuffer) throws(PostgresError) {
        if let self { try self.encodeText(into: &buffer) }
    }
}

/// Takes the rows of a COPY to the server; it waits where the server is slower than the writer.
package final class PostgresCopyWriter {
    private let link: Link
    private let operation: Operation
    private let isBinary: Bool
    private var buffer = PostgresBuffer()

    /// How many rows were written.
    package private(set) var rowCount = 0

    private static let sendingSize = 64 << 10

    init(link: Link, operation: Operation, isBinary: Bool) {
        self.link = link
        self.operation = operation
        self.isBinary = isBinary
        buffer.reserveCapacity(Self.sendingSize + 4096)
        if isBinary {
            // The signature, no flags, no extension.
            buffer.append(contentsOf: "PGCOPY\n".utf8)
            buffer.append(contentsOf: [0xFF, 0x0D, 0x0A, 0x00] as [UInt8])
            buffer.append(Int64(0))
        }
    }

    /// Writes one row.
    ///
    /// In the text format, COPY's default, the server reads each value as its column's type, whatever the Swift type.
    /// With `(FORMAT binary)` each value's type must be the column's, such as `Int32` for `integer`.
    ///
    /// - Parameter values: As many as the COPY has columns, in their order.
    /// - Throws: ``PostgresError`` if a value cannot be encoded or the connection is lost, `CancellationError` if the
    ///   task was cancelled. What the server finds wrong with the rows is thrown at the COPY's end.
    package func writeRow<each Value: PostgresEncodable>(_ values: repeat each Value) async throws {
        if isBinary {
            var count: Int16 = 0
            for _ in repeat each values { count += 1 }
            buffer.append(count)
        }
        var isFirst = true
        for value in repeat each values {
            try append(value, isFirst: isFirst)
            isFirst = false
        }
        if !isBinary { buffer.append(byte: UInt8(ascii: "\n")) }
        rowCount += 1
        if buffer.bytes.count >= Self.sendingSize { try await send() }
    }

    /// Writes bytes in the format of the COPY, such as lines of CSV; they need not end where a row does.
    ///
    /// - Throws: As ``writeRow(_:)``.
    package func write(_ bytes: some Collection<UInt8>) async throws {
        buffer.append(contentsOf: bytes)
        if buffer.bytes.count >= Self.sendingSize { try await send() }
    }

    private func append(_ value: some PostgresEncodable, isFirst: Bool) throws(PostgresError) {
        guard !isBinary else { return try appendBinary(value) }
        if !isFirst { buffer.append(byte: UInt8(ascii: "\t")) }
        guard !value.isPostgresNull else { return buffer.append(utf8: "\\N") }
        let start = buffer.bytes.count
        try value.encodeText(into: &buffer)
        guard buffer.bytes[start...].contains(where: Self.mustBeEscaped) else { return }
        buffer.rewrite(from: start) { written, escaped in
            for byte in written {
                switch byte {
                case UInt8(ascii: "\\"): escaped += [byte, byte]
                case UInt8(ascii: "\n"): escaped += "\\n".utf8
                case UInt8(ascii: "\r"): escaped += "\\r".utf8
                case UInt8(ascii: "\t"): escaped += "\\t".utf8
                default: escaped.append(byte)
                }
            }
        }
    }

    private func appendBinary<Value: PostgresEncodable>(_ value: Value) throws(PostgresError) {
        guard !value.isPostgresNull else { return buffer.append(Int32(-1)) }
        guard Value.postgresFormat == .binary else {
            throw PostgresError(
                code: .encoding, message: "\(Value.self) is not sent in binary: use COPY in the text format")
        }
        try buffer.appendWithLength { inner throws(PostgresError) in try value.encode(into: &inner) }
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\t")
    }

    private func send() async throws {
        try Task.checkCancellation()
        try await link.write(buffer.bytes, operation)
        buffer.removeAll()
    }

    /// Sends what is left.
    fileprivate func finish() async throws {
        if isBinary { buffer.append(Int16(-1)) }
        if !buffer.bytes.isEmpty { try await send() }
    }
}

extension PostgresSession {
    /// Sends rows to the server by COPY, the fastest way in.
    ///
    /// ```swift
    /// try await session.copyIn("COPY library (library_id, name) FROM STDIN") { writer in
    ///     for library in libraries { try await writer.writeRow(library.id, library.name) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - sql: A `COPY … FROM STDIN`.
    ///   - body: Writes the rows. If it throws, the COPY fails and none of them is kept.
    /// - Returns: How many rows the server took.
    /// - Throws: ``PostgresError``, and what `body` throws.
    @discardableResult
    package func copyIn(_ sql: String, _ body: (PostgresCopyWriter) async throws -> Void) async throws -> Int {
        try Task.checkCancellation()
        let link = try await exclusiveLink().link
        let operation = Operation(.copyIn(sql))
        guard case .result(let start) = try await link.run(operation) else { throw PostgresError.noResult }
        let writer = PostgresCopyWriter(link: link, operation: operation, isBinary: start.isBinary)
        do {
            try await withTaskCancellationHandler {
                try await body(writer)
                try await writer.finish()
            } onCancel: {
                link.cancel(operation)
            }
        } catch {
            // The reason of the failure is the caller's; the server is told that there is one.
            _ = try? await link.endCopy(operation, failingBecause: "the client gave up")
            throw error
        }
        guard case .result(let result) = try await link.endCopy(operation) else { throw PostgresError.noResult }
        return result.affectedCount
    }
}

import PostgresClient

extension PostgresSession {
    /// Sends rows to a temporary table by COPY and runs statements that read it; does nothing where there are no rows.
    ///
    /// - Parameters:
    ///   - rows: What to send.
    ///   - name: The temporary table's name, gone when the transaction ends.
    ///   - columns: Its columns, as in CREATE TABLE.
    ///   - write: Writes one row.
    ///   - statements: Run in their order once all rows are there.
    /// - Throws: ``PostgresError``.
    func stage<Row: Sendable>(
        _ rows: [Row], as name: String, columns: String,
        write: (PostgresCopyWriter, Row) async throws -> Void,
        @StatementListBuilder then statements: () -> [PostgresQuery]
    ) async throws {
        guard !rows.isEmpty else { return }
        try await executeScript("CREATE TEMPORARY TABLE \(name) (\(columns)) ON COMMIT DROP")
        try await copyIn("COPY \(name) FROM STDIN") { writer in
            for row in rows { try await write(writer, row) }
        }
        for statement in statements() { try await execute(statement) }
    }
}

/// Collects the statements of a closure.
@resultBuilder
enum StatementListBuilder {
    static func buildExpression(_ statement: PostgresQuery) -> PostgresQuery { statement }
    static func buildBlock(_ statements: PostgresQuery...) -> [PostgresQuery] { statements }
}

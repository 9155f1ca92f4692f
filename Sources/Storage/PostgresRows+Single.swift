package import PostgresClient

extension PostgresRows {
    /// The row of a statement that always gives one, such as a count.
    package func single() throws(PostgresError) -> PostgresRow {
        guard let first else {
            throw PostgresError(code: .decoding, message: "one row was expected and none came")
        }
        return first
    }
}

import PostgresClient
import Testing

@Suite("Connection strings")
struct ConnectionStringTests {
    @Test("both forms are read")
    func forms() throws {
        let url = try PostgresConfiguration(connectionString: "postgresql://desk@db1/books?sslmode=verify-full")
        let words = try PostgresConfiguration(
            connectionString: "host=db1 user=desk dbname=books sslmode=verify-full")
        #expect(url == words)
        #expect(url.parameters == ["host": "db1", "user": "desk", "dbname": "books", "sslmode": "verify-full"])
    }

    @Test(
        "one that cannot be read is refused with why",
        arguments: [
            ("hots=db1", "invalid connection option \"hots\""), ("postgresql://db1/books?sslmod=require", "sslmod"),
            ("host='db1", "unterminated quoted string"), ("connect_timeout=soon", "connect_timeout=soon"),
        ])
    func refused(text: String, because reason: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(connectionString: text) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(reason) == true)
    }

    @Test("passwords are not shown")
    func redaction() throws {
        let configuration = try PostgresConfiguration(connectionString: "postgresql://desk:sesame@db1/books")
        #expect(configuration.description == "dbname=books host=db1 password=… user=desk")
    }
}

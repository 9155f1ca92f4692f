import PostgresClient
import PrivateCluster
import TestSupport
import Testing

@Suite("Passwords and TLS")
struct EncryptionTests {
    /// An address of this machine that no other server is likely to listen on.
    private static func unusedAddress() -> String {
        var generator = SystemRandomNumberGenerator()
        let parts = (0..<3).map { _ in String(Int.random(in: 2...250, using: &generator)) }
        return "127." + parts.joined(separator: ".")
    }

    private func refusal(of configuration: PostgresConfiguration) async throws -> PostgresError {
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection.withConnection(configuration) { _ in }
        }
        #expect(error?.code == .connectionFailed)
        return try #require(error)
    }

    @Test("sslmode=require is refused by a server without TLS")
    func noTLS() async throws {
        let address = Self.unusedAddress()
        try await withTemporaryCluster(settings: ["listen_addresses": address]) { cluster in
            let configuration = try cluster.configuration().with("host", address).with("sslmode", "require")
            #expect(
                try await refusal(of: configuration).message.contains(
                    "server does not support SSL, but SSL was required"))
        }
    }

    @Test("passwords and certificates are checked, and say what was wrong")
    func checked() async throws {
        let address = Self.unusedAddress()
        try await withTemporaryCluster(settings: ["listen_addresses": address]) { cluster in
            try await withTemporaryFolder { folder in
                try await cluster.askForPasswordsAndTLS()
                let certificate = try await cluster.execute("SELECT pg_read_file('server.crt')")
                let encrypted = try cluster.configuration()
                    .with("host", "desk.test").with("hostaddr", address).with("user", "desk")
                    .with("password", "sesame").with("sslmode", "verify-full")
                    .with("sslrootcert", try folder.write(certificate + "\n", to: "root.crt"))
                try await expectEncrypted(encrypted)
                #expect(
                    try await refusal(of: encrypted.with("password", "wrong")).message
                        .contains("password authentication failed for user \"desk\""))
                #expect(
                    try await refusal(of: encrypted.with("host", "other.test")).message
                        .contains("server certificate for \"desk.test\" does not match host name \"other.test\""))
                #expect(
                    try await refusal(of: encrypted.with("sslmode", "disable")).message.contains("no encryption"))
                #expect(
                    try await refusal(of: encrypted.with("sslrootcert", folder.path(of: "none.crt"))).message
                        .contains("none.crt"))
            }
        }
    }

    /// Answers larger than a record of TLS come whole, in one piece and as a stream.
    private func expectEncrypted(_ configuration: PostgresConfiguration) async throws {
        try await PostgresConnection.withConnection(configuration) { connection in
            let isEncrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()" as PostgresQuery
            #expect(try await connection.value(isEncrypted, as: Bool.self))
            let large = try await connection.query("SELECT repeat('x', 30000) FROM generate_series(1, 100)")
            #expect(try large.decode(String.self).map(\.utf8.count) == Array(repeating: 30_000, count: 100))
            let count = try await connection.stream("SELECT repeat('x', 30000) FROM generate_series(1, 200)") { rows in
                try await rows.reduce(0) { count, _ in count + 1 }
            }
            #expect(count == 200)
            let text = String(repeating: "y", count: 1_000_000)
            #expect(try await connection.value("SELECT length(\(text))", as: Int.self) == 1_000_000)
        }
    }
}

extension PostgresCluster {
    /// Has the server make itself a certificate for `desk.test`, and let in by TLS only who knows the password.
    fileprivate func askForPasswordsAndTLS() async throws {
        let folder = try await execute("SHOW data_directory")
        try await execute("CREATE ROLE desk LOGIN PASSWORD 'sesame'")
        try await execute(
            """
            COPY (SELECT 1) TO PROGRAM 'cd "\(folder)" && umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 2 \
            -subj /CN=desk.test -addext subjectAltName=DNS:desk.test -keyout server.key -out server.crt 2>&1'
            """)
        try await execute(
            """
            COPY (VALUES ('local all all trust'), ('hostssl all all 127.0.0.0/8 scram-sha-256')) TO '\(folder)/strict_hba.conf'
            """)
        for (name, value) in [("ssl", "on"), ("hba_file", "\(folder)/strict_hba.conf")] {
            try await execute("ALTER SYSTEM SET \(name) = '\(value)'")
        }
        try await restart()
    }
}

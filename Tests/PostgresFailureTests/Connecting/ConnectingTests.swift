import PostgresClient
import PrivateCluster
import TestSupport
import Testing

@Suite("Getting in")
struct ConnectingTests {
    private func refusal(of configuration: PostgresConfiguration) async throws -> PostgresError {
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection.withConnection(configuration) { _ in }
        }
        #expect(error?.code == .connectionFailed)
        return try #require(error)
    }

    @Test("a database that does not exist is told by its name")
    func unknownDatabase() async throws {
        let configuration = try await SharedCluster.running.configuration(database: "nowhere")
        let error = try await refusal(of: configuration)
        #expect(error.message.contains("database \"nowhere\" does not exist"))
    }

    @Test("a user who does not exist is told by their name")
    func unknownUser() async throws {
        let configuration = try await SharedCluster.running.configuration().with("user", "nobody")
        let error = try await refusal(of: configuration)
        #expect(error.message.contains("role \"nobody\" does not exist"))
    }

    @Test("of several hosts the first that answers is taken")
    func deadHost() async throws {
        try await withTemporaryFolder { folder in
            let configuration = try await SharedCluster.running.configuration()
            let living = try #require(configuration.parameters["host"])
            let several = configuration.with("host", "\(folder.path),\(living)")
                .with("target_session_attrs", "read-write")
            let answer = try await PostgresConnection.withConnection(several) { connection in
                try await connection.value("SELECT 1", as: Int.self)
            }
            #expect(answer == 1)
        }
    }

    @Test("a server that only reads is passed over where target_session_attrs=read-write")
    func readOnlyHost() async throws {
        try await withTemporaryCluster(settings: ["default_transaction_read_only": "on"]) { readOnly in
            let writable = try await SharedCluster.running.configuration()
            let hosts = [try #require(readOnly.socketFolder), try #require(writable.parameters["host"])]
            let both = writable.with("host", hosts.joined(separator: ","))
            let folder = "SELECT trim(current_setting('unix_socket_directories'), '\"')" as PostgresQuery
            let any = try await PostgresConnection.withConnection(both) { try await $0.value(folder, as: String.self) }
            #expect(any == hosts[0])
            let readWrite = try await PostgresConnection.withConnection(both.with("target_session_attrs", "read-write"))
            {
                try await $0.value(folder, as: String.self)
            }
            #expect(readWrite == hosts[1])
            let alone = both.with("host", hosts[0]).with("target_session_attrs", "read-write")
            #expect(try await refusal(of: alone).message.contains("session is read-only"))
        }
    }

    @Test("a server that takes the connection and never answers is given up after connect_timeout")
    func silentServer() async throws {
        try await withSilentServer { folder in
            let configuration = try PostgresConfiguration(
                connectionString: "host=\(folder) user=desk dbname=desk connect_timeout=2")
            let error = try await refusal(of: configuration)
            #expect(error.message.contains("timeout expired"))
        }
    }

    @Test("a task that is cancelled does not wait for a server that never answers")
    func cancelled() async throws {
        try await withSilentServer { folder in
            let configuration = try PostgresConfiguration(
                connectionString: "host=\(folder) user=desk dbname=desk connect_timeout=2")
            let task = Task { try await PostgresConnection.withConnection(configuration) { _ in } }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("the application is named at the server")
    func applicationName() async throws {
        let name = "SELECT current_setting('application_name')" as PostgresQuery
        try await withConnection { connection async throws in
            #expect(try await connection.value(name, as: String.self) == "coverdesk")
            #expect(connection.serverVersion.hasPrefix("1"))
        }
        try await withConnection {
            $0.applicationName = "desk 7"
        } _: { connection async throws in
            #expect(try await connection.value(name, as: String.self) == "desk 7")
        }
    }
}

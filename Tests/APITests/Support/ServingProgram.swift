import Foundation
import PostgresClient
import StorageTestSupport
import TestSupport

/// What `coverdesk serve` works on: a database with the small consortium, and a token.
struct ServedDatabase: Sendable {
    let connectionString: String
    let token: String

    /// Starts `coverdesk serve` on a free port and lends it.
    func serving(_ arguments: [String] = [], _ body: (ServingProgram) async throws -> Void) async throws {
        let environment = ["COVERDESK_DATABASE_URL": connectionString, "COVERDESK_CONSORTIUM": "two"]
        try await TestProgram.coverdesk.withRunning(["serve", "--port", "0"] + arguments, environment: environment) {
            program in
            try await program.waitUntilPrinted("\"message\":\"listening\"")
            guard let port = program.port else { throw UnexpectedAnswer(description: program.standardError) }
            let serving = ServingProgram(program: program, port: port, token: token)
            if arguments.isEmpty { try await serving.waitUntilReady() }
            try await body(serving)
        }
    }
}

/// Lends a database for `coverdesk serve`.
func withServedDatabase(_ body: (ServedDatabase) async throws -> Void) async throws {
    try await withDatabase(from: .service) { database in
        let pool = PostgresPool(configuration: try PostgresConfiguration(connectionString: database.connectionString))
        try await pool.importing(.valid())
        let token = try await pool.makeToken().text
        await pool.close()
        try await body(ServedDatabase(connectionString: database.connectionString, token: token))
    }
}

/// A running `coverdesk serve`.
struct ServingProgram: AskedService {
    let program: RunningProgram
    let port: Int
    let token: String
}

extension RunningProgram {
    /// The port that the log tells.
    fileprivate var port: Int? {
        for line in standardError.split(separator: "\n") where line.contains("\"message\":\"listening\"") {
            let log = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            return log?["serve.port"].flatMap { Int($0) }
        }
        return nil
    }
}

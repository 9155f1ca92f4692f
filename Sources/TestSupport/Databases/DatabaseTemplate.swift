import PrivateCluster
import Synchronization

/// A database made once per process and copied for each test that wants one like it.
///
/// Keep it in a `static let`: two templates are two databases, even if they have the same name.
///
/// ```swift
/// extension DatabaseTemplate {
///     static let service = DatabaseTemplate("service") { connectionString in
///         // connect, apply the migrations, disconnect
///     }
/// }
/// ```
package final class DatabaseTemplate: Sendable {
    /// A database with nothing in it.
    package static let empty = DatabaseTemplate("empty") { _ in }

    private let name: String
    private let fill: @Sendable (_ connectionString: String) async throws -> Void
    private let making = Mutex<Task<String, any Error>?>(nil)

    /// Describes a template; nothing is made before the first test wants a copy.
    ///
    /// - Parameters:
    ///   - name: What the template holds, part of the database's name on the server.
    ///   - fill: Puts in what every copy has, given where to connect. It must have disconnected when it returns, for a
    ///     database that somebody is connected to cannot be copied.
    package init(_ name: String, fill: @escaping @Sendable (_ connectionString: String) async throws -> Void) {
        self.name = name
        self.fill = fill
    }

    /// The name of the database to copy, made by whoever asks first while all others wait for that one.
    ///
    /// - Throws: What kept it from being made, the same to everybody who asks.
    func databaseName(on cluster: PostgresCluster) async throws -> String {
        let task = making.withLock { making in
            if let making {
                return making
            }
            let task = Task { try await self.make(on: cluster) }
            making = task
            return task
        }
        return try await task.value
    }

    private func make(on cluster: PostgresCluster) async throws -> String {
        let database = "\(name)_template_\(DatabaseNumbers.next())"
        try await cluster.createDatabase(database)
        try await fill(cluster.connectionString(database: database))
        // A test that connects to the template by mistake would keep all others from copying it.
        try await cluster.execute("ALTER DATABASE \"\(database)\" WITH ALLOW_CONNECTIONS false")
        return database
    }
}

/// Numbers that make the names of a process's databases differ.
enum DatabaseNumbers {
    private static let last = Atomic<Int>(0)

    static func next() -> Int {
        last.add(1, ordering: .relaxed).newValue
    }
}

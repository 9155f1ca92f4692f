import Dispatch
import Foundation
import Synchronization

/// A PostgreSQL server of our own, in a folder of its own.
///
/// It listens on a unix socket in a folder that only its user can enter, and on no network address. Started by root it
/// runs as the user `postgres`, for PostgreSQL refuses to run as root; started by anybody else it runs as that user.
///
/// ```swift
/// let cluster = try await PostgresCluster(.persistent(folder: folder))
/// try await cluster.start()
/// // … cluster.connectionString(database: "coverdesk")
/// try await cluster.stop()
/// ```
///
/// Work is done on a queue of the cluster's own, one call after another; nothing blocks the cooperative pool.
package final class PostgresCluster: Sendable {
    /// What the cluster is for.
    package enum Use: Sendable {
        /// Data to keep: durable, and found again at the next start.
        case persistent(folder: String)
        /// Data for one run: fast, not durable, gone after ``PostgresCluster/remove()``.
        ///
        /// Its folder is made in the one named here, or in the system's folder for temporary files.
        case temporary(in: String? = nil)
    }

    /// How the server parts from its clients.
    package enum StopMode: Sendable {
        /// Waits until they have gone.
        case smart
        /// Ends their sessions and shuts down in good order.
        case fast
        /// Ends at once; the next start recovers as after a crash.
        case immediate
    }

    /// Where everything of the cluster's lies.
    package var folder: String { layout.path }
    /// What the server writes, newest last.
    package var logFile: String { layout.log }
    /// The folder of PostgreSQL's programs, such as `psql` and `pg_basebackup`.
    package let binDirectory: String
    /// The port, which is only part of the socket's name.
    package var port: Int { ServerSettings.port }
    /// The role to connect as, a superuser.
    package var user: String { ServerSettings.user }

    let layout: ClusterFolder
    let programs: ServerPrograms
    let settings: ServerSettings
    let isTemporary: Bool
    let state = Mutex(State())
    private let queue: DispatchQueue

    struct State {
        /// Held from before the start until after the stop.
        var lock: FolderLock?
        var socketFolder: String?
    }

    /// Finds PostgreSQL and the folder; starts nothing.
    ///
    /// - Parameters:
    ///   - use: What the cluster is for.
    ///   - settings: Settings of `postgresql.conf` over the usual ones.
    /// - Throws: ``ClusterError`` that says what to install or which folder to name instead.
    package init(_ use: Use, settings: [String: String] = [:]) async throws {
        let queue = DispatchQueue(label: "coverdesk.private-cluster")
        let layout = try await Self.on(queue) { try Self.layout(for: use) }
        let programs = try await Self.on(queue) { try ServerPrograms.find(majorVersion: layout.dataVersion) }
        self.queue = queue
        self.layout = layout
        self.programs = programs
        self.binDirectory = programs.folder
        if case .temporary = use {
            self.isTemporary = true
        } else {
            self.isTemporary = false
        }
        self.settings = ServerSettings(durable: !isTemporary, others: settings)
    }

    /// Starts the server and waits until it accepts connections; does nothing if it runs already.
    ///
    /// A server that an earlier, killed run left behind is stopped first, so that none of its sessions go on.
    ///
    /// - Throws: ``ClusterError``; with the code `folderInUse` if another process uses the folder.
    package func start() async throws {
        try await Self.on(queue) { try self.startNow() }
    }

    /// Stops the server and lets go of the folder; does nothing if it does not run.
    ///
    /// A server that an earlier, killed run left behind is stopped too.
    ///
    /// - Throws: ``ClusterError``; with the code `folderInUse` if another process has the server and lives.
    package func stop(_ mode: StopMode = .fast) async throws {
        try await Self.on(queue) { try self.stopNow(mode) }
    }

    /// Ends the server and all its sessions with SIGKILL, as a crash would, and waits until they are gone.
    ///
    /// The folder stays ours; ``start()`` recovers.
    package func kill() async throws {
        try await Self.on(queue) { try self.killNow() }
    }

    /// Stops and starts the server.
    package func restart(_ mode: StopMode = .fast) async throws {
        try await Self.on(queue) {
            try self.stopServer(mode)
            try self.startNow()
        }
    }

    /// Ends the server at once and removes a temporary cluster's folder; the data of a persistent one stay.
    package func remove() async throws {
        try await Self.on(queue) { try self.removeNow() }
    }

    /// Whether the server's first process is alive.
    package var isRunning: Bool { layout.processes.postmaster != nil }

    /// The server's first process.
    package var processID: Int32? { layout.processes.postmaster?.processID }

    /// The folder of the socket, which is the `host` of a connection; known once the server has been started.
    package var socketFolder: String? { state.withLock { $0.socketFolder } }

    /// Where to connect, as libpq reads it.
    ///
    /// - Precondition: The server has been started at least once; before, the host is a guess.
    package func connectionString(database: String = "postgres") -> String {
        let host = socketFolder ?? "\(folder)/socket"
        return "postgresql:///\(Self.encoded(database))?host=\(Self.encoded(host))&port=\(port)&user=\(user)"
    }

    /// Runs SQL with `psql`.
    ///
    /// Several statements run in one transaction each; the first that fails ends the run.
    ///
    /// - Returns: The rows, one a line, columns separated by `|`.
    @discardableResult
    package func execute(_ sql: String, database: String = "postgres") async throws -> String {
        // Not on the cluster's own queue, for it may take long and be what a crash is to interrupt.
        // On a thread of its own: a few that wait for long would fill Dispatch's shared ones and keep all others waiting.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Swift.Result { try self.executeNow(sql, database: database) })
            }
        }
    }

    /// Makes an empty database, or a copy of another one.
    ///
    /// - Parameters:
    ///   - name: The new database's name.
    ///   - template: The database to copy, which nobody may be connected to meanwhile; calls take turns, for two
    ///     copies of one database at a time would be in each other's way.
    /// - Throws: ``ClusterError`` with what the server says.
    package func createDatabase(_ name: String, template: String? = nil) async throws {
        let source = template.map { " TEMPLATE \(Self.quoted($0))" } ?? ""
        let statement = "CREATE DATABASE \(Self.quoted(name))\(source)"
        _ = try await Self.on(queue) { try self.executeNow(statement, database: "postgres") }
    }

    /// Removes a database, ending its sessions; does nothing if there is none of that name.
    package func dropDatabase(_ name: String) async throws {
        try await execute("DROP DATABASE IF EXISTS \(Self.quoted(name)) WITH (FORCE)")
    }

    static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    private static func encoded(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }

    /// Runs blocking work on the queue.
    private static func on<Result: Sendable>(
        _ queue: DispatchQueue, _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Swift.Result { try work() })
            }
        }
    }
}

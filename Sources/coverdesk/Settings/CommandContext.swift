import Configuration
import Accounts
import Answering
import ArgumentParser
import BundleFiles
import Coverage
import Foundation
import PostgresClient
import Replication
import Scheduling
import Storage

/// What a command works with: the settings, the terminal, the clock, and where it needs one, the database.
struct CommandContext: Sendable {
    private(set) var settings: Settings
    let terminal: Terminal
    let printsJSON: Bool

    /// Reads the settings; `flags` are those of the command beyond the shared ones.
    init(_ options: SharedOptions, flags: [String: Int?] = [:], texts: [String: String?] = [:]) async throws {
        var given = options.flags
        for case (let key, let value?) in flags { given[key] = .init(.int(value), isSecret: false) }
        for case (let key, let value?) in texts { given[key] = .init(.string(value), isSecret: false) }
        settings = try await Settings.read(
            flags: given, configFile: options.config, environment: ProcessInfo.processInfo.environment)
        terminal = Terminal()
        printsJSON = options.json
    }

    /// The same on another database.
    func with(databaseURL url: String) -> CommandContext {
        var context = self
        context.settings.databaseURL = url
        return context
    }

    /// The present: the only clock of the command line.
    var now: Instant { Instant(secondsSince1970: Int64(Date().timeIntervalSince1970)) }

    /// Lends a pool of connections to the database, whose schema is the program's.
    ///
    /// - Parameters:
    ///   - checkingSchema: Whether to refuse a database that has another one.
    ///   - runsBesideSocket: For programs that do little else than ask the database: see `PostgresPool`.
    ///   - body: What to do with it.
    /// - Returns: What `body` returns.
    /// - Throws: ``CommandFailure`` if no database is named or its schema is another; and what `body` throws.
    func withDatabase<Result: Sendable>(
        checkingSchema: Bool = true, runsBesideSocket: Bool = false, _ body: (PostgresPool) async throws -> Result
    ) async throws -> Result {
        guard let url = settings.databaseURL else {
            throw CommandFailure.database(
                "no database is named: give --database-url, COVERDESK_DATABASE_URL or database.url in coverdesk.yaml,\n"
                    + "like postgresql:///coverdesk; `coverdesk demo` starts one of its own")
        }
        let pool = PostgresPool(
            configuration: try PostgresConfiguration(connectionString: url),
            maximumConnections: settings.databaseConnections, runsBesideSocket: runsBesideSocket)
        do {
            if checkingSchema { try await requireCurrentSchema(pool) }
            let result = try await body(pool)
            await pool.close()
            return result
        } catch {
            await pool.close()
            throw error
        }
    }

    private func requireCurrentSchema(_ pool: PostgresPool) async throws {
        let migrator = SchemaMigrator()
        let state = try await pool.withConnection { try await migrator.state(in: $0) }
        switch state {
        case .current: return
        case .empty: throw SchemaRefusal.notCurrent(database: 0, program: migrator.latestVersion)
        case .behind(let version):
            throw SchemaRefusal.notCurrent(database: version, program: migrator.latestVersion)
        }
    }

    /// The consortium that is meant: the one named, or the only one there is.
    func consortium(in pool: PostgresPool) async throws -> Consortium.ID {
        if let named = settings.consortium { return named }
        let all = try await pool.withConnection { try await ConsortiumRepository.all(in: $0) }
        switch all.count {
        case 0: return Consortium.ID("main")
        case 1: return all[0]
        default:
            throw CommandFailure.badInput(
                "the database holds \(all.count) consortia: say which with --consortium, one of "
                    + all.map(\.rawValue).joined(separator: ", "))
        }
    }
}

extension AsyncParsableCommand {
    /// Runs a command's work and turns what it throws into one message and an exit code.
    func reportingFailures(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as CommandFailure {
            try end(failure)
        } catch let exit as ExitCode {
            throw exit
        } catch let refusal as SchemaRefusal {
            try end(.database(refusal.description))
        } catch let unknown as UnknownConsortium {
            try end(.refused("\(unknown): run `coverdesk import DIR`"))
        } catch let error as PostgresError {
            try end(.database(error.description))
        } catch let refusal as AccountRefusal {
            try end(.refused(refusal.description))
        } catch let refusal as PasswordRefusal {
            try end(.badInput(refusal.description))
        } catch let refusal as SchedulingRefusal {
            try end(.refused(refusal.description))
        } catch let refusal as BundleWritingRefusal {
            try end(.refused(refusal.description))
        } catch let refusal as OfflineRefusal {
            try end(.refused(refusal.description))
        } catch let fault as CacheFault {
            try end(.refused(fault.description))
        } catch let trouble as SyncTrouble {
            try end(trouble.kind == .passing ? .unexpected(trouble.description) : .refused(trouble.description))
        } catch let fault as FeedFault {
            try end(.unexpected(fault.description))
        } catch let change as HistoryFile.Changed {
            try end(.badInput(change.description))
        }
    }

    private func end(_ failure: CommandFailure) throws {
        Terminal().complain("coverdesk: \(failure.description)")
        throw failure.code
    }
}

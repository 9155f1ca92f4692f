import Foundation
import Synchronization

/// The blocking work behind the asynchronous calls; all but ``removeNow()`` runs on the cluster's queue.
extension PostgresCluster {
    func startNow() throws(ClusterError) {
        if state.withLock({ $0.lock != nil }), isRunning {
            return
        }
        try takeLock()
        do throws(ClusterError) {
            try prepareAndLaunch()
        } catch {
            releaseLock()
            throw error
        }
    }

    func stopNow(_ mode: StopMode) throws(ClusterError) {
        guard state.withLock({ $0.lock != nil }) || isRunning else {
            return
        }
        try takeLock()
        try stopServer(mode)
        releaseLock()
    }

    func killNow() throws(ClusterError) {
        guard layout.processes.killAll() else {
            throw ClusterError(.stopFailed, "the server in \(folder) is still there 10 s after SIGKILL")
        }
    }

    /// Ends the server and removes a temporary cluster; may be called on any thread, also while the process exits.
    package func removeNow() throws {
        try stopServer(.immediate)
        if isTemporary, ClusterFolder.exists(folder) {
            try layout.removeEverything()
        }
        releaseLock()
    }

    /// Stops the server; beyond the mode's patience by the next harsher means, down to SIGKILL.
    func stopServer(_ mode: StopMode) throws(ClusterError) {
        guard let postmaster = layout.processes.postmaster else {
            // Children may outlive a postmaster that was killed; the next server could not start beside them.
            return try killNow()
        }
        let (signal, patience): (Int32, Double) =
            switch mode {
            case .smart: (SIGTERM, 60)
            case .fast: (SIGINT, 30)
            case .immediate: (SIGQUIT, 10)
            }
        _ = Foundation.kill(postmaster.processID, signal)
        if waitUntil(seconds: patience, { !ProcessTable.isAlive(postmaster) }) {
            return
        }
        switch mode {
        case .smart:
            throw ClusterError(
                .stopFailed,
                "the server in \(folder) still has clients after \(Int(patience)) s: end them or stop it fast")
        case .fast:
            try stopServer(.immediate)
        case .immediate:
            try killNow()
        }
    }

    func executeNow(_ sql: String, database: String) throws(ClusterError) -> String {
        let outcome = try Command(
            program: programs.path("psql"),
            arguments: ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, connectionString(database: database)],
            environment: ["PGOPTIONS": "-c client_min_messages=warning"]
        ).run()
        let text = outcome.text.trimmingCharacters(in: .newlines)
        guard outcome.succeeded else {
            throw ClusterError(.commandFailed, "psql failed on database \(database): \(text)")
        }
        return text
    }

    // MARK: Steps of a start

    private func takeLock() throws(ClusterError) {
        guard state.withLock({ $0.lock == nil }) else {
            return
        }
        try layout.prepare()
        guard let lock = try FolderLock.take(path: layout.lock) else {
            throw ClusterError(
                .folderInUse,
                "the folder \(folder) is in use by process \(FolderLock.holder(path: layout.lock)): stop that one "
                    + "first, or name another folder")
        }
        state.withLock { $0.lock = lock }
    }

    private func releaseLock() {
        state.withLock {
            $0.lock?.release()
            $0.lock = nil
        }
    }

    private func prepareAndLaunch() throws(ClusterError) {
        // Of an earlier run that was killed: its sessions must not go on under the new one's feet.
        try stopServer(.fast)
        try layout.removeInitialisingFolders()
        if layout.dataVersion == nil {
            try initialise()
        }
        let socketFolder = try layout.prepareSocketFolder()
        state.withLock { $0.socketFolder = socketFolder }
        try layout.removeStaleFiles(socketFolder: socketFolder)
        rotateLog()
        try layout.write(ServerSettings.access, to: layout.access)
        try layout.write(settings.text(folder: layout, socketFolder: socketFolder), to: layout.settings)
        try launch()
    }

    private func initialise() throws(ClusterError) {
        let data = try layout.makeInitialisingFolder()
        var arguments = [
            "-D", data, "-U", ServerSettings.user, "--auth=trust", "--encoding=UTF8", "--locale=C",
            "--lc-ctype=C.UTF-8", "--no-instructions",
        ]
        if isTemporary {
            arguments.append("--no-sync")
        }
        let outcome = try layout.account.command(programs.path("initdb"), arguments).run()
        guard outcome.succeeded else {
            throw ClusterError(.initialisationFailed, "initdb failed in \(data): \(outcome.text)")
        }
        try layout.adopt(data)
    }

    /// Starts the server as a child and waits until it says in `postmaster.pid` that it is ready.
    ///
    /// Not with `pg_ctl`: `Process` learns of a child's end by a socket that a server in the background would inherit
    /// and hold open. A child is in a process group of its own, so that Ctrl-C in the terminal does not reach it.
    private func launch() throws(ClusterError) {
        let log = try layout.openLog()
        let alreadyWritten = layout.logSize
        let command = layout.account.command(
            programs.path("postgres"), ["-D", layout.data, "-c", "config_file=\(layout.settings)"])
        let server = try command.launch(output: log)
        guard waitUntil(seconds: 60, { layout.isReady || !server.isRunning }), layout.isReady else {
            layout.processes.killAll()
            let written = (FileManager.default.contents(atPath: layout.log) ?? Data()).dropFirst(alreadyWritten)
            throw ClusterError(
                .startFailed,
                "PostgreSQL did not start in \(folder): \(String(decoding: written.suffix(4000), as: UTF8.self))")
        }
    }

    /// Keeps one older log once the current one is large.
    private func rotateLog() {
        guard layout.logSize > 16 << 20 else {
            return
        }
        try? FileManager.default.removeItem(atPath: "\(layout.log).1")
        try? FileManager.default.moveItem(atPath: layout.log, toPath: "\(layout.log).1")
    }
}

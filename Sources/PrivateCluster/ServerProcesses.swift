import Foundation

/// The processes of one cluster: its postmaster and the postmaster's children.
///
/// They are found by what they say of themselves, the data folder and the cluster's name, and by their user, never by
/// the number in `postmaster.pid` alone: after a crash that number may belong to anybody.
struct ServerProcesses: Sendable {
    let dataFolder: String
    /// The setting `cluster_name`, which PostgreSQL shows in the title of each of its children.
    let clusterName: String
    let uid: UInt32

    var all: [ProcessTable.Identity] {
        ProcessTable.all(uid: uid) { isPostmaster($0) || $0.first?.hasPrefix("postgres: \(clusterName): ") == true }
    }

    var postmaster: ProcessTable.Identity? {
        // A child just forked has its parent's arguments until it sets its own title: the parent is the oldest.
        ProcessTable.all(uid: uid, where: isPostmaster).min { $0.startTicks < $1.startTicks }
    }

    /// Ends the server without good order but lets it give back its shared memory; kills it if that takes long.
    func endAtOnce() {
        if let postmaster {
            _ = kill(postmaster.processID, SIGQUIT)
            _ = waitUntil(seconds: 5) { !ProcessTable.isAlive(postmaster) }
        }
        killAll()
    }

    /// Sends SIGKILL to the postmaster and its children at once and blocks until they are gone.
    @discardableResult
    func killAll() -> Bool {
        waitUntil(seconds: 10) {
            // Stopped first, the postmaster forks no more while its children are counted.
            if let postmaster {
                _ = kill(postmaster.processID, SIGSTOP)
            }
            let remaining = all
            for process in remaining {
                _ = kill(process.processID, SIGKILL)
            }
            return remaining.isEmpty
        }
    }

    private func isPostmaster(_ arguments: [String]) -> Bool {
        guard let program = arguments.first, program.split(separator: "/").last == "postgres",
            let flag = arguments.firstIndex(of: "-D"), flag + 1 < arguments.count
        else {
            return false
        }
        return arguments[flag + 1] == dataFolder
    }
}

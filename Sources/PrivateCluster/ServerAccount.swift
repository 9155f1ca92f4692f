import Foundation

/// The operating system user that the server runs as: ourselves, or `postgres` when we are root.
///
/// PostgreSQL refuses to run as root, so root hands it to the user that Debian's package makes for it.
struct ServerAccount: Sendable {
    let uid: UInt32
    let gid: UInt32
    /// How a command is run as that user; empty when it is ourselves.
    private let prefix: [String]

    var isAnother: Bool { !prefix.isEmpty }

    /// The user for a server started by this process.
    static func current() throws(ClusterError) -> ServerAccount {
        guard geteuid() == 0 else {
            return ServerAccount(uid: geteuid(), gid: getegid(), prefix: [])
        }
        let name = "postgres"
        guard let uid = try number(of: name, flag: "-u"), let gid = try number(of: name, flag: "-g") else {
            throw ClusterError(
                .accountMissing,
                "PostgreSQL refuses to run as root, and there is no user '\(name)' to run it as: install Debian's "
                    + "package postgresql, which makes that user, or 'useradd --system --user-group \(name)', or run "
                    + "this as a normal user")
        }
        guard uid != 0 else {
            throw ClusterError(.accountMissing, "the user '\(name)' has uid 0, as which PostgreSQL refuses to run")
        }
        return ServerAccount(uid: uid, gid: gid, prefix: try prefix(name: name, uid: uid, gid: gid))
    }

    /// The command, to be run as the server's user.
    func command(_ program: String, _ arguments: [String]) -> Command {
        guard let first = prefix.first else {
            return Command(program: program, arguments: arguments)
        }
        return Command(
            program: first, arguments: prefix.dropFirst() + [program] + arguments, environment: ["HOME": "/"])
    }

    /// Whether the server's user can enter the folder, asked of the system: modes alone do not tell.
    func canEnter(_ folder: String) -> Bool {
        guard let test = ServerPrograms.systemTool("test") else {
            return false
        }
        return (try? command(test, ["-d", folder, "-a", "-x", folder]).run().succeeded) ?? false
    }

    private static func number(of name: String, flag: String) throws(ClusterError) -> UInt32? {
        guard let tool = ServerPrograms.systemTool("id") else {
            throw ClusterError(.programsMissing, "the program 'id' is missing: install Debian's package coreutils")
        }
        let outcome = try Command(program: tool, arguments: [flag, name]).run()
        return outcome.succeeded ? UInt32(outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)) : nil
    }

    private static func prefix(name: String, uid: UInt32, gid: UInt32) throws(ClusterError) -> [String] {
        if let setpriv = ServerPrograms.systemTool("setpriv") {
            return [setpriv, "--reuid=\(uid)", "--regid=\(gid)", "--init-groups", "--"]
        }
        if let runuser = ServerPrograms.systemTool("runuser") {
            return [runuser, "-u", name, "--"]
        }
        throw ClusterError(
            .programsMissing,
            "PostgreSQL refuses to run as root, and neither setpriv nor runuser is there to run it as '\(name)': "
                + "install Debian's package util-linux")
    }
}

/// The server's settings file, which takes the place of the one that `initdb` writes.
struct ServerSettings: Sendable {
    /// The socket's name holds the port; the folder is the cluster's own, so that nothing collides with it.
    static let port = 54329

    /// The superuser, and the only role of a new cluster.
    static let user = "postgres"

    /// Everybody who can reach the socket in its private folder is let in.
    static let access = "local all all trust\nlocal replication all trust\n"

    /// Whether the data must survive a crash of the machine.
    let durable: Bool
    /// Settings of the caller's, over ours.
    let others: [String: String]

    func text(folder: ClusterFolder, socketFolder: String) -> String {
        var settings = [
            "data_directory": folder.data,
            "hba_file": folder.access,
            "cluster_name": folder.clusterName,
            "listen_addresses": "",
            "unix_socket_directories": "\"\(socketFolder)\"",
            "unix_socket_permissions": "0700",
            "port": "\(Self.port)",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %q%u@%d ",
            "lc_messages": "C",
            "jit": "off",
            "max_connections": "200",
        ]
        settings.merge(durable ? Self.forKeeps : Self.forTests) { $1 }
        settings.merge(others) { $1 }
        return settings.sorted { $0.key < $1.key }.map { "\($0.key) = \(Self.quoted($0.value))\n" }.joined()
    }

    private static let forKeeps = [
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": "128MB",
        "dynamic_shared_memory_type": "posix",
    ]

    private static let forTests = [
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "16MB",
        "max_wal_size": "256MB",
        // Its workers connect to databases, and one that is connected to cannot be cloned.
        "autovacuum": "off",
        // In files of the data folder, which go with it even after SIGKILL.
        "dynamic_shared_memory_type": "mmap",
    ]

    private static func quoted(_ value: String) -> String {
        "'" + value.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }
}

import CLibPQ

/// Where the server is and how to get in: a connection string of libpq's, checked.
///
/// Both forms are read, and all of libpq's keywords work: several hosts, `target_session_attrs`, `sslmode` and the
/// files of TLS, `passfile`, `service`, `connect_timeout`, keep-alives. What the string leaves out comes from libpq's
/// environment variables (`PGHOST`, …) and defaults.
///
/// ```
/// postgresql://coverdesk@db1,db2/coverdesk?target_session_attrs=read-write&sslmode=verify-full
/// host=/run/postgresql dbname=coverdesk
/// ```
package struct PostgresConfiguration: Sendable, Hashable {
    /// What the string says, by libpq's keywords.
    package private(set) var parameters: [String: String]

    /// How many prepared statements a connection keeps at the server; the one not used for longest goes first.
    package var preparedStatementLimit = 256

    /// What is told of the server's notices and warnings; without it they are dropped.
    ///
    /// It is called on whichever thread reads the answer, and must not block.
    package var noticeHandler: PostgresNoticeHandler?

    /// Reads a connection string; nothing is connected.
    ///
    /// - Throws: ``PostgresError`` with the code `invalidConfiguration`, which says what is wrong and where.
    package init(connectionString: String) throws(PostgresError) {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(connectionString, &message) else {
            let reason = unsafe message.map { unsafe String(cString: $0).trimmedLines } ?? "out of memory"
            unsafe PQfreemem(message)
            throw PostgresError(
                code: .invalidConfiguration, message: "the connection string cannot be read: \(reason)",
                hint: "write postgresql://USER@HOST/DATABASE or host=HOST dbname=DATABASE user=USER")
        }
        defer { unsafe PQconninfoFree(options) }
        parameters = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                parameters[unsafe String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        if let timeout = parameters["connect_timeout"], Int(timeout) == nil {
            throw PostgresError(
                code: .invalidConfiguration, message: "connect_timeout=\(timeout) is no whole number of seconds")
        }
    }

    /// Sets one of libpq's keywords.
    package func with(_ keyword: String, _ value: String) -> PostgresConfiguration {
        var copy = self
        copy.parameters[keyword] = value
        return copy
    }

    /// What the server shows of us in `pg_stat_activity`.
    package var applicationName: String? {
        get { parameters["application_name"] }
        set { parameters["application_name"] = newValue }
    }

    /// Seconds that each host is given; libpq's `connect_timeout`, by default 10, where 0 is for ever.
    package var connectTimeoutSeconds: Int { parameters["connect_timeout"].flatMap { Int($0) } ?? 10 }

    /// How many hosts are named.
    var hostCount: Int {
        let named = parameters["host"] ?? parameters["hostaddr"] ?? ""
        return named.split(separator: ",", omittingEmptySubsequences: false).count
    }

    /// The parameters as libpq is to have them.
    var connectParameters: [String: String] {
        var all = parameters
        all["client_encoding"] = "UTF8"
        all["connect_timeout"] = String(connectTimeoutSeconds)
        // A server that vanished without a word is noticed within a minute, not after the system's two hours.
        for (keyword, value) in [("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3")]
        where all[keyword] == nil {
            all[keyword] = value
        }
        if all["application_name"] == nil { all["fallback_application_name"] = "coverdesk" }
        return all
    }
}

extension PostgresConfiguration: CustomStringConvertible {
    /// The keywords and values without the secret ones.
    package var description: String {
        parameters.sorted { $0.key < $1.key }
            .map { $0.key.contains("password") ? "\($0.key)=…" : "\($0.key)=\($0.value)" }
            .joined(separator: " ")
    }
}

/// Something to tell of notices.
package final class PostgresNoticeHandler: Sendable, Hashable {
    let handle: @Sendable (PostgresNotice) -> Void

    package init(_ handle: @escaping @Sendable (PostgresNotice) -> Void) {
        self.handle = handle
    }

    package static func == (left: PostgresNoticeHandler, right: PostgresNoticeHandler) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}

/// Something that the server says beside its answers: `NOTICE: relation "x" already exists, skipping`.
package struct PostgresNotice: Sendable, Hashable {
    /// `WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`.
    package let severity: String
    package let code: PostgresError.Code
    package let message: String
}

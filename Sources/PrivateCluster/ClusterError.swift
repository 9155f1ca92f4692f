/// Why a private PostgreSQL cluster could not do what it was asked.
package struct ClusterError: Error, Sendable, CustomStringConvertible {
    /// What kind of obstacle it was, for callers that decide by it.
    package enum Code: Sendable, Hashable {
        /// PostgreSQL's server programs, or a system tool that starts them, are not installed.
        case programsMissing
        /// The operating system user that the server must run as does not exist.
        case accountMissing
        /// Another process uses the cluster's folder now.
        case folderInUse
        /// The folder cannot be made, entered or owned as it has to be.
        case folderUnusable
        /// The data was written by a major version of PostgreSQL that is not installed.
        case versionMissing
        /// `initdb` failed.
        case initialisationFailed
        /// The server did not start.
        case startFailed
        /// The server did not stop in time.
        case stopFailed
        /// A program or an SQL command ended with an error.
        case commandFailed
    }

    /// What kind of obstacle it was.
    package let code: Code
    /// What failed, with values, and what to do about it.
    package let message: String
    /// The error below this one, if there was one.
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String {
        guard let cause else {
            return message
        }
        return "\(message) (\(cause))"
    }
}

import Glibc
import TestSupport

/// Lends the folder of a socket that takes connections and never answers.
func withSilentServer(_ body: (_ folder: String) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array("\(folder.path)/.s.PGSQL.5432".utf8)
        try unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
            guard path.count < target.count else {
                throw SilentServerFailed(step: "naming the socket", code: ENAMETOOLONG)
            }
            unsafe target.copyBytes(from: path)
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(listener, $0, size) }
        }
        guard isBound == 0, listen(listener, 8) == 0 else {
            throw SilentServerFailed(step: "listening", code: errno)
        }
        try await body(folder.path)
    }
}

struct SilentServerFailed: Error {
    let step: String
    let code: Int32
}

import HTTPTypes
import Hummingbird
import NIOCore

/// Where a request comes from.
enum ClientAddress {
    /// The client's IP address; nil where it cannot be known, as behind a Unix socket that no proxy is told to serve.
    ///
    /// Each proxy appends whom it was asked by, and what is before that anybody can have written: so of the list only
    /// the entry that the first of our own proxies made counts.
    static func of(_ request: Request, on channel: any Channel, proxies: Int) -> String? {
        guard proxies > 0 else { return channel.remoteAddress?.ipAddress }
        let lines: [String] = HTTPField.Name("X-Forwarded-For").map { request.headers[values: $0] } ?? []
        let entries: [String] = lines.joined(separator: ",").split(separator: ",").map { entry in
            String(entry.filter { $0 != " " && $0 != "\t" }.prefix(64))
        }
        guard entries.count >= proxies else { return channel.remoteAddress?.ipAddress }
        return entries[entries.count - proxies]
    }
}

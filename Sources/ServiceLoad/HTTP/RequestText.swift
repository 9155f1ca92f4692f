package import NIOCore

/// A request as its bytes.
package enum RequestText {
    /// - Parameters:
    ///   - method: `GET` and the like.
    ///   - path: With the query, if there is one.
    ///   - token: The bearer's token; nil for public reads.
    ///   - key: The `Idempotency-Key`.
    ///   - json: The body; nil for none.
    /// - Returns: All of it, ready to be written.
    package static func bytes(
        _ method: String, _ path: String, token: String? = nil, key: String? = nil, json: String? = nil
    ) -> ByteBuffer {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        if let token { text += "Authorization: Bearer \(token)\r\n" }
        if let key { text += "Idempotency-Key: \(key)\r\n" }
        if let json {
            text += "Content-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
        } else {
            text += "\r\n"
        }
        return ByteBuffer(string: text)
    }
}

import Crypto

/// How a delivery proves that it comes from the service: HMAC-SHA256 over the timestamp, a point and the body.
package enum WebhookSignature {
    /// The value of the header `Coverdesk-Signature`: `t=1790000000,v1=hex`.
    ///
    /// The key is the secret as it is written, in hexadecimal, so that nobody needs to decode it. The time is signed
    /// too, so that an old delivery sent again by somebody else can be told.
    package static func header(key: String, timestamp: Int64, body: [UInt8]) -> String {
        let message = Array("\(timestamp).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: Array(key.utf8)))
        return "t=\(timestamp),v1=\(hex(Array(code)))"
    }

    /// Bytes as hexadecimal digits, as secrets are told and signatures written.
    package static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

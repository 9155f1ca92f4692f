import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import PageAssets

/// What browsers fetch beside pages: styles, scripts, pictures.
///
/// An address holds a hash of the content, so a browser keeps the file for good and never shows a page with an old one.
struct Assets: Sendable {
    private struct File: Sendable {
        let mediaType: String
        let bytes: ByteBuffer
    }

    private let files: [String: File]
    /// The address of each file by its name.
    private let addresses: [String: String]

    init() {
        var files: [String: File] = [:]
        var addresses: [String: String] = [:]
        for (name, file) in PageAssets.files {
            let hash = SHA256.hash(data: file.bytes).prefix(6).map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
            let path = "\(hash)/\(name)"
            files[path] = File(mediaType: file.mediaType, bytes: ByteBuffer(bytes: file.bytes))
            addresses[name] = "/assets/\(path)"
        }
        self.files = files
        self.addresses = addresses
    }

    /// Where a file is; nil if there is none of this name.
    func address(of name: String) -> String? { addresses[name] }

    func addRoutes(to router: Router<PageContext>) {
        router.get("/assets/:hash/:name") { _, context in
            let path = try "\(context.parameters.require("hash"))/\(context.parameters.require("name"))"
            guard let file = files[path] else { throw HTTPError(.notFound) }
            return Response(
                status: .ok,
                headers: [
                    .contentType: file.mediaType, .cacheControl: "public, max-age=31536000, immutable",
                    .xContentTypeOptions: "nosniff",
                ],
                body: .init(byteBuffer: file.bytes))
        }
    }
}

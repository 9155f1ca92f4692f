import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import PageAssets

/// What browsers fetch beside pages: styles, scripts, pictures.
///
/// An address holds a hash of all files, so a browser keeps them for good, never shows a page with an old one, and finds a
/// script that another one imports beside it.
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
        var hash = SHA256()
        for (name, file) in PageAssets.files.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array(name.utf8))
            hash.update(data: file.bytes)
        }
        let folder = hash.finalize().prefix(6).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        for (name, file) in PageAssets.files {
            let path = "\(folder)/\(name)"
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

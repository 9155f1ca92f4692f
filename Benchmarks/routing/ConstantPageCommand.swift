import ArgumentParser
import Foundation
import Hummingbird
import Logging

/// A plain Hummingbird server with one page that never changes, as long as what widgets read.
struct ConstantPageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "constant-page", abstract: "Serve a constant page; prints the port.", shouldDisplay: false)

    func run() async throws {
        let router = Router()
        let page = ByteBuffer(string: #"{"text":"\#(String(repeating: "x", count: 500))"}"#)
        router.get("/") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: page))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0), backlog: 1024),
            onServerRunning: { channel in
                // Not by print, which keeps it back from a pipe.
                FileHandle.standardOutput.write(Data("\(channel.localAddress?.port ?? 0)\n".utf8))
            }, logger: Logger(label: "constant-page") { _ in SwiftLogNoOpLogHandler() })
        try await application.runService()
    }
}

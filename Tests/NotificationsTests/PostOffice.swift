import Coverage
import Foundation
import Notifications
import Testing

/// A program that takes mails as sendmail does and puts each into a file, for as long as the body runs.
struct PostOffice {
    let folder: URL

    /// The mails that were taken, in no order.
    var mails: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "eml" }
                .map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        }
    }

    func mailbox() throws -> Mailbox {
        Mailbox(
            sendmail: try #require(Sendmail(command: "\(folder.path)/sendmail -t -i")),
            from: try #require(MailAddress("Desk <desk@example.org>")), site: "https://desk.example.org",
            clock: { Instant(secondsSince1970: 1_792_994_400) })
    }

    /// Lends one; `script` is what the program does in the place of putting the mail into a file.
    static func open(_ script: String? = nil, _ body: (PostOffice) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("post-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = folder.appendingPathComponent("sendmail")
        let usual = "mail=$(mktemp '\(folder.path)/XXXXXXXX') && cat >\"$mail\" && mv \"$mail\" \"$mail.eml\""
        try Data("#!/bin/sh\n\(script ?? usual)\n".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        try await body(PostOffice(folder: folder))
    }
}

import NIOCore
import ServiceLoad
import Testing

@Suite("Answers read off a connection")
struct AnswerParserTests {
    private static let two =
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        + "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 40\r\n\r\n"
        + "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 3\r\n\r\nabc"

    @Test("come out whole, however the bytes were cut", arguments: [1, 2, 3, 7, 50, 1000])
    func cut(size: Int) throws {
        var parser = AnswerParser()
        var answers: [String] = []
        let bytes = Array(Self.two.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            var piece = ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)])
            parser.feed(&piece)
            while let answer = try parser.next() { answers.append("\(answer.status) \(String(buffer: answer.body))") }
        }
        #expect(answers == ["201 {}", "304 ", "503 abc"])
    }

    @Test("without a length are refused")
    func withoutLength() {
        var parser = AnswerParser()
        var bytes = ByteBuffer(string: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        parser.feed(&bytes)
        #expect(throws: AnswerParser.Unreadable.self) { try parser.next() }
    }
}

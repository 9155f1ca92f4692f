package import NIOCore

/// Reads the service's answers off a connection: a status and a body of told length.
///
/// It knows as much of HTTP/1.1 as it takes to be cheap beside what it measures: no chunks, no trailers.
package struct AnswerParser {
    package struct Answer: Sendable {
        package var status: Int
        package var body: ByteBuffer
    }

    /// The other side sent what this reader does not know.
    package struct Unreadable: Error {}

    private var buffer = ByteBuffer()

    package init() {}

    package mutating func feed(_ bytes: inout ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeBuffer(&bytes)
        }
    }

    /// The next answer; nil until all of it is there.
    package mutating func next() throws(Unreadable) -> Answer? {
        guard let headLength = headLength else { return nil }
        guard let head = buffer.getBytes(at: buffer.readerIndex, length: headLength), head.count > 12,
            let status = Self.number(head[9..<12])
        else { throw Unreadable() }
        let length = status == 304 || status == 204 ? 0 : try Self.contentLength(head)
        guard buffer.readableBytes >= headLength + length else { return nil }
        buffer.moveReaderIndex(forwardBy: headLength)
        guard let body = buffer.readSlice(length: length) else { throw Unreadable() }
        return Answer(status: status, body: body)
    }

    /// Bytes up to the empty line, and with it.
    private var headLength: Int? {
        let view = buffer.readableBytesView
        var index = view.startIndex
        while let newline = view[index...].firstIndex(of: 10) {
            if newline - view.startIndex >= 3, view[newline - 1] == 13, view[newline - 2] == 10 {
                return newline - view.startIndex + 1
            }
            index = newline + 1
        }
        return nil
    }

    private static let lengthName = Array("content-length:".utf8)

    private static func contentLength(_ head: [UInt8]) throws(Unreadable) -> Int {
        for line in head.split(separator: 10) where line.count > lengthName.count {
            let isLength = zip(line, lengthName).allSatisfy { $0 | 0x20 == $1 | 0x20 }
            guard isLength else { continue }
            guard let length = number(line.dropFirst(lengthName.count)) else { throw Unreadable() }
            return length
        }
        throw Unreadable()
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        let text = String(decoding: bytes, as: UTF8.self)
        return Int(text.filter { $0.isNumber })
    }
}

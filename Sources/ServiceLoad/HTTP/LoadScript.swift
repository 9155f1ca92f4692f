package import NIOCore

/// What one client asks over its connection, over and over.
package protocol LoadScript: Sendable {
    /// The next request.
    ///
    /// - Parameter answer: The answer to the last one; nil at the beginning of a round.
    /// - Returns: Nil once the round is over.
    /// - Throws: ``UnexpectedAnswer`` if the answer is not what the script needs.
    mutating func next(after answer: AnswerParser.Answer?) throws -> ByteBuffer?
}

/// An answer that no client of a measurement should get.
package struct UnexpectedAnswer: Error, CustomStringConvertible {
    package let description: String

    init(_ answer: AnswerParser.Answer) {
        description = "status \(answer.status): \(String(buffer: answer.body))"
    }
}

/// Asks the same page again and again.
package struct PageScript: LoadScript {
    private let request: ByteBuffer

    package init(path: String) {
        request = RequestText.bytes("GET", path)
    }

    package mutating func next(after answer: AnswerParser.Answer?) throws -> ByteBuffer? {
        guard let answer else { return request }
        guard answer.status == 200 else { throw UnexpectedAnswer(answer) }
        return nil
    }
}

/// Creates a session, has it accepted and ends it: three decisions.
package struct SessionScript: LoadScript {
    private enum Step {
        case create, accept, end, over
    }

    private let name: String
    private let queue: String
    private let library: String
    private let token: String
    private var step = Step.create
    private var count = 0
    private var session = ""
    private var person = ""

    /// - Parameters:
    ///   - name: Sets the sessions' ids apart from those of others.
    ///   - queue: The queue, of the channel chat.
    ///   - library: The patron's.
    ///   - token: The chat server's.
    package init(name: String, queue: String, library: String, token: String) {
        self.name = name
        self.queue = queue
        self.library = library
        self.token = token
    }

    package mutating func next(after answer: AnswerParser.Answer?) throws -> ByteBuffer? {
        if let answer, answer.status != 200, answer.status != 201 { throw UnexpectedAnswer(answer) }
        switch step {
        case .create:
            count += 1
            step = .accept
            return RequestText.bytes(
                "POST", "/v1/sessions", token: token,
                json: #"{"id":"\#(name) \#(count)","queue":"\#(queue)","channel":"chat","library":"\#(library)"}"#)
        case .accept:
            guard let answer else { return nil }
            try readOffer(answer)
            step = .end
            return act("accept", #"{"operator":"\#(person)"}"#)
        case .end:
            step = .over
            return act("end", #"{"operator":"\#(person)","outcome":"answered"}"#)
        case .over:
            step = .create
            return nil
        }
    }

    private func act(_ action: String, _ json: String) -> ByteBuffer {
        RequestText.bytes("POST", "/v1/sessions/\(session)/\(action)", token: token, json: json)
    }

    /// Takes the session's number and the operator who is asked first out of the answer, without reading all of it.
    private mutating func readOffer(_ answer: AnswerParser.Answer) throws {
        let bytes = Array(answer.body.readableBytesView)
        guard let number = Self.end(of: "\"session\":", in: bytes[...]),
            let offers = Self.end(of: "\"offers\":[", in: bytes[number...]),
            let first = Self.end(of: "\"operator\":\"", in: bytes[offers...])
        else { throw UnexpectedAnswer(answer) }
        session = String(decoding: bytes[number...].prefix { (48...57).contains($0) }, as: UTF8.self)
        person = String(decoding: bytes[first...].prefix { $0 != 34 }, as: UTF8.self)
    }

    private static func end(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let wanted = Array(text.utf8)
        return bytes.indices.dropLast(wanted.count - 1).first { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
            .map { $0 + wanted.count }
    }
}

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PostgresClient
import Routing

extension Answer {
    /// Its own headers, and those that every answer has.
    private func allHeaders(_ context: ConnectionContext) -> HTTPFields {
        var headers = headers
        headers[.xContentTypeOptions] = "nosniff"
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        if let id = context.requestID { headers[.requestID] = id }
        return headers
    }

    /// The answer in one piece; a stream has none, and comes by ``response(_:)``.
    func whole(_ context: ConnectionContext) -> (head: HTTPResponse, body: ByteBuffer?) {
        var headers = allHeaders(context)
        let body: ByteBuffer?
        switch content {
        case .none, .stream: body = nil
        case .json(let value):
            headers[.contentType] = headers[.contentType] ?? "application/json"
            body = ByteBuffer(bytes: value.bytes)
        case .encodedJSON(let buffer):
            headers[.contentType] = "application/json"
            body = buffer
        case .file(let mediaType, let buffer):
            headers[.contentType] = mediaType
            body = buffer
        }
        headers[.contentLength] = String(body?.readableBytes ?? 0)
        return (HTTPResponse(status: status, headerFields: headers), body)
    }

    func response(_ context: ConnectionContext) -> Response {
        var headers = allHeaders(context)
        switch content {
        case .none:
            return Response(status: status, headers: headers)
        case .json(let value):
            headers[.contentType] = headers[.contentType] ?? "application/json"
            return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: value.bytes)))
        case .encodedJSON(let buffer):
            headers[.contentType] = "application/json"
            return Response(status: status, headers: headers, body: .init(byteBuffer: buffer))
        case .file(let mediaType, let buffer):
            headers[.contentType] = mediaType
            return Response(status: status, headers: headers, body: .init(byteBuffer: buffer))
        case .stream(let mediaType, let body):
            headers[.contentType] = mediaType
            return Response(status: status, headers: headers, body: body)
        }
    }
}

extension Problem {
    /// What an error means to the client; what it does not concern is logged.
    init(_ error: any Error, _ logger: Logger) {
        switch error {
        case let problem as Problem:
            self = problem
        case let refusal as DeskRefusal:
            self.init(refusal)
        case is CancellationError:
            self = .unavailable("the process is stopping: send the same request to another one")
        case let error as PostgresError where error.isConnectionLoss || error.code == .poolExhausted:
            logger.warning("database out of reach", metadata: ["error": "\(error)"])
            self = .unavailable("the database cannot be reached, or is too busy: try again")
        case let error as PostgresError where error.code == .commitOutcomeUnknown || error.code == .poolClosed:
            logger.warning("database out of reach", metadata: ["error": "\(error)"])
            self = .unavailable("whether it was done is not known: send the same request again")
        default:
            logger.error("request failed", metadata: ["error": "\(error)"])
            self = .internalError
        }
    }

    func answer(_ context: ConnectionContext) -> Answer {
        var answer = Answer(status: status, headers: headers, content: .json(json(requestID: context.requestID)))
        answer.headers[.contentType] = Self.mediaType
        return answer
    }
}

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PostgresClient
import Routing

extension Answer {
    func response(_ context: ConnectionContext) -> Response {
        var headers = headers
        headers[.xContentTypeOptions] = "nosniff"
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        if let id = context.requestID { headers[.requestID] = id }
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

    func response(_ context: ConnectionContext, isHead: Bool) -> Response {
        var answer = Answer(status: status, headers: headers, content: .json(json(requestID: context.requestID)))
        answer.headers[.contentType] = Self.mediaType
        let response = answer.response(context)
        return isHead ? response.createHeadResponse() : response
    }
}

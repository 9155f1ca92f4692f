package import Hummingbird
package import Logging
package import NIOCore

/// What Hummingbird hands over with a request.
package struct ConnectionContext: InitializableFromSource {
    package let logger: Logger
    package let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        logger = source.logger
        channel = source.channel
    }

    /// Names the request in the log and to the client.
    var requestID: String? {
        if case .stringConvertible(let id)? = logger[metadataKey: "hb.request.id"] { return id.description }
        return logger[metadataKey: "hb.request.id"].map { "\($0)" }
    }
}

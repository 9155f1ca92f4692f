import HTTPTypes
package import Hummingbird
import Logging

/// A request that was checked against its route.
package struct Exchange: Sendable {
    /// Who asks; nil on routes that ask for no token.
    let access: TokenAccess?
    let path: [String: String]
    let query: [String: JSONValue]
    let headers: HTTPFields
    /// The members of the body; empty if the route takes none.
    let body: JSONObject
    let logger: Logger

    /// A parameter of the path.
    ///
    /// - Throws: An error if the route declares none of this name: a fault of ours, not the client's.
    func path(_ name: String) throws -> String {
        guard let value = path[name] else { throw UndeclaredMember(name: name) }
        return value
    }

    /// Who asks, on routes that ask for a token.
    func requireAccess() throws -> TokenAccess {
        guard let access else { throw UndeclaredMember(name: "token") }
        return access
    }
}

/// A handler asked for what its route does not declare.
struct UndeclaredMember: Error, CustomStringConvertible {
    let name: String

    var description: String { "the route does not declare \(name)" }
}

extension JSONObject {
    /// A member that the route's schema requires.
    func required(_ name: String) throws -> String {
        guard let text = self[name]?.text else { throw UndeclaredMember(name: name) }
        return text
    }

    func requiredInteger(_ name: String) throws -> Int {
        guard let number = self[name]?.integer else { throw UndeclaredMember(name: name) }
        return Int(number)
    }
}

/// What a handler answers.
package struct Answer: Sendable {
    package enum Content: Sendable {
        case none
        case json(JSONValue)
        /// Bytes that are JSON already.
        case encodedJSON(ByteBuffer)
        case file(mediaType: String, ByteBuffer)
        case stream(mediaType: String, ResponseBody)
    }

    var status: HTTPResponse.Status
    var headers: HTTPFields = [:]
    var content: Content = .none

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Answer {
        Answer(status: status, headers: headers, content: .json(value))
    }

    static let noContent = Answer(status: .noContent)
}

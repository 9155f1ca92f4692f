/// Why the server, or the way to it, did not do what was asked.
///
/// ``description`` is fit for logs and people: it leaves out ``detail``, in which the server quotes rows' contents.
/// `String(reflecting:)` tells everything.
package struct PostgresError: Error, Sendable, Hashable {
    /// The server's SQLSTATE, or one of this module's own codes.
    package var code: Code
    /// What failed, in one sentence that begins with a small letter.
    package var message: String
    /// More of it, often with contents of rows.
    package var detail: String?
    /// What the server suggests.
    package var hint: String?
    /// The server's call stack, such as the PL/pgSQL function that ran.
    package var context: String?
    /// Where in the statement, in characters counted from 1.
    package var position: Int?
    package var schema: String?
    package var table: String?
    package var column: String?
    package var dataType: String?
    /// The constraint that would have been broken.
    package var constraint: String?

    package init(code: Code, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        let advice = hint.map { " (hint: \($0))" } ?? ""
        return code.isClientSide ? message + advice : "\(message) [SQLSTATE \(code.rawValue)]\(advice)"
    }

    package var debugDescription: String {
        let parts: [(String, String?)] = [
            ("detail", detail), ("context", context), ("position", position.map(String.init)), ("schema", schema),
            ("table", table), ("column", column), ("type", dataType), ("constraint", constraint),
        ]
        return parts.reduce(into: "PostgresError \(code.rawValue): \(description)") { text, part in
            if let value = part.1 { text += "\n  \(part.0): \(value)" }
        }
    }
}

extension PostgresError {
    /// Whether the connection is gone, so that the same work may succeed on another one.
    package var isConnectionLoss: Bool {
        switch code {
        case .connectionLost, .connectionFailed, .adminShutdown, .crashShutdown, .cannotConnectNow: true
        default: code.rawValue.hasPrefix("08")
        }
    }

    /// Whether the same transaction, run anew from its beginning, may succeed.
    package var isTransient: Bool {
        switch code {
        case .serializationFailure, .deadlockDetected, .staleStatement: true
        default: false
        }
    }
}

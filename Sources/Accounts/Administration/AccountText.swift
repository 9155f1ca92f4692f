import Coverage
import Foundation

/// Accounts in the audit log.
enum AccountText {
    /// A role as JSON.
    static func role(_ role: Account.Role) -> String {
        // Ids hold nothing that JSON would have to escape.
        let library = role.library.map { #", "library_id": "\#($0)""# } ?? ""
        let person = role.operator.map { #", "operator_id": "\#($0)""# } ?? ""
        return #"{"role": "\#(role.kind.rawValue)"\#(library)\#(person)}"#
    }

    /// Somebody at an identity provider as JSON.
    static func identity(_ identity: ProvenIdentity) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let values = ["issuer": identity.issuer, "subject": identity.subject]
        return String(decoding: try encoder.encode(values), as: UTF8.self)
    }
}

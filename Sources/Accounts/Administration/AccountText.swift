import Coverage

/// Accounts in the audit log.
enum AccountText {
    /// A role as JSON.
    static func role(_ role: Account.Role) -> String {
        // Ids hold nothing that JSON would have to escape.
        let library = role.library.map { #", "library_id": "\#($0)""# } ?? ""
        let person = role.operator.map { #", "operator_id": "\#($0)""# } ?? ""
        return #"{"role": "\#(role.kind.rawValue)"\#(library)\#(person)}"#
    }
}

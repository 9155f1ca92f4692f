/// Something in the feed that is not as agreed, with the place where it stands.
package struct FeedFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1 in the answer.
    package var line: Int
    package var table: String?
    package var field: String?
    /// What is wrong, and what would be right.
    package var problem: String

    package init(line: Int, table: String? = nil, field: String? = nil, _ problem: String) {
        self.line = line
        self.table = table
        self.field = field
        self.problem = problem
    }

    package var description: String {
        var place = "line \(line)"
        if let table { place += ", table \(table)" }
        if let field { place += ", field \(field)" }
        return "the service's answer has a fault in \(place): \(problem)"
    }
}

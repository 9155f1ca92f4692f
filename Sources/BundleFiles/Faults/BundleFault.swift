/// One thing wrong in a bundle: where it is, what is wrong, and what would be right.
package struct BundleFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file's name inside the bundle's folder.
    package let file: String
    /// The line on which the record begins, from 1; what concerns the whole file is on line 1.
    package let line: Int
    /// The column or key; nil where the fault lies in no single one.
    package let field: String?
    package let problem: String
    package let remedy: String

    package init(file: String, line: Int, field: String? = nil, problem: String, remedy: String) {
        self.file = file
        self.line = line
        self.field = field
        self.problem = problem
        self.remedy = remedy
    }

    /// `operators.csv:3: library_id: there is no library “pub9”, expected an id of libraries.csv`.
    package var description: String {
        "\(file):\(line): \(field.map { "\($0): " } ?? "")\(problem), \(remedy)"
    }
}

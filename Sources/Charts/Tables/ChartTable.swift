/// What a chart shows, in words and numbers: for a page, and as CSV for spreadsheets and programs.
package struct ChartTable: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package let title: String
        /// Whether it stands to the right, and a minus sign may begin its cells.
        package let isNumber: Bool
        /// Whether it is in the file alone: instants with their offset from UTC, ids.
        package let isForPrograms: Bool

        package static func text(_ title: String) -> Column {
            Column(title: title, isNumber: false, isForPrograms: false)
        }

        package static func number(_ title: String) -> Column {
            Column(title: title, isNumber: true, isForPrograms: false)
        }

        package static func forPrograms(_ title: String) -> Column {
            Column(title: title, isNumber: false, isForPrograms: true)
        }
    }

    package let columns: [Column]
    /// Each with as many cells as there are columns; an empty cell has nothing to tell.
    package let rows: [[String]]

    /// - Parameters:
    ///   - columns: What is told.
    ///   - rows: Each with as many cells as there are columns.
    package init(columns: [Column], rows: [[String]]) {
        self.columns = columns
        self.rows = rows
    }

    /// The same without the columns that are for programs alone.
    package var shown: ChartTable {
        let kept = columns.indices.filter { !columns[$0].isForPrograms }
        return ChartTable(columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
    }

    /// The table as RFC 4180 has it: a header line, lines that end with CRLF, UTF-8.
    ///
    /// A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@`, or with a tab or a carriage return, for a formula:
    /// such a text gets an apostrophe in front, as OWASP's page on CSV injection has it. Numbers stay as they are.
    package var csv: String {
        var csv = Self.line(columns.map { Self.harmless($0.title) })
        for row in rows {
            csv += Self.line(zip(columns, row).map { $0.isNumber && Self.isNumber($1) ? $1 : Self.harmless($1) })
        }
        return csv
    }

    private static func line(_ cells: [String]) -> String {
        cells.map(quoted).joined(separator: ",") + "\r\n"
    }

    private static func harmless(_ cell: String) -> String {
        guard let first = cell.unicodeScalars.first else { return cell }
        return formulaStarts.contains(first) ? "'\(cell)" : cell
    }

    /// With their wide forms, which some spreadsheets take for the same.
    private static let formulaStarts: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]

    private static func isNumber(_ cell: String) -> Bool {
        let digits = cell.utf8.first == 0x2D ? cell.utf8.dropFirst() : cell.utf8[...]
        return !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }

    private static func quoted(_ cell: String) -> String {
        let needsQuotes = cell.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes || cell.utf8.first == 0x20 || cell.utf8.last == 0x20 else { return cell }
        var quoted = "\""
        // By scalars: a quotation mark with an accent on it is another character, and still ends the cell.
        for scalar in cell.unicodeScalars { quoted += scalar == "\"" ? "\"\"" : String(scalar) }
        return quoted + "\""
    }
}

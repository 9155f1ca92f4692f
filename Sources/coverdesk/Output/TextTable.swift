/// Columns of text, as wide as their widest cell.
struct TextTable {
    enum Alignment {
        case left, right
    }

    private let alignments: [Alignment]
    private var rows: [[String]]

    /// - Parameter columns: Heading and alignment of each column.
    init(_ columns: [(String, Alignment)]) {
        alignments = columns.map(\.1)
        rows = [columns.map(\.0)]
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    var isEmpty: Bool { rows.count == 1 }

    /// The lines; the heading is bold where there is colour.
    func lines(_ terminal: Terminal) -> [String] {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.enumerated().map { index, row in
            var line = "  "
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += alignments[column] == .left ? cell + padding : padding + cell
                if column < row.count - 1 { line += "  " }
            }
            while line.last == " " { line.removeLast() }
            return index == 0 ? terminal.styled(line, .bold) : line
        }
    }
}

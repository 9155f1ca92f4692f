import Coverage

/// The columns of one of a bundle's CSV files; the raw value is what its first line says.
protocol TableColumn: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

extension TableColumn {
    static var names: [String] { allCases.map(\.rawValue) }
}

/// Reads one CSV file row by row, and keeps what is wrong with it.
struct TableReader<Column: TableColumn> {
    private(set) var faults: FaultList
    /// The row last read.
    var row: TableRow<Column>
    /// False once part of the file could not be read, so that what it holds is not wholly known.
    private(set) var isComplete = true
    /// Values of the salvaged column in rows that are broken: they are there, though their row cannot be used.
    private(set) var salvaged: [String] = []

    private let limits: BundleLimits
    private let mostRows: Int
    private let salvagedColumn: Column?
    private var rowCount = 0
    private var reader: CSVReader?

    /// Opens a file and reads its first line.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: How faults name it.
    ///   - limits: How large it may be.
    ///   - bytes: Bytes that it may have; nil is any number.
    ///   - rows: Rows that it may have.
    ///   - column: The column whose values are kept of rows that are broken.
    ///   - digests: Whether a digest of the file is wanted at the end.
    init(
        path: String, name: String, limits: BundleLimits, bytes: Int?, rows: Int, salvaging column: Column? = nil,
        digests: Bool = false
    ) {
        faults = FaultList(file: name, limit: limits.listedFaults)
        row = TableRow(positions: [:])
        self.limits = limits
        mostRows = rows
        salvagedColumn = column
        do {
            let source = try ByteSource(path: path, limit: bytes, chunkBytes: limits.chunkBytes, digests: digests)
            reader = CSVReader(source, fieldLimit: limits.fieldBytes)
        } catch {
            stop(line: 1, error.problem, error.remedy)
        }
        readHeader()
    }

    /// Opens one of a bundle's files.
    init(_ file: BundleFile, in folder: String, limits: BundleLimits, salvaging column: Column? = nil) {
        self.init(
            path: file.path(in: folder), name: file.rawValue, limits: limits, bytes: limits.bytes(of: file),
            rows: limits.rows, salvaging: column)
    }

    /// A digest of the file, once ``next()`` has answered false.
    var digest: UInt64? { reader?.digest }

    /// Reads the next row into ``row``; false at the end.
    mutating func next() -> Bool {
        takeFaultsOfRow()
        while readRecord() {
            rowCount += 1
            guard rowCount <= mostRows else {
                stop(line: row.line, "the file has more than \(mostRows) rows", "expected a smaller one")
                return false
            }
            row.isListed = faults.hasRoom
            if isWhole() { return true }
            if let salvagedColumn, let text = row.salvage(salvagedColumn) { salvaged.append(text) }
        }
        return false
    }

    /// Adds a fault that more than one row shows.
    mutating func fault(line: Int, _ column: Column, _ problem: @autoclosure () -> String, _ remedy: String) {
        faults.add(line: line, field: column.rawValue, problem(), remedy)
    }

    // MARK: Records

    private mutating func readRecord() -> Bool {
        do {
            return try reader?.next(into: &row.record) ?? false
        } catch {
            stop(line: row.line + 1, error.problem, error.remedy)
            return false
        }
    }

    /// Whether the record has all its values; if not that is a fault.
    private mutating func isWhole() -> Bool {
        if let flaw = row.record.flaw {
            faults.add(line: flaw.line, field: row.name(ofField: flaw.field), flaw.problem, flaw.remedy)
            if flaw.endsFile { isComplete = false }
            return false
        }
        guard row.record.fieldCount == row.width else {
            faults.add(
                line: row.line, "the line has \(row.record.fieldCount) values",
                "expected \(row.width) as in the first line, with quotes around a value that holds a comma")
            return false
        }
        return true
    }

    private mutating func takeFaultsOfRow() {
        guard !row.faults.isEmpty || row.unlistedCount > 0 else { return }
        for fault in row.faults {
            faults.add(line: fault.line, field: fault.field, fault.problem, fault.remedy)
        }
        faults.addUnlisted(row.unlistedCount)
        row.forgetFaults()
    }

    private mutating func stop(line: Int, _ problem: String, _ remedy: String) {
        faults.add(line: line, problem, remedy)
        isComplete = false
        reader = nil
    }

    // MARK: The first line

    private mutating func readHeader() {
        guard reader != nil else { return }
        let expected = "expected a first line that says \(Column.names.joined(separator: ","))"
        guard readRecord() else {
            if reader != nil { stop(line: 1, "the file is empty", expected) }
            return
        }
        if let flaw = row.record.flaw {
            return stop(line: flaw.line, flaw.problem, flaw.remedy)
        }
        let names = (0..<row.record.keptCount).map { row.record.text($0) }
        let known = names.contains { Column(rawValue: $0) != nil }
        guard known else {
            return stop(line: row.line, "the first line names no column of this file", expected)
        }
        let positions = columns(named: names)
        isComplete = positions.count == Column.allCases.count
        row.use(positions: positions, width: row.record.fieldCount)
    }

    /// Where each column stands; unknown, repeated and missing names are faults.
    private mutating func columns(named names: [String]) -> [Column: Int] {
        var positions: [Column: Int] = [:]
        for (position, name) in names.enumerated() {
            guard let column = Column(rawValue: name) else { continue }
            if let earlier = positions.updateValue(position, forKey: column) {
                faults.add(
                    line: row.line, field: name,
                    "the column is there twice, as value \(earlier + 1) and \(position + 1)", "expected it once")
            }
        }
        var missing = Column.allCases.filter { positions[$0] == nil }.map(\.rawValue)
        for (position, name) in names.enumerated() where Column(rawValue: name) == nil {
            // A column in another spelling is not missing as well.
            let meant = Nearest.word(to: name, among: missing)
            missing.removeAll { $0 == meant }
            faults.add(
                line: row.line, field: Skill.isValid(name) ? name : "column \(position + 1)", "there is no such column",
                "expected \(meant ?? "only \(Column.names.joined(separator: ","))")")
        }
        for name in missing {
            faults.add(
                line: row.line, field: name, "the column is missing",
                "expected a first line that says \(Column.names.joined(separator: ","))")
        }
        return positions
    }
}

import Coverage

/// One row of a table: its values by column, read with every fault noted.
///
/// A value that cannot be used is nil, and then the row holds a fault that says why.
struct TableRow<Column: TableColumn> {
    var record = CSVRecord()
    private(set) var faults: [BundleFault] = []
    /// Faults that were found when no more are listed.
    private(set) var unlistedCount = 0
    /// Whether faults of this row will be listed, and so are worth putting into words.
    var isListed = true

    private var positions: [Column: Int]
    /// How many values a row has.
    private(set) var width = 0

    init(positions: [Column: Int]) {
        self.positions = positions
    }

    mutating func use(positions: [Column: Int], width: Int) {
        self.positions = positions
        self.width = width
        record.keptFields = min(width, record.keptFields)
    }

    var line: Int { record.line }

    func name(ofField index: Int) -> String? {
        positions.first { $0.value == index }?.key.rawValue
    }

    mutating func fault(
        _ column: Column, _ problem: @autoclosure () -> String, _ remedy: @autoclosure () -> String
    ) {
        guard isListed else {
            unlistedCount += 1
            return
        }
        faults.append(
            BundleFault(file: "", line: line, field: column.rawValue, problem: problem(), remedy: remedy()))
    }

    /// Adds the fault of a value that cannot be used, or of one that is not there.
    mutating func refuse(
        _ text: String, in column: Column, _ complaint: @autoclosure () -> String, _ remedy: @autoclosure () -> String
    ) {
        fault(column, text.isEmpty ? "the value is empty" : "\(text.quoted) \(complaint())", remedy())
    }

    mutating func forgetFaults() {
        faults.removeAll(keepingCapacity: true)
        unlistedCount = 0
    }

    /// The value of a broken row, if it can be told.
    func salvage(_ column: Column) -> String? {
        guard let position = positions[column], position < record.keptCount else { return nil }
        return record.text(position)
    }

    // MARK: Texts

    /// Any text, the empty one too; nil only where the column is missing, which is a fault of the first line.
    func text(_ column: Column) -> String? {
        positions[column].map { record.text($0) }
    }

    mutating func name(_ column: Column) -> String? {
        guard let text = text(column) else { return nil }
        guard !text.utf8.allSatisfy({ $0 == 0x20 }) else {
            fault(column, "the value is empty", "expected a name")
            return nil
        }
        return text
    }

    /// An address, looked at only for what no address can be; the empty text is none.
    mutating func email(_ column: Column) -> String? {
        guard let text = text(column) else { return nil }
        let parts = text.utf8.split(separator: 0x40, omittingEmptySubsequences: false)
        let isPlausible = parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.allSatisfy { $0 > 0x20 }
        guard text.isEmpty || isPlausible else {
            fault(column, "\(text.quoted) is no email address", "expected one like ask@library.example.org, or nothing")
            return nil
        }
        return text
    }

    /// One of a few words.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ column: Column) -> Choice? {
        guard let text = text(column) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        refuse(
            text, in: column, "is not allowed here", Nearest.remedy(for: text, among: Choice.allCases.map(\.rawValue)))
        return nil
    }

    // MARK: Numbers

    mutating func wholeNumber(_ column: Column, in range: ClosedRange<Int>) -> Int? {
        guard let position = positions[column] else { return nil }
        var digits = record.field(position)
        let isNegative = digits.first == 0x2D
        if isNegative { digits = digits.dropFirst() }
        if let magnitude = Int(asciiDigits: digits), range.contains(isNegative ? -magnitude : magnitude) {
            return isNegative ? -magnitude : magnitude
        }
        let isNumber = !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
        faultyNumber(
            column, isNumber: isNumber, isNegative: isNegative && range.lowerBound >= 0,
            "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// A number with at most three decimals.
    mutating func decimal(_ column: Column, in range: ClosedRange<Thousandths>) -> Thousandths? {
        guard let text = text(column) else { return nil }
        let number = Thousandths(text)
        if let number, range.contains(number) { return number }
        faultyNumber(
            column, isNumber: number != nil, isNegative: text.hasPrefix("-") && range.lowerBound >= .zero,
            "expected a number from \(range.lowerBound) to \(range.upperBound), with at most three decimals")
        return nil
    }

    private mutating func faultyNumber(
        _ column: Column, isNumber: Bool, isNegative: Bool, _ remedy: @autoclosure () -> String
    ) {
        let complaint =
            switch (isNumber, isNegative) {
            case (false, _): "is not a number that can be read"
            case (true, true): "is negative"
            case (true, false): "is out of range"
            }
        refuse(text(column) ?? "", in: column, complaint, remedy())
    }
}

/// What keeps a cell's bytes alive and knows its column's name.
protocol PostgresCellOwner: AnyObject, Sendable {
    func columnName(_ index: Int) -> String
}

/// One value of a row, as the server sent it.
///
/// It points into the server's answer and keeps it alive; nothing is copied until it is decoded.
@safe
package struct PostgresCell {
    package let type: PostgresType
    package let format: PostgresFormat
    private let column: Int
    /// Nil is NULL.
    private let start: UnsafeRawPointer?
    private let count: Int
    private let owner: any PostgresCellOwner

    /// Points to `count` bytes at `start`, which live and stay the same as long as `owner` lives.
    @unsafe
    init(
        type: PostgresType, format: PostgresFormat, column: Int, start: UnsafeRawPointer?, count: Int,
        owner: any PostgresCellOwner
    ) {
        self.type = type
        self.format = format
        self.column = column
        unsafe self.start = unsafe start
        self.count = count
        self.owner = owner
    }

    package var isNull: Bool { unsafe start == nil }

    /// How many bytes the value has; 0 for NULL.
    package var byteCount: Int { count }

    /// The value's bytes as text, whatever the type.
    package var rawText: String {
        unsafe withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// What the column is called in errors.
    var columnDescription: String { owner.columnName(column) }

    /// Lends the value's bytes, none for NULL.
    @unsafe
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withExtendedLifetime(owner) { unsafe body(UnsafeRawBufferPointer(start: start, count: count)) }
    }

    /// The whole number in network byte order at an offset; nil if the value is too short for it.
    func integer<Number: FixedWidthInteger>(_: Number.Type = Number.self, at offset: Int = 0) -> Number? {
        guard offset >= 0, count - offset >= MemoryLayout<Number>.size else { return nil }
        // In bounds by the line above; any bits are a number.
        return unsafe withBytes { bytes in
            unsafe Number(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
    }

    /// A part of this value as a value of its own, such as an array's element; nil range is NULL.
    func part(_ range: Range<Int>?, type: PostgresType) -> PostgresCell {
        guard let range, range.lowerBound >= 0, range.upperBound <= count, let start = unsafe start else {
            return unsafe PostgresCell(
                type: type, format: format, column: column, start: nil, count: 0, owner: owner)
        }
        return unsafe PostgresCell(
            type: type, format: format, column: column, start: start + range.lowerBound, count: range.count,
            owner: owner)
    }

    /// The error for a cell that is not what was asked for; it names the column and never the value.
    ///
    /// - Parameters:
    ///   - wanted: The type that was asked for.
    ///   - reason: Why it does not fit, where that is not plain from the types.
    /// - Returns: An error with the code `decoding`.
    package func mismatch<Wanted>(_ wanted: Wanted.Type, because reason: String? = nil) -> PostgresError {
        let why = reason ?? (isNull ? "it is NULL: ask for \(wanted)?" : "the types do not fit")
        return PostgresError(
            code: .decoding,
            message: "column \(columnDescription) (\(type)) cannot be read as \(wanted): \(why)")
    }
}

/// Texts that were taken apart on this side, kept for cells that point into them.
@safe
// Sendable, though it holds a pointer: the bytes are written once, before the initialiser returns, and freed when
// nobody refers to the object any more.
final class TextFields: PostgresCellOwner, @unchecked Sendable {
    private let bytes: UnsafeMutableRawBufferPointer
    private let ranges: [Range<Int>?]
    private let name: @Sendable (Int) -> String

    /// - Parameters:
    ///   - contents: The bytes of all fields, one after the other.
    ///   - ranges: Where each field lies in them; nil is NULL.
    ///   - name: What a field is called in errors.
    init(_ contents: [UInt8], ranges: [Range<Int>?], name: @escaping @Sendable (Int) -> String) {
        unsafe bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, contents.count), alignment: 1)
        unsafe bytes.copyBytes(from: contents)
        self.ranges = ranges
        self.name = name
    }

    deinit {
        unsafe bytes.deallocate()
    }

    var count: Int { ranges.count }

    func columnName(_ index: Int) -> String { name(index) }

    func cell(_ index: Int, type: PostgresType = .unknown) -> PostgresCell {
        let range = ranges[index]
        // The range was made from the bytes; they are never changed, and freed with this owner.
        return unsafe PostgresCell(
            type: type, format: .text, column: index, start: range.flatMap { unsafe start(of: $0) },
            count: range?.count ?? 0, owner: self)
    }

    private func start(of range: Range<Int>) -> UnsafeRawPointer? {
        unsafe bytes.baseAddress.map { unsafe UnsafeRawPointer($0 + range.lowerBound) }
    }

    /// One text as a cell of its own, called in errors like the cell that it is a part of.
    static func cell(_ text: String?, type: PostgresType, describedBy whole: PostgresCell) -> PostgresCell {
        let contents = Array((text ?? "").utf8)
        let name = whole.columnDescription
        return TextFields(contents, ranges: [text.map { _ in 0..<contents.count }]) { _ in name }.cell(0, type: type)
    }
}

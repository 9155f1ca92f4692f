/// Bytes on their way to the server, to which values append themselves.
package struct PostgresBuffer: Sendable {
    private(set) var bytes: [UInt8] = []

    /// Appends a whole number in network byte order.
    mutating func append(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(utf8 text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(contentsOf other: some Collection<UInt8>) {
        bytes.append(contentsOf: other)
    }

    mutating func append(byte: UInt8) {
        bytes.append(byte)
    }

    mutating func reserveCapacity(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Appends what the closure writes behind its length in four bytes.
    mutating func appendWithLength(
        _ write: (inout PostgresBuffer) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        let start = bytes.count
        append(Int32(0))
        try write(&self)
        guard let length = Int32(exactly: bytes.count - start - 4) else {
            throw PostgresError(code: .encoding, message: "a value is longer than the 2 GiB that the server takes")
        }
        unsafe withUnsafeBytes(of: length.bigEndian) { prefix in
            for offset in 0..<4 { unsafe bytes[start + offset] = prefix[offset] }
        }
    }

    /// Replaces what was written since `start`.
    mutating func rewrite(from start: Int, _ change: (ArraySlice<UInt8>, inout [UInt8]) -> Void) {
        let written = bytes[start...]
        var replacement: [UInt8] = []
        replacement.reserveCapacity(written.count + 16)
        change(written, &replacement)
        bytes.replaceSubrange(start..., with: replacement)
    }
}

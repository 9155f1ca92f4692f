import CZLib
import NIOCore

/// Bytes compressed by themselves, as whole blocks that can follow any other blocks (RFC 1951).
///
/// A compressor that went on from segment to segment would squeeze out a little more, but it takes 256 KiB for each
/// stream that waits; this takes none.
struct DeflatedSegment: Sendable {
    let blocks: ByteBuffer
    /// The CRC-32 of the plain bytes.
    let checksum: UInt32
    /// How many plain bytes there are.
    let count: Int

    /// Below this, compression gains next to nothing.
    private static let leastToCompress = 128
    /// The most that a block holds which is stored as it is.
    private static let storedBlock = 65_535

    init(_ plain: ByteBuffer) {
        let bytes = Array(plain.readableBytesView)
        count = bytes.count
        checksum = UInt32(truncatingIfNeeded: unsafe crc32(0, bytes, UInt32(bytes.count)))
        let deflated = bytes.count < Self.leastToCompress ? nil : Self.deflated(bytes)
        blocks = deflated ?? Self.stored(bytes)
    }

    /// Compresses, and ends at a whole byte; nil if zlib cannot, for want of memory.
    private static func deflated(_ bytes: [UInt8]) -> ByteBuffer? {
        var stream = unsafe z_stream()
        // Without zlib's frame (the negative size of the window); quick rather than small.
        guard
            unsafe deflateInit2_(
                &stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { return nil }
        defer { unsafe deflateEnd(&stream) }
        let capacity = Int(unsafe deflateBound(&stream, UInt(bytes.count))) + 64
        var input = bytes
        let output = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, written in
            unsafe input.withUnsafeMutableBufferPointer { input in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(capacity)
                // The room is enough for all at once; if it were not, some input would be left.
                let isWhole = unsafe (deflate(&stream, Z_SYNC_FLUSH) == Z_OK && stream.avail_in == 0)
                written = isWhole ? capacity - Int(unsafe stream.avail_out) : 0
            }
        }
        return output.isEmpty ? nil : ByteBuffer(bytes: output)
    }

    private static func stored(_ bytes: [UInt8]) -> ByteBuffer {
        var blocks = ByteBuffer()
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(storedBlock)
            rest = rest.dropFirst(block.count)
            blocks.writeInteger(UInt8(0))
            blocks.writeInteger(UInt16(block.count), endianness: .little)
            blocks.writeInteger(~UInt16(block.count), endianness: .little)
            blocks.writeBytes(block)
        }
        return blocks
    }
}

/// Puts segments together to one gzip stream (RFC 1952).
struct GzipFraming: Sendable {
    private var checksum: UInt32 = 0
    private var count: UInt32 = 0
    private var hasBegun = false

    /// Deflate, no name, no time, unknown system.
    private static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

    mutating func append(_ segment: DeflatedSegment) -> ByteBuffer {
        checksum = UInt32(
            truncatingIfNeeded: crc32_combine(UInt(checksum), UInt(segment.checksum), segment.count))
        count &+= UInt32(truncatingIfNeeded: segment.count)
        guard !hasBegun else { return segment.blocks }
        hasBegun = true
        var buffer = ByteBuffer(bytes: Self.head)
        buffer.writeImmutableBuffer(segment.blocks)
        return buffer
    }

    /// An empty last block, the checksum and the length.
    func end() -> ByteBuffer {
        var buffer = ByteBuffer(bytes: hasBegun ? [] : Self.head)
        buffer.writeBytes([3, 0])
        buffer.writeInteger(checksum, endianness: .little)
        buffer.writeInteger(count, endianness: .little)
        return buffer
    }
}

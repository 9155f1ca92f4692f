import NIOCore
import Synchronization

/// Some lines of a feed, shared by all who are sent them: compressed once, however many they are.
package final class SyncSegment: Sendable {
    let plain: ByteBuffer
    private let compressed = Mutex<DeflatedSegment?>(nil)

    init(_ plain: ByteBuffer) {
        self.plain = plain
    }

    /// The bytes as part of a gzip stream.
    var deflated: DeflatedSegment {
        compressed.withLock { compressed in
            if let compressed { return compressed }
            let made = DeflatedSegment(plain)
            compressed = made
            return made
        }
    }
}

/// Turns segments into what goes over the wire: as they are, or as one gzip stream.
struct SyncEncoder: Sendable {
    private var gzip: GzipFraming?

    init(isCompressed: Bool) {
        gzip = isCompressed ? GzipFraming() : nil
    }

    mutating func encode(_ segment: SyncSegment) -> ByteBuffer {
        gzip == nil ? segment.plain : encode(deflated: segment.deflated)
    }

    mutating func encode(_ plain: ByteBuffer) -> ByteBuffer {
        gzip == nil ? plain : encode(deflated: DeflatedSegment(plain))
    }

    private mutating func encode(deflated: DeflatedSegment) -> ByteBuffer {
        gzip?.append(deflated) ?? deflated.blocks
    }

    /// What is still to be sent at the end, if anything is.
    func end() -> ByteBuffer? { gzip?.end() }
}

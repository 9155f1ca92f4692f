import BundleFiles
import TestSupport
import Testing

@Suite("Bundles with damage of any kind")
struct FuzzTests {
    @Test("damaged bytes are read as a bundle or named as faults", arguments: 1...200 as ClosedRange<UInt64>)
    func damaged(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let folder = try BundleFolder()
        let name = random.pick(BundleFolder.texts.keys.sorted())
        var bytes = try folder.bytes(of: name)
        for _ in 0..<Int.random(in: 1...6, using: &random) { damage(&bytes, using: &random) }
        try folder.write(bytes, to: name)
        do {
            let bundle = try BundleReader(folder: folder.path).read()
            // Whatever was taken is in order, so it can be written, and reads again.
            try BundleWriter(folder: folder.path).write(bundle)
            #expect(folder.faults() == [])
        } catch let faults as BundleFaults {
            #expect(faults.count > 0)
            #expect(faults.faults.allSatisfy { $0.line > 0 && !$0.problem.isEmpty && !$0.remedy.isEmpty })
        }
    }

    private func damage(_ bytes: inout [UInt8], using random: inout SplitMix64) {
        let place = Int.random(in: 0...max(0, bytes.count - 1), using: &random)
        let telling: [UInt8] = Array("\",\n\r;:-+*&{}[]#09zZ \u{0}".utf8) + [0xFF, 0xC3, 0xEF]
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.insert(random.pick(telling), at: place)
        case 1 where !bytes.isEmpty: bytes[place] = random.pick(telling)
        case 2 where !bytes.isEmpty: bytes.remove(at: place)
        case 3: bytes = Array(bytes.prefix(place))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
        }
    }
}

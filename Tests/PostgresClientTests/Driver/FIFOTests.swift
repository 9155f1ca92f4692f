import TestSupport
import Testing

import PostgresClient

@Suite("A line")
struct FIFOTests {
    @Test("behaves as an array would, whatever happens", arguments: 1...10)
    func likeAnArray(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var line = FIFO<Int>()
        var array: [Int] = []
        for number in 0..<3000 {
            switch Int.random(in: 0..<20, using: &generator) {
            case 0...9:
                line.append(number)
                array.append(number)
            case 10...16:
                #expect(line.popFirst() == (array.isEmpty ? nil : array.removeFirst()))
            case 17:
                line.insert(number) { $0.isMultiple(of: 2) }
                array.insert(number, at: array.firstIndex { !$0.isMultiple(of: 2) } ?? array.count)
            case 18:
                let gone = array.randomElement(using: &generator)
                line.removeAll { $0 == gone }
                array.removeAll { $0 == gone }
            default:
                #expect(line.contains { $0 == number / 2 } == array.contains(number / 2))
            }
            #expect(line.first == array.first)
            #expect(line.count == array.count)
        }
        #expect(line.drain() == array)
        #expect(line.isEmpty)
    }
}

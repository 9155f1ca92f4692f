import Coverage
import TestSupport
import Testing

@Suite("What separates two collections")
struct CollectionDifferenceTests {
    /// Something with a key and contents.
    struct Card: Hashable, Sendable {
        let key: Int
        let text: Int
    }

    @Test("what came, went and changed is told in the order of the collection that has it")
    func parts() {
        let before = [Card(key: 5, text: 0), Card(key: 1, text: 0), Card(key: 2, text: 0), Card(key: 3, text: 0)]
        let after = [Card(key: 9, text: 0), Card(key: 2, text: 1), Card(key: 1, text: 0), Card(key: 4, text: 0)]
        let difference = CollectionDifference(from: before, to: after, by: \.key)

        #expect(difference.added == [after[0], after[3]])
        #expect(difference.removed == [before[0], before[3]])
        #expect(difference.changed.map(\.before) == [before[2]])
        #expect(difference.changed.map(\.after) == [after[1]])
        #expect(difference.unchangedCount == 1)
        #expect(!difference.isEmpty)
    }

    @Test("of two elements under one key the first counts")
    func repeated() {
        let card = Card(key: 1, text: 0)
        let difference = CollectionDifference(from: [card], to: [card, Card(key: 1, text: 1)], by: \.key)
        #expect(difference.isEmpty)
        #expect(difference.unchangedCount == 1)
    }

    @Test("making the changes to the earlier collection gives the later one, and what is out of scope stays")
    func applying() {
        var generator = SplitMix64(seed: 19)
        for _ in 0..<500 {
            let before = randomCards(using: &generator)
            let after = randomCards(using: &generator)
            let inScope = { (card: Card) in card.key % 3 != 0 }
            let difference = CollectionDifference(from: before, to: after, by: \.key, removing: inScope)

            let keysAfter = Set(after.map(\.key))
            let stays = before.filter { !inScope($0) && !keysAfter.contains($0.key) }
            #expect(Set(apply(difference, to: before)) == Set(after + stays))
            #expect(difference.unchangedCount == Set(before).intersection(after).count)
            #expect(difference.isEmpty == (Set(after + stays) == Set(before)))
        }
    }

    @Test("a collection does not differ from itself in another order")
    func itself() {
        var generator = SplitMix64(seed: 23)
        let cards = randomCards(using: &generator)
        let difference = CollectionDifference(from: cards, to: cards.shuffled(using: &generator), by: \.key)
        #expect(difference.isEmpty)
        #expect(difference.unchangedCount == cards.count)
    }

    private func randomCards(using generator: inout SplitMix64) -> [Card] {
        let keys = (0..<20).shuffled(using: &generator).prefix(Int.random(in: 0...20, using: &generator))
        return keys.map { Card(key: $0, text: Int.random(in: 0...1, using: &generator)) }
    }

    private func apply(_ difference: CollectionDifference<Card>, to cards: [Card]) -> [Card] {
        let gone = Set(difference.removed + difference.changed.map(\.before))
        return cards.filter { !gone.contains($0) } + difference.changed.map(\.after) + difference.added
    }
}

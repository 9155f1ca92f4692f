/// A line: who comes first goes first.
package struct FIFO<Element> {
    /// Those who have gone left nil behind, so that nothing keeps them alive.
    private var places: [Element?] = []
    private var head = 0

    /// Nobody is there yet.
    package init() {}

    package var isEmpty: Bool { head == places.count }
    package var count: Int { places.count - head }
    package var first: Element? { isEmpty ? nil : places[head] }

    package mutating func append(_ element: Element) {
        places.append(element)
    }

    /// Puts somebody before all others but those at the front for whom the condition holds.
    package mutating func insert(_ element: Element, behind isBefore: (Element) -> Bool) {
        let index = places[head...].firstIndex { !($0.map(isBefore) ?? false) } ?? places.count
        places.insert(element, at: index)
    }

    /// Takes out the first; nil if nobody is there.
    ///
    /// - Complexity: O(1) on average.
    @discardableResult
    package mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = places[head]
        places[head] = nil
        head += 1
        if head == places.count {
            places.removeAll(keepingCapacity: head <= 64)
            head = 0
        } else if head >= 64, head * 2 > places.count {
            places.removeFirst(head)
            head = 0
        }
        return element
    }

    package func forEach(_ body: (Element) -> Void) {
        for case .some(let element) in places[head...] { body(element) }
    }

    package func contains(where condition: (Element) -> Bool) -> Bool {
        places[head...].contains { $0.map(condition) ?? false }
    }

    package mutating func removeAll(where condition: (Element) -> Bool) {
        places = places[head...].filter { $0.map { !condition($0) } ?? false }
        head = 0
    }

    /// Empties the line and gives who stood in it.
    package mutating func drain() -> [Element] {
        defer {
            places = []
            head = 0
        }
        return places[head...].compactMap(\.self)
    }
}

extension FIFO: Sendable where Element: Sendable {}

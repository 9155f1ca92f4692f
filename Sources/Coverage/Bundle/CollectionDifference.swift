/// What separates two collections whose elements are known by a key: what came, what went, what changed.
package struct CollectionDifference<Element: Hashable & Sendable>: Sendable {
    /// An element under the same key with other contents.
    package struct Change: Sendable {
        package let before: Element
        package let after: Element
    }

    /// In the order of the later collection.
    package let added: [Element]
    /// In the order of the later collection.
    package let changed: [Change]
    /// In the order of the earlier collection.
    package let removed: [Element]
    package let unchangedCount: Int

    /// - Parameters:
    ///   - before: The earlier collection.
    ///   - after: The later one; of several elements under one key the first counts.
    ///   - key: What makes an element the same element.
    ///   - isInScope: Whether an element that is missing later was meant to go; others stay unmentioned.
    /// - Complexity: linear in both collections.
    package init<Key: Hashable>(
        from before: [Element], to after: [Element], by key: (Element) -> Key,
        removing isInScope: (Element) -> Bool = { _ in true }
    ) {
        let earlier = Dictionary(before.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        var kept: Set<Key> = []
        var (added, changed): ([Element], [Change]) = ([], [])
        for element in after {
            let elementKey = key(element)
            guard kept.insert(elementKey).inserted else { continue }
            switch earlier[elementKey] {
            case nil: added.append(element)
            case element?: break
            case let previous?: changed.append(Change(before: previous, after: element))
            }
        }
        self.added = added
        self.changed = changed
        removed = before.filter { !kept.contains(key($0)) && isInScope($0) }
        unchangedCount = kept.count - added.count - changed.count
    }

    package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }
}

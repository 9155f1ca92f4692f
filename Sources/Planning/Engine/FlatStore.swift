/// Memory of a fixed number of plain values for the search's innermost loops.
///
/// An array would check its bounds and its uniqueness at every write of the hundred million a second. Here bounds are
/// checked in debug builds; each use says why they hold.
@safe struct FlatStore<Element: BitwiseCopyable>: ~Copyable {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(count: Int, repeating value: Element) {
        self.count = count
        unsafe base = .allocate(capacity: max(1, count))
        unsafe base.initialize(repeating: value, count: count)
    }

    init(_ values: [Element]) {
        count = values.count
        unsafe base = .allocate(capacity: max(1, count))
        for (index, value) in values.enumerated() { unsafe (base + index).initialize(to: value) }
    }

    deinit {
        // Plain values need no deinitialization.
        unsafe base.deallocate()
    }

    subscript(index: Int) -> Element {
        @inline(__always) get {
            assert(index >= 0 && index < count)
            // Within the allocation, by the assertion's condition, which each caller proves.
            return unsafe base[index]
        }
        @inline(__always) nonmutating set {
            assert(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    /// Sets a run of values.
    func fill(_ range: Range<Int>, with value: Element) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        unsafe (base + range.lowerBound).update(repeating: value, count: range.count)
    }
}

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

    /// A copy of all values.
    var array: [Element] { (0..<count).map { self[$0] } }

    /// Sets a run of values.
    func fill(_ range: Range<Int>, with value: Element) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        unsafe (base + range.lowerBound).update(repeating: value, count: range.count)
    }
}

extension FlatStore<Int32> {
    /// Lowers each of some values to another one of the store plus a constant, where that is less.
    ///
    /// The heart of every shortest path over vectors of labels; contiguous, so that it is done several at a time.
    @inline(__always)
    func lower(at target: Int, to source: Int, of other: borrowing FlatStore<Int32>, adding cost: Int32, count: Int) {
        guard count > 0 else { return }
        precondition(target >= 0 && target + count <= self.count && source >= 0 && source + count <= other.count)
        // Within both allocations, by the precondition.
        let to = unsafe base + target
        let from = unsafe other.base + source
        for index in 0..<count {
            let value = unsafe from[index] &+ cost
            let present = unsafe to[index]
            unsafe to[index] = value < present ? value : present
        }
    }
}

extension FlatStore<Double> {
    /// Adds a multiple of some values of a store to some of this one; several at a time, as they are contiguous.
    @inline(__always)
    func add(
        _ other: borrowing FlatStore<Double>, from source: Int, to target: Int = 0, times factor: Double, count: Int
    ) {
        guard count > 0 else { return }
        precondition(target >= 0 && target + count <= self.count && source >= 0 && source + count <= other.count)
        // Within both allocations, by the precondition.
        let to = unsafe base + target
        let from = unsafe other.base + source
        for index in 0..<count { unsafe to[index] += factor * from[index] }
    }

    /// Adds a multiple of some values of the store to others of it, which do not overlap; several at a time.
    @inline(__always)
    func addOwn(from source: Int, to target: Int, times factor: Double, count: Int) {
        guard count > 0 else { return }
        precondition(target >= 0 && target + count <= self.count && source >= 0 && source + count <= self.count)
        // Within the allocation, by the precondition.
        let to = unsafe base + target
        let from = unsafe base + source
        for index in 0..<count { unsafe to[index] += factor * from[index] }
    }
}

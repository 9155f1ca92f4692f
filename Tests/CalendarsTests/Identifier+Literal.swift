import Coverage

extension Identifier: ExpressibleByStringLiteral {
    /// Ids in tests are written as they are.
    init(stringLiteral value: String) {
        self.init(value)
    }
}

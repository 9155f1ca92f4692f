extension [String: Any] {
    /// Values for a template without those that are nil, which Mustache would take for something that is there.
    static func present(_ values: [String: Any?]) -> [String: Any] {
        values.compactMapValues { $0 }
    }
}

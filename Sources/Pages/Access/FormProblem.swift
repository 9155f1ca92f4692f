/// What is wrong with what somebody typed, in words for them.
struct FormProblem: Error, Hashable, Sendable {
    let words: String

    init(_ words: String) { self.words = words }
}

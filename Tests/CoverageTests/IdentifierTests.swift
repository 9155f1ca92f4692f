import Coverage
import Testing

@Suite("Ids")
struct IdentifierTests {
    @Test(
        "letters, digits and - _ . make an id that begins with a letter or digit",
        arguments: ["a", "7", "pub01", "pub01-03", "Main.Street_2", "a-", String(repeating: "x", count: 64)])
    func valid(text: String) {
        #expect(Library.ID.isValid(text))
    }

    @Test(
        "anything else is no id",
        arguments: [
            "", "-a", "_a", ".", "..", ".hidden", "a b", " a", "a ", "a/b", "a\\b", "a;b", "a,b", "a\"", "*", "é",
            "a\u{301}", "а", "a\n", "a\0", String(repeating: "x", count: 65),
        ])
    func invalid(text: String) {
        #expect(!Library.ID.isValid(text))
    }

    @Test("ids are ordered by their bytes, whatever the locale")
    func order() {
        let sorted = ["Z", "a-10", "a-2", "a.1", "a1", "a_1", "b"].map { Operator.ID($0) }
        #expect(sorted.reversed().sorted() == sorted)
    }
}

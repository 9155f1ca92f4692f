import Coverage
import TestSupport
import Testing

@Suite("Decimal numbers")
struct ThousandthsTests {
    @Test("any number in range reads back exactly as it is written")
    func roundTrip() {
        var generator = SplitMix64(seed: 3)
        let random = (0..<5000).map { _ in Int.random(in: -1_000_000_000_000...1_000_000_000_000, using: &generator) }
        for rawValue in Array(-2100...2100) + random + [-1_000_000_000_000, 1_000_000_000_000] {
            let number = Thousandths(rawValue: rawValue)
            #expect(Thousandths(number.description) == number)
        }
    }

    @Test(
        "numbers are read to the thousandth and written as short as they go",
        arguments: [
            ("0", 0, "0"), ("-0", 0, "0"), ("3", 3000, "3"), ("3.0", 3000, "3"), ("3.", 3000, "3"),
            ("20.1", 20_100, "20.1"), ("-0.5", -500, "-0.5"), ("0.001", 1, "0.001"), ("12.345000", 12_345, "12.345"),
            ("007.50", 7500, "7.5"), ("1000000000", 1_000_000_000_000, "1000000000"),
        ])
    func reading(text: String, thousandths: Int, written: String) throws {
        let number = try #require(Thousandths(text))
        #expect(number.rawValue == thousandths)
        #expect(number.description == written)
    }

    @Test(
        "what is no decimal number of three digits after the point is not read",
        arguments: [
            "", "-", ".", "-.", ".5", "-.5", "+1", "1,5", "1.2345", "0.0001", "1.2.3", "1e3", "0x10", " 1", "1 ",
            "1.-5", "--1", "NaN", "inf", "１", "1.５", "1000000000.001", "-1000000000.5", "1000000001", "99999999999",
            "1\u{301}", "½",
        ])
    func nonsense(text: String) {
        #expect(Thousandths(text) == nil)
    }

    @Test("numbers are ordered by value, and sums do not depend on their order")
    func arithmetic() throws {
        let (tenth, fifth) = (try #require(Thousandths("0.1")), try #require(Thousandths("0.2")))
        #expect(tenth < fifth)
        #expect(Thousandths(-1) < .zero)
        #expect(Thousandths(rawValue: tenth.rawValue + fifth.rawValue).description == "0.3")
        #expect(fifth.doubleValue == 0.2)
    }
}

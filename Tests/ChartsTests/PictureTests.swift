import Charts
import Coverage
import Testing

@Suite("A chart's picture")
struct PictureTests {
    @Test(
        "is well-formed and says what it is, with nothing, one value, noughts and huge numbers in it",
        arguments: [0, 1, 7, 1_000_000_000, .max], [0, 1, 7, 200])
    func wellFormed(number: Int, times: Int) throws {
        for chart in try Sample.all(number, times: times, named: "Ask") {
            let picture = try ParsedPicture(chart)
            let root = try #require(picture.elements.first)
            #expect(root.name == "svg")
            #expect(root.attributes["role"] == "img")
            #expect(root.attributes["aria-labelledby"] == "test-title")
            #expect(picture.texts.first == chart.title)
            #expect(picture.texts.dropFirst().first == chart.summary)
            #expect(!chart.summary.isEmpty)
            for length in picture.lengths {
                #expect(!length.contains("nan") && !length.hasPrefix("-"), "\(length)")
            }
        }
    }

    @Test("is the same text for the same values")
    func deterministic() throws {
        for (left, right) in zip(
            try Sample.all(7, times: 30, named: "Ask"), try Sample.all(7, times: 30, named: "Ask"))
        {
            #expect(left.svg(named: "a") == right.svg(named: "a"))
        }
    }

    @Test("has no style of its own, so that the page's security policy shows it as it is meant")
    func noStyle() throws {
        for chart in try Sample.all(7, times: 30, named: "Ask") {
            let picture = try ParsedPicture(chart)
            #expect(!picture.elements.contains { $0.attributes["style"] != nil || $0.name == "style" })
            #expect(picture.elements.allSatisfy { $0.attributes["fill"].map { $0.hasPrefix("url(#test-") } ?? true })
        }
    }

    @Test(
        "shows names as they are and runs nothing that is in them",
        arguments: [
            "<script>alert(1)</script>", "\"><img src=x onerror=f()>", "Smith & Sons' \"Reading\" Room",
            "]]>", "&lt;", "Hỏi thủ thư", "图书馆", "e\u{301}\u{2028}",
        ])
    func names(name: String) throws {
        for chart in try Sample.all(7, times: 9, named: name) {
            let picture = try ParsedPicture(chart)
            #expect(picture.texts.contains { $0.contains(name) }, "\(chart.title)")
            #expect(!picture.elements.contains { ["script", "img"].contains($0.name) })
        }
    }

    @Test("replaces characters that XML cannot hold", arguments: ["a\u{0}b", "a\u{8}b", "a\u{FFFE}b", "a\u{FFFF}b"])
    func controls(name: String) throws {
        for chart in try Sample.all(7, times: 9, named: name) {
            #expect(try ParsedPicture(chart).texts.contains { $0.contains("a\u{FFFD}b") })
        }
    }

    @Test("takes nothing but letters and digits into its ids")
    func ids() {
        #expect(Sample.heat(nil).svg(named: "A\"b c3é").contains("id=\"bc3-title\""))
        #expect(Sample.heat(nil).svg(named: "\"").contains("id=\"chart-title\""))
    }
}

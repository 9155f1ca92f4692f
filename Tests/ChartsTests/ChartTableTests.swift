import Charts
import Testing

@Suite("A chart's file")
struct ChartTableTests {
    private func cell(_ name: String) throws -> String {
        let bars = Sample.bars([(name, 90, 600)])
        let lines = try #require(bars.first).table.csv.components(of: "\r\n")
        return String(lines[1].dropLast(",1.5,10,-8.5,lib0".count))
    }

    @Test(
        "puts a cell between quotation marks where RFC 4180 wants it",
        arguments: [
            ("Law, Medicine", "\"Law, Medicine\""), ("The \"Old\" Mill", "\"The \"\"Old\"\" Mill\""),
            ("Two\nlines", "\"Two\nlines\""), (" padded", "\" padded\""), ("Plain", "Plain"),
            ("\"\u{301}, accented", "\"\"\"\u{301}, accented\""),
        ])
    func quotes(name: String, written: String) throws {
        #expect(try cell(name).unicodeScalars.elementsEqual(written.unicodeScalars))
    }

    @Test(
        "makes a text harmless that a spreadsheet would take for a formula",
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""), ("＝1", "'＝1"), ("a=1", "a=1"),
        ])
    func formulas(name: String, written: String) throws {
        #expect(try cell(name) == written)
    }

    @Test("has a header line, and lines that end with CRLF; numbers below nought stay numbers")
    func lines() throws {
        let table = try #require(Sample.bars([("A", 90, 600)]).first).table
        #expect(table.csv == "Library,Hours given,Hours promised,Difference,library_id\r\nA,1.5,10,-8.5,lib0\r\n")
        #expect(table.shown.columns.map(\.title) == ["Library", "Hours given", "Hours promised", "Difference"])
        #expect(table.shown.rows == [["A", "1.5", "10", "-8.5"]])
    }

    @Test("of every chart has as many cells in each row as there are columns", arguments: [0, 1, 30])
    func cells(times: Int) throws {
        for chart in try Sample.all(7, times: times, named: "Ask") {
            #expect(chart.table.rows.allSatisfy { $0.count == chart.table.columns.count })
        }
    }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}

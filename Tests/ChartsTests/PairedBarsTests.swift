import Charts
import Coverage
import Testing

@Suite("Contributions against promises")
struct PairedBarsTests {
    @Test("who lacks most comes first; of unpopular hours, who has most beyond the fair share")
    func order() {
        let rows: [PairedBars.Row] = [
            .init(id: "a", name: "Even", minutes: 600, partMinutes: 600),
            .init(id: "b", name: "Over", minutes: 700, partMinutes: 600),
            .init(id: "d", name: "Short", minutes: 90, partMinutes: 600),
            .init(id: "c", name: "Short", minutes: 90, partMinutes: 600),
        ]
        #expect(PairedBars.panels(.contributions, rows: rows).flatMap(\.rows).map(\.id) == ["c", "d", "a", "b"])
        #expect(PairedBars.panels(.unpopularHours, rows: rows).flatMap(\.rows).map(\.id) == ["b", "a", "c", "d"])
    }

    @Test("the longest bar of all fills the width in whichever panel it is")
    func scale() throws {
        let even = (0..<15).map { ("B\($0)", 60, 60) }
        let panels = Sample.bars([("A", 0, 60)] + even + [("C", 240, 60)], panels: 2)
        #expect(panels.map(\.rows.count) == [8, 9])
        let last = try ParsedPicture(panels[1])
        #expect(last.drawn("chart-given").compactMap { $0["width"] }.contains("100%"))
        #expect(try ParsedPicture(panels[0]).drawn("chart-part").compactMap { $0["width"] }.contains("25%"))
    }

    @Test("many libraries come in parts, each in panels of like length that say which they show")
    func parts() {
        let rows = (0..<68).map { PairedBars.Row(id: "lib\($0)", name: "Library", minutes: 0, partMinutes: 60) }
        let panels = PairedBars.panels(.contributions, rows: rows, part: 2, of: 24, panels: 3)
        let captions = ["Libraries 25 to 32 of 68", "Libraries 33 to 40 of 68", "Libraries 41 to 48 of 68"]
        #expect(panels.map(\.caption) == captions)
        let last = PairedBars.panels(.contributions, rows: rows, part: 3, of: 24, panels: 3)
        #expect(last.map(\.rows.count) == [10, 10])
        #expect(PairedBars.panels(.contributions, rows: rows, part: 4, of: 24).isEmpty)
        #expect(PairedBars.panels(.contributions, rows: rows, part: .max, of: 24).isEmpty)
        #expect(PairedBars.panels(.contributions, rows: rows, part: 0, of: 24).isEmpty)
    }

    @Test("a table of some has the sum of all below it, one of all has not")
    func sums() {
        let rows = [("A", 600), ("B", 300)].map { name, minutes in
            PairedBars.Row(id: name, name: name, minutes: minutes, partMinutes: 600)
        }
        let own = PairedBars.table(.contributions, rows: [rows[1]], sum: rows)
        #expect(own.rows == [["B", "5", "10", "-5", "B"], ["All 2 libraries", "15", "20", "-5", ""]])
        #expect(PairedBars.table(.contributions, rows: rows, sum: rows).rows.count == 2)
    }

    @Test("says how many are below their promise")
    func summary() {
        let panel = Sample.bars([("A", 90, 600), ("B", 600, 570)])
        #expect(
            panel.map(\.summary) == [
                "11.5 hours given of 19.5 promised, by 2 libraries; 1 below the promise."
            ])
        #expect(Sample.bars([("A", 90, 600)]).map(\.summary) == ["1.5 hours given of 10 promised."])
        #expect(Sample.bars([]).map(\.summary) == ["There are no libraries."])
    }
}

import Accounts
import Charts
import Coverage
import HTTPTypes
import Hummingbird
import Pages
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("Pages of charts")
struct ChartPagesTests {
    @Test("the overview has every chart, as a picture that carries what it shows in words")
    func overview() async throws {
        try await withStillPages { pages in
            let answer = try await pages.ask("/charts")
            #expect(answer.status == .ok)
            for title in ["Coverage by hour", "Demand against", "Contributions", "Unpopular hours", "Service level"] {
                #expect(answer.text.contains(title), "\(title)")
            }
            #expect(answer.text.components(of: "<svg xmlns").count > 5)
            #expect(answer.text.contains("role=\"img\""))
            #expect(!answer.text.contains("style="))
            #expect(answer.text.contains("Of 8 open hours, 8 are below the minimum and 0 below the target."))
        }
    }

    @Test("where there is no other week and no version was asked for, nothing leads there")
    func nothingElse() async throws {
        try await withStillPages { pages in
            let page = try await pages.ask("/charts").text
            #expect(!page.contains("rel=\"prev\"") && !page.contains("rel=\"next\""))
            #expect(!page.contains("name=\"plan\""))
            #expect(try await pages.ask("/charts?plan=1").text.contains("name=\"plan\" value=\"1\""))
        }
    }

    @Test(
        "each chart has a page with its table, and a file",
        arguments: ["coverage", "staffing", "contributions", "unpopular-hours", "service-level"])
    func eachChart(name: String) async throws {
        try await withStillPages { pages in
            let page = try await pages.ask("/charts/\(name)")
            #expect(page.status == .ok)
            #expect(page.text.contains("<th scope=\"col\""))
            let file = try await pages.ask("/charts/\(name).csv")
            #expect(file.status == .ok)
            #expect(file.headers[.contentType] == "text/csv; charset=utf-8; header=present")
            #expect(file.headers[.contentDisposition] == "attachment; filename=\"\(name)-2026-10-26.csv\"")
            #expect(file.text.components(of: "\r\n").count > 1)
        }
    }

    @Test("names are shown as they are, in pages and in files")
    func names() async throws {
        try await withStillPages { pages in
            let page = try await pages.ask("/charts/contributions").text
            #expect(page.contains("=&lt;Academic&gt; &amp; &quot;Sons&quot;"))
            #expect(!page.contains("<Academic>") && !page.contains("<b>"))
            let file = try await pages.ask("/charts/contributions.csv").text
            #expect(file.contains("\"'=<Academic> & \"\"Sons\"\"\",0,6.5,-6.5,acad01"))
        }
    }

    @Test("a queue, a library, a day or another week can be chosen, and are kept in the links")
    func choices() async throws {
        try await withStillPages { pages in
            let page = try await pages.ask("/charts/staffing?queue=ask&library=pub01&span=day&date=2026-10-27").text
            #expect(page.contains("Of these ours"))
            #expect(page.contains("Tue 27 Oct") && !page.contains("Mon 26 Oct"))
            #expect(page.contains("/charts/staffing.csv?date=2026-10-27&amp;queue=ask&amp;library=pub01&amp;span=day"))
            let one = try await pages.ask("/charts/contributions?library=pub01").text
            #expect(one.contains("Library pub01") && one.contains("All 2 libraries"))
        }
    }

    @Test(
        "an address that cannot be read or names nothing is answered with what would be right",
        arguments: [
            ("/charts/sales", 404), ("/charts/sales.csv", 404), ("/charts?queue=none", 404),
            ("/charts?library=none", 404), ("/charts?date=tomorrow", 400), ("/charts?part=0", 400),
            ("/charts?date=2031-01-01", 404), ("/charts?plan=7", 404), ("/charts/contributions?part=9", 404),
        ])
    func wrong(path: String, status: Int) async throws {
        try await withStillPages { pages in
            let answer = try await pages.ask(path)
            #expect(answer.status.code == status)
        }
    }

    @Test("a library sees its own figures and those of all together, and no other library's")
    func roles() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let board = try await WeekBoard.read(
                "two", weekOf: try #require(CivilDate("2026-10-26")), .published, in: pool)
            func charts(_ visitor: Visitor?, _ query: String = "") throws -> ChartBoard {
                let request = Request(
                    head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/charts\(query)"),
                    body: .init(buffer: ByteBuffer()))
                return try ChartBoard(board, try ChartSelection(request, by: visitor), for: visitor)
            }
            let email = try #require(EmailAddress("mia@example.org"))
            func visitor(_ role: Account.Role, _ library: Library.ID? = nil) -> Visitor {
                Visitor(Account(number: 1, email: email, name: "Mia", role: role, library: library))
            }
            let manager = visitor(.manager("pub01"), "pub01")
            let own = try charts(manager).contributions(isWhole: true)
            #expect(own.table.rows.map { $0[0] } == ["Library pub01", "All 2 libraries"])
            #expect(own.note.contains("All libraries together: 0 hours given of 13 promised"))
            #expect(try charts(manager, "?library=pub01").unpopularHours(isWhole: false).table.rows.count == 2)
            #expect(throws: (any Error).self) { try charts(manager, "?library=acad01") }
            let coordinator = visitor(.coordinator)
            #expect(try charts(coordinator).contributions(isWhole: true).table.rows.count == 2)
            #expect(try charts(coordinator, "?library=acad01").contributions(isWhole: true).table.rows.count == 2)
            let ofTheConsortium = visitor(.reader(nil))
            #expect(try charts(ofTheConsortium).contributions(isWhole: true).table.rows.count == 2)
            let nobody = try charts(nil).contributions(isWhole: true)
            #expect(nobody.table.rows.map { $0[0] } == ["All 2 libraries"])
            #expect(nobody.panels.isEmpty)
        }
    }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}

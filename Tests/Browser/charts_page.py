"""The pages of charts: all of them, and one subject's with its table and its file."""

import csv
import io

KINDS = ("coverage", "staffing", "contributions", "unpopular-hours", "service-level")


class ChartsPage:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.main = self.page.get_by_role("main")

    def open(self, kind=None, query=""):
        status = self.visitor.visit("/charts" + (f"/{kind}" if kind else "") + query)
        assert status == 200, f"the answer is {status}"
        return self

    def pictures(self):
        """What each chart is called for those who do not see it."""
        return [one.get_attribute("aria-label") or one.locator("title").first.text_content()
                for one in self.main.locator("figure svg[role=img]").all()]

    def summaries(self):
        return self.main.locator("figcaption").all_inner_texts()

    def table(self):
        """The rows of the table, headings first, as they are read."""
        rows = self.main.get_by_role("table").first.locator("tr").evaluate_all(
            "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))")
        assert len(rows) > 1, rows
        return rows

    def file(self):
        """The rows of the file that the page offers."""
        link = self.main.get_by_role("link", name="CSV").first.get_attribute("href")
        answer = self.visitor.context.request.get(link)
        assert answer.ok and answer.headers["content-type"].startswith("text/csv"), answer.headers
        assert "attachment" in answer.headers["content-disposition"]
        return list(csv.reader(io.StringIO(answer.text().removeprefix("\ufeff"))))

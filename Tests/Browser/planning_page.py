"""The pages of planning: searches, drafts, suggestions, versions."""

import csv
import io
import re


class PlanningPage:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.main = self.page.get_by_role("main")

    def open(self, path=""):
        status = self.visitor.visit("/planning" + path)
        assert status == 200, f"the answer is {status}"
        return self

    def start(self, seconds, mend=False, week=None):
        """Fills in the form and starts; gives the search's path."""
        if week:
            self.page.get_by_role("radio", name="One week").check()
            self.page.locator("select[name=week]").select_option(label=week)
        if mend:
            self.page.get_by_role("radio", name=re.compile("Mend what is published")).check()
        offered = self.page.get_by_role("radio", name=f"{seconds} s", exact=True)
        if offered.count():
            offered.check()
        else:
            self.page.get_by_role("radio", name="Another").check()
            self.page.locator("[name=own_seconds]").fill(str(seconds))
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Start", exact=True).click()
        return re.search(r"/planning/runs/\d+$", self.page.url).group()

    def press(self, name, **options):
        """Presses a button that leads to another page."""
        with self.page.expect_navigation():
            self.main.get_by_role("button", name=name, **options).first.click()

    def follow(self, name, **options):
        with self.page.expect_navigation():
            self.main.get_by_role("link", name=name, **options).first.click()

    def curve(self):
        """The outline of the best cost so far; empty before there is one."""
        line = self.page.locator(".chart-cost-line[d]")
        return line.first.get_attribute("d") if line.count() else ""

    def await_other_curve(self, curve):
        self.page.wait_for_function(
            "old => (document.querySelector('.chart-cost-line[d]')?.getAttribute('d') ?? old) !== old", arg=curve)

    def await_end(self, seconds=120):
        """Until the page tells by itself that the search is over."""
        self.page.locator(".search-state:not(.is-open)").wait_for(timeout=seconds * 1000)
        self.page.wait_for_load_state()

    @property
    def state(self):
        return self.page.locator(".search-state").inner_text()

    @property
    def number(self):
        """The number of the draft or plan whose page it is."""
        return int(re.search(r"/planning/drafts/(\d+)", self.page.url).group(1))

    def text(self):
        return self.main.inner_text()

    def file(self):
        link = self.main.get_by_role("link", name="CSV").get_attribute("href")
        answer = self.visitor.context.request.get(link)
        assert answer.ok and answer.headers["content-type"].startswith("text/csv"), answer.headers
        return list(csv.reader(io.StringIO(answer.text())))

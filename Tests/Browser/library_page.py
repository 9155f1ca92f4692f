"""The page of a library's week, and the one of all libraries."""

import re


def minutes(text):
    """What `1 h 30 min` and its like are; a dash and a dot stand for nothing."""
    if text in ("–", "·"):
        return 0
    found = re.fullmatch(r"([+−]?)(?:(\d+) h)? ?(?:(\d+) min)?", text)
    assert found, f"{text} is no duration"
    amount = int(found[2] or 0) * 60 + int(found[3] or 0)
    return -amount if found[1] == "−" else amount


class LibraryPage:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.main = self.page.get_by_role("main")
        self.week = self.page.get_by_role("region", name="The week").get_by_role("table")

    def open(self, library, day=None):
        status = self.visitor.visit(f"/library/{library}" + (f"?date={day}" if day else ""))
        assert status == 200, f"the answer is {status}"
        return self

    @property
    def heading(self):
        return self.main.get_by_role("heading", level=1).inner_text()

    def figures(self):
        """The figures above the week, by what is said of them."""
        found = self.main.locator("ul.figures").get_by_role("listitem").evaluate_all(
            "ones => ones.map((one) => [one.lastChild.textContent.trim(), one.firstChild.textContent.trim()])")
        return dict(found)

    def people(self):
        """For each person the name, the times of each of seven days' shifts, and the minutes."""
        found = self.week.locator("tbody tr").evaluate_all("""rows => rows.map((row) => ({
            name: row.cells[0].textContent.trim(), minutes: row.cells[8].textContent.trim(),
            days: [...row.cells].slice(1, 8).map((cell) =>
                [...cell.querySelectorAll(".shift b")].map((times) => times.textContent.trim())) }))""")
        return [(one["name"], one["days"], minutes(one["minutes"])) for one in found]

    def on_now(self):
        """The names of those who are on."""
        section = self.page.get_by_role("region", name="On now")
        return sorted(section.get_by_role("listitem").evaluate_all(
            "ones => ones.map((one) => one.firstChild.textContent.trim())"))


class LibrariesPage:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.main = self.page.get_by_role("main")

    def open(self, day=None):
        assert self.visitor.visit("/libraries" + (f"?date={day}" if day else "")) == 200
        return self

    def rows(self):
        """For each library its name, and the minutes given, promised, and between the two."""
        found = self.main.get_by_role("table").locator("tbody tr").evaluate_all(
            "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))")
        return [(one[0], int(one[2]), *map(minutes, one[3:])) for one in found]

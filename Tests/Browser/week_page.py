"""The page of a week: each queue's days, one day's hours, and what is not covered."""


class WeekPage:
    """What a person sees and does there; built on what is named for everybody, not on how the page is made."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.main = self.page.get_by_role("main")
        self.matrix = self.page.get_by_role("table").first
        self.hours = self.page.get_by_role("table").nth(1)

    def open(self, day=None, **choices):
        query = "&".join(f"{name}={value}" for name, value in {"date": day, **choices}.items() if value)
        assert self.visitor.visit("/week" + ("?" + query if query else "")) == 200
        return self

    @property
    def heading(self):
        return self.main.get_by_role("heading", level=1).inner_text()

    @property
    def day(self):
        return self.main.get_by_role("heading", level=2).nth(1).inner_text()

    def queues(self):
        """The names of the matrix's rows, without what they are."""
        return self.matrix.get_by_role("rowheader").evaluate_all(
            "ones => ones.map((one) => one.firstChild.textContent.trim())")

    def hour_headings(self):
        return self.hours.get_by_role("columnheader").all_inner_texts()[1:]

    def present_hour(self):
        return self.hours.locator("[aria-current=time]")

    def people(self):
        """Everybody who is shown on the day, as often as they have shifts."""
        return sorted(one.strip() for one in self.hours.locator(".shift b").all_inner_texts())

    def gaps(self):
        """A line for each gap of the day."""
        section = self.page.get_by_role("region", name="What is not covered")
        return [" ".join(one.split()) for one in section.get_by_role("listitem").all_inner_texts()]

    def choose(self, label, text):
        self.page.get_by_role("combobox", name=label).select_option(label=text)

    def show(self):
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Show").click()

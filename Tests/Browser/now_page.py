"""The wall: queues and everybody on shift, as they are at the moment."""

import contextlib
import re
import time

from playwright.sync_api import Error, expect

LOST = "The connection is lost"


class NowPage:
    def __init__(self, visitor, address=""):
        self.visitor, self.page, self.address = visitor, visitor.page, address
        self.main = self.page.get_by_role("main")
        self.queues_region = self.page.get_by_role("region", name="Queues")
        self.shift_region = self.page.get_by_role("region", name="On shift")
        self.notice = self.main.get_by_role("status")
        self.patience = visitor.trial.patience

    def open(self):
        status = self.visitor.visit(self.address + "/now")
        assert status == 200, f"the answer is {status}"
        return self

    @property
    def time(self):
        """`10:20`, by the wall's own clock."""
        return re.search(r"\d\d:\d\d", self.main.get_by_role("heading", level=1).inner_text())[0]

    def queues(self):
        """The names of the queues that are shown."""
        return self.queues_region.get_by_role("heading", level=3).evaluate_all(
            "ones => ones.map((one) => one.firstChild.textContent.trim())")

    def queue(self, name):
        """A queue's tile."""
        return self.queues_region.get_by_role("listitem").filter(
            has=self.page.get_by_role("heading", level=3, name=name))

    def people(self):
        """Name, library and what is said of each, of everybody on shift."""
        return self.shift_region.get_by_role("listitem").evaluate_all("""ones => ones.map((one) =>
            ["strong", "small", "span:not(.state)", ".state"].map((part) =>
                one.querySelector(part).textContent.trim()))""")

    def person(self, name):
        """The entry of somebody on shift."""
        return self.shift_region.get_by_role("listitem").filter(has=self.page.get_by_text(name, exact=True))

    def figure(self, words):
        """One of the sums above the queues."""
        return self.main.get_by_role("list").first.get_by_role("listitem").filter(has_text=words)

    def await_text(self, place, text):
        """Waits until the wall shows it by itself."""
        expect(place).to_contain_text(text, timeout=self.patience)

    def await_ahead_of_time(self, is_true):
        """Waits until it is, while the page's clock, which `page.clock.install()` has made ours, runs ahead.

        The wall lets seconds pass before it says something or asks again; nobody has to sit these out.
        """
        end = time.monotonic() + self.patience / 1000
        while not is_true():
            assert time.monotonic() < end, f"in vain for {self.patience / 1000:.0f} s"
            # A page that is just being left has no clock.
            with contextlib.suppress(Error):
                self.page.clock.fast_forward(2000)
            self.page.wait_for_timeout(50)

    def await_loss(self):
        """Waits until the wall says that what it shows may be old; its clock is ours."""
        self.await_ahead_of_time(lambda: LOST in self.notice.inner_text())

    def await_no_notice(self):
        expect(self.notice).to_be_hidden(timeout=self.patience)

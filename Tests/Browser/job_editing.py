"""A coordinator changes single shifts: sees what it would cost, does it, and takes it back; two do so at once."""

import datetime
import re

from screen import PHONE
from trial import check
from week_page import WeekPage

TODAY = "2026-10-28"
ROLE = "coordinator"


class EditedWeek(WeekPage):
    """The week of somebody who may change it."""

    def shift(self, name):
        return self.hours.locator("a.shift", has=self.page.get_by_text(name, exact=True)).first

    def movable(self, ahead=2):
        """The name of somebody whose one shift of the day has not begun, and has room behind it."""
        names = self.hours.locator("a.shift b").all_inner_texts()
        for name in names:
            if names.count(name) > 1:
                continue
            box = self.shift(name).bounding_box()
            row = self.hours.bounding_box()
            if box["x"] + box["width"] * (1 + ahead) < row["x"] + row["width"]:
                yield name.strip()

    def times(self, name):
        return self.shift(name).locator("i").text_content()

    def dialog(self):
        return self.page.get_by_role("dialog")

    def made(self):
        return self.page.locator(".made")

    def slot_width(self):
        return self.hours.locator("thead th[colspan]").first.bounding_box()["width"]


def open_week(trial, screen=None, javascript=True):
    visitor = trial.visitor(ROLE, javascript=javascript, **({"screen": screen} if screen else {}))
    return EditedWeek(visitor).open("2026-10-29")


def someone(week):
    """Somebody whose shift can be moved an hour later at no more than a price, found by asking."""
    for name in week.movable():
        link = week.shift(name).get_attribute("href")
        length = int(link.rpartition("~")[2].split("&")[0])
        start = int(link.split("~")[2])
        answer = week.visitor.context.request.get(f"{link}&start={start + 60}&end={start + 60 + length}",
                                                  headers={"Accept": "text/html"})
        if 'class="effect is-green"' in answer.text():
            return name, link
    raise AssertionError("nobody’s shift can be moved an hour later")


@check("Without JavaScript a shift is looked at, moved an hour later for its price, and taken back")
def by_forms(trial):
    week = open_week(trial, javascript=False)
    name, _ = someone(week)
    before = week.times(name)
    week.shift(name).click()
    page = week.page
    start, end = page.get_by_label("From"), page.get_by_label("To")
    for field in (start, end):
        chosen = field.evaluate("one => one.selectedIndex")
        field.select_option(index=chosen + 1)
    with page.expect_navigation():
        page.get_by_role("button", name="See what it would cost").click()
    verdict = page.locator("#effect .verdict").inner_text()
    assert re.search(r"better|worse", verdict), verdict
    with page.expect_navigation():
        page.get_by_role("button", name="Move the shift").click()
    assert week.made().count() == 1
    assert week.times(name) != before
    with page.expect_navigation():
        week.made().get_by_role("button", name="Take it back").click()
    assert week.times(name) == before, f"{week.times(name)} is not {before}"


@check("A shift that is dragged an hour later tells its price on the way, is moved when it is dropped, and undone")
def by_dragging(trial):
    week = open_week(trial)
    name, _ = someone(week)
    before = week.times(name)
    page = week.page
    shift = week.shift(name)
    shift.scroll_into_view_if_needed()
    box, width = shift.bounding_box(), week.slot_width()
    x, y = box["x"] + 12, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + width / 2, y, steps=4)
    page.mouse.move(x + width, y, steps=4)
    bubble = page.locator(".bubble")
    page.wait_for_function("() => /better|worse/.test(document.querySelector('.bubble')?.textContent ?? '')")
    assert "is-green" in bubble.get_attribute("class")
    trial.picture(page, "dragging a shift")
    page.mouse.up()
    week.made().wait_for()
    assert week.times(name) != before
    week.made().get_by_role("button", name="Take it back").click()
    page.wait_for_function("() => document.querySelector('.made strong')?.textContent.startsWith('Taken back')")
    assert week.times(name) == before


class Finger:
    """One finger on the screen of a phone."""

    def __init__(self, page):
        self.page, self.devtools = page, page.context.new_cdp_session(page)

    def _touch(self, kind, *points):
        self.devtools.send("Input.dispatchTouchEvent",
                           {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    def press(self, x, y):
        self._touch("touchStart", (x, y))

    def slide(self, x, y):
        self._touch("touchMove", (x, y))

    def lift(self):
        self._touch("touchEnd")


@check("On a phone a shift that is held for a moment is dragged; a finger that slides at once scrolls the day")
def by_touch(trial):
    week = open_week(trial, PHONE)
    page, finger = week.page, Finger(week.page)
    name, _ = someone(week)
    before = week.times(name)
    shift = week.shift(name)
    shift.scroll_into_view_if_needed()
    shift.evaluate("""one => {
        const region = one.closest(".scroll");
        region.scrollLeft += one.getBoundingClientRect().left - region.querySelector("th").offsetWidth - 60;
    }""")
    box, width = shift.bounding_box(), week.slot_width()
    x, y = box["x"] + 12, box["y"] + box["height"] / 2
    scrolled = "one => one.closest('.scroll').scrollLeft"
    at = shift.evaluate(scrolled)
    finger.press(x, y)
    for step in range(1, 6):
        finger.slide(x - 10 * step, y)
    finger.lift()
    page.wait_for_function(f"([one, at]) => ({scrolled})(one) !== at", arg=[shift.element_handle(), at])
    # The day goes on for a while by itself, during which a touch only stops it.
    page.wait_for_function("""one => {
        const left = one.closest(".scroll").scrollLeft, isStill = one.lastLeft === left;
        one.lastLeft = left;
        return isStill;
    }""", arg=shift.element_handle(), polling=200)
    assert not week.dialog().is_visible() and week.times(name) == before
    shift.evaluate("(one, at) => { one.closest('.scroll').scrollLeft = at; }", at)
    finger.press(x, y)
    page.locator("a.shift.is-moving").wait_for()
    for step in range(1, 9):
        finger.slide(x + width * step / 8, y)
    page.wait_for_function("() => /better|worse/.test(document.querySelector('.bubble')?.textContent ?? '')")
    trial.picture(page, "dragging a shift with a finger")
    finger.lift()
    week.made().wait_for()
    assert week.times(name) != before
    week.made().get_by_role("button", name="Take it back").click()
    page.wait_for_function("() => document.querySelector('.made strong')?.textContent.startsWith('Taken back')")


@check("The present moment is a line within its hour, and goes on")
def now_line(trial):
    week = EditedWeek(trial.visitor(ROLE)).open()
    line, hour = week.page.locator(".now-line"), week.present_hour()
    line.wait_for()
    box, column = line.bounding_box(), hour.bounding_box()
    assert column["x"] - 1 <= box["x"] <= column["x"] + column["width"] + 1, (box, column)
    assert box["height"] > 40
    assert week.open("2026-10-30").page.locator(".now-line").count() == 0


@check("A shift is moved with the keyboard alone, and Escape leaves it where it was")
def by_keyboard(trial):
    week = open_week(trial)
    name, _ = someone(week)
    before = week.times(name)
    page = week.page
    week.shift(name).focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert week.times(name) == before and not page.locator(".bubble").is_visible()
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => /better|worse/.test(document.querySelector('.bubble')?.textContent ?? '')")
    page.keyboard.press("Enter")
    week.made().wait_for()
    assert week.times(name) != before
    assert week.page.evaluate("() => document.activeElement?.querySelector('b')?.textContent.trim()") == name
    # What one has done oneself is told once, not a second time as somebody's change.
    page.wait_for_timeout(2500)
    assert not page.locator(".live").inner_text(), page.locator(".live").inner_text()


@check("Red rules refuse and say why, and nothing is changed")
def red(trial):
    week = open_week(trial)
    name = next(week.movable())
    link = week.shift(name).get_attribute("href")
    start, length = int(link.split("~")[2]), int(link.rpartition("~")[2].split("&")[0])
    answered = week.visitor.visit(f"{link}&start={start - 9 * 60}&end={start - 9 * 60 + length}")
    assert answered == 200
    assert "cannot be done" in week.page.locator("#effect .verdict").inner_text()
    assert week.page.get_by_role("button", name="Move").count() == 0
    week.visitor.inspect("a red rule")


def yellow_link(week):
    """A change that bends a yellow rule: somebody's shift made so long that the day has too many hours."""
    for name in week.movable(ahead=1):
        link = week.shift(name).get_attribute("href")
        start, length = int(link.split("~")[2]), int(link.rpartition("~")[2].split("&")[0])
        for more in (60, 120, 180):
            wanted = f"{link}&start={start}&end={start + length + more}"
            text = week.visitor.context.request.get(wanted, headers={"Accept": "text/html"}).text()
            if 'class="effect is-yellow"' in text:
                return name, wanted
    raise AssertionError("no change bends a yellow rule alone")


@check("A yellow rule asks for a reason, and the reason is told with the change")
def yellow(trial):
    week = open_week(trial)
    name, link = yellow_link(week)
    page = week.page
    week.visitor.visit(link)
    week.visitor.inspect("a yellow rule")
    page.get_by_label("Why it is bent").fill("Nobody else knows <b>the stacks</b>")
    with page.expect_navigation():
        page.get_by_role("button", name="bend the rule").click()
    page.locator(".edits summary").click()
    first = page.locator(".edits li").first.inner_text()
    assert "because: Nobody else knows <b>the stacks</b>" in first, first
    with page.expect_navigation():
        page.locator(".edits li").first.get_by_role("button", name="Take it back").click()


@check("What one coordinator changes appears to the other at once, and what is out of date is not overwritten")
def two_at_once(trial):
    first, second = open_week(trial), open_week(trial)
    name, link = someone(first)
    before = second.times(name)
    stale = second.visitor.context.new_page()
    stale.goto(link)
    start, length = int(link.split("~")[2]), int(link.rpartition("~")[2].split("&")[0])
    first.shift(name).click()
    dialog = first.dialog()
    for label in ("From", "To"):
        field = dialog.get_by_label(label)
        field.select_option(index=field.evaluate("one => one.selectedIndex") + 1)
    dialog.get_by_role("button", name="See what it would cost").click()
    dialog.locator("#effect").wait_for()
    trial.picture(first.page, "the panel of a shift")
    dialog.get_by_role("button", name="Move the shift").click()
    first.made().wait_for()
    second.page.wait_for_function(
        "([name, times]) => [...document.querySelectorAll('a.shift')].some((one) =>"
        " one.querySelector('b').textContent.trim() === name && one.querySelector('i').textContent !== times)",
        arg=[name, before])
    assert name in second.page.locator(".live").inner_text()
    # The other one's page of the shift was opened before.
    stale.goto(f"{link}&start={start + 120}&end={start + 120 + length}")
    words = stale.get_by_role("alert").inner_text()
    assert "since you looked" in words and "Nothing was overwritten" in words, words
    first.made().get_by_role("button", name="Take it back").click()
    first.page.wait_for_function("() => document.querySelector('.made strong')?.textContent.startsWith('Taken back')")


@check("An hour that is not covered leads to those who could take it, and one of them is added")
def cover(trial):
    week = open_week(trial)
    for day in ["2026-10-29", "2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"]:
        week.open(day)
        links = [one.get_attribute("href") for one in week.page.get_by_role("link", name="Who could?").all()]
        for link in links:
            week.visitor.visit(link)
            week.visitor.inspect("who could take a shift")
            able = week.page.locator(".candidates").first.get_by_role("link")
            if week.page.get_by_text("Nobody could take all of it").count():
                continue
            with week.page.expect_navigation():
                able.first.click()
            with week.page.expect_navigation():
                week.page.get_by_role("button", name="Add the shift").click()
            assert week.made().count() == 1
            return
    raise AssertionError("no gap of these days could be covered")


@check("On a phone a shift opens its panel, with room for all of it")
def phone(trial):
    week = open_week(trial, PHONE)
    name = next(iter(week.hours.locator("a.shift b").all_inner_texts()))
    week.shift(name).click()
    week.dialog().wait_for()
    box = week.dialog().bounding_box()
    assert 0 <= box["x"] and box["x"] + box["width"] <= PHONE.width, box
    week.visitor.inspect("the panel of a shift")


@check("Nobody but a coordinator changes a shift", "manager")
@check("Nobody but a coordinator changes a shift", "operator")
@check("Nobody but a coordinator changes a shift", "reader")
def others(trial, role):
    week = WeekPage(trial.visitor(role)).open("2026-10-29")
    assert week.hours.locator("a.shift").count() == 0
    coordinator = open_week(trial)
    link = coordinator.shift(next(coordinator.movable())).get_attribute("href")
    assert week.visitor.visit(link) == 403

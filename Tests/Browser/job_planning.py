"""A coordinator has plans made and watches, takes a suggestion up, publishes, and comes back to an earlier version."""

import re

from planning_page import PlanningPage
from screen import PHONE
from trial import check

ROLE = "coordinator"


def hours(text):
    """The hours of the published schedule that a page tells of."""
    return float(re.search(r"([\d.,]+) h", text).group(1).replace(",", ""))


@check("A coordinator is led from the week to planning and back to it")
def from_the_week(trial):
    visitor = trial.visitor(ROLE)
    visitor.visit("/week?date=2026-11-04")
    page = PlanningPage(visitor)
    page.follow("Plan this week")
    assert page.page.get_by_role("radio", name="One week").is_checked()
    assert page.page.locator("select[name=week] option:checked").inner_text() == "2 – 8 November 2026"
    visitor.inspect("planning")


@check("A manager is not shown planning, and does not get to it by its address", "manager")
@check("An operator is not shown planning, and does not get to it by its address", "operator")
@check("A reader is not shown planning, and does not get to it by its address", "reader")
def others(trial, role):
    visitor = trial.visitor(role)
    visitor.visit("/week")
    assert not [link for link in visitor.links() if "/planning" in link]
    assert visitor.visit("/planning") == 403
    visitor.inspect(f"planning for a {role}")


@check("What is wrong with the form is said, and what was typed stays")
def wrong_form(trial):
    visitor = trial.visitor(ROLE)
    page = PlanningPage(visitor).open()
    page.page.get_by_role("radio", name="From a day to a day").check()
    page.page.locator("[name=from]").fill("2026-11-05")
    page.page.locator("[name=to]").fill("2026-11-02")
    page.press("Start", exact=True)
    assert "Turn them round" in page.page.get_by_role("alert").inner_text()
    assert page.page.locator("[name=from]").input_value() == "2026-11-05"
    visitor.inspect("planning with a wrong form")


@check("A plan is made, watched, changed by a suggestion and published; the one before it comes back")
def whole_way(trial):
    visitor = trial.visitor(ROLE)
    page = PlanningPage(visitor)
    watch_and_stop(trial, page)
    finished = finish(page)
    draft = read_draft(page, finished)
    changed = accept_suggestion(trial, page, draft)
    publish(page, changed, "November, with one change")
    come_back(trial, page)
    look_on_phone(trial, draft, changed)


def watch_and_stop(trial, page):
    """A long search, whose curve moves by itself; stopped without scripts it keeps the best so far."""
    page.open()
    path = page.start(500)
    page.page.locator(".chart-cost-line[d]").first.wait_for()
    curve = page.curve()
    page.await_other_curve(curve)
    trial.picture(page.page, "search under way desk")
    assert page.state == "Searching"
    plain = PlanningPage(trial.visitor(ROLE, javascript=False))
    plain.visitor.visit(path)
    plain.visitor.inspect("search under way")
    assert "Look again" in plain.text()
    plain.press("Stop, and keep the best so far")
    page.await_end()
    assert page.state == "Stopped"
    page.visitor.inspect("search that was stopped")
    plain.visitor.close()


def finish(page):
    """A short one, which ends by itself; gives its path below that of planning."""
    page.open()
    path = page.start(3)
    page.await_end()
    assert page.state == "Finished"
    page.visitor.inspect("search that is finished")
    return path.removeprefix("/planning")


def read_draft(page, run):
    """How good it is, and what changes for whom; gives its number."""
    page.open(run)
    page.follow(re.compile("Look at draft"))
    draft = page.number
    page.visitor.inspect("draft")
    assert "of the hours wanted are covered" in page.text(), page.text()
    page.follow("For whom, library by library")
    page.visitor.inspect("changes")
    rows = page.file()
    assert {row[2] for row in rows[1:]} == {"lost", "gained"}
    lost = sum(float(row[5]) for row in rows[1:] if row[2] == "lost")
    told = hours(re.search(r": (.*?) lost", page.text()).group(1))
    assert abs(lost - told) <= 0.1, (lost, told)
    library = page.main.locator(".change-list a").first
    if library.count():
        with page.page.expect_navigation():
            library.click()
        page.visitor.inspect("changes of a library")
    page.main.locator(".persons summary").first.click()
    assert re.search("loses|gains", page.text())
    return draft


def accept_suggestion(trial, page, draft):
    """The first that needs no rule bent, or else with a reason; gives the new draft's number."""
    page.open(f"/drafts/{draft}/suggestions")
    page.visitor.inspect("suggestions before anybody looked")
    page.page.locator("select[name=seconds]").select_option("5")
    page.press("Look", exact=True)
    page.page.locator(".lead").wait_for(timeout=60_000)
    page.visitor.inspect("suggestions")
    trial.picture(page.page, "suggestions desk")
    form = page.main.locator(".suggestion form").first
    if form.locator("[name=reason]").count():
        form.locator("[name=reason]").fill("She offered to come")
    with page.page.expect_navigation():
        form.get_by_role("button", name=re.compile("^Accept")).click()
    changed = page.number
    assert changed > draft
    assert "Accepted: this new draft has the change" in page.text()
    assert page.main.locator(".is-accepted").count() == 1
    page.visitor.inspect("suggestions, one accepted")
    return changed


def publish(page, number, message):
    page.open(f"/drafts/{number}")
    page.follow(re.compile("Publish"))
    page.visitor.inspect("publishing")
    page.page.get_by_role("textbox", name=re.compile("Message")).fill(message)
    page.press(re.compile("^Publish draft"))
    assert f"Plan {number} is published." in page.text()
    assert f"“{message}”" in page.text()
    page.visitor.inspect("versions")


def come_back(trial, page):
    """The plan of the beginning, restored and published again."""
    before = trial.desk.run("schedule", "--json")
    page.open("/versions")
    with page.page.expect_navigation():
        page.main.get_by_role("button", name="Restore plan 1", exact=True).click()
    assert "This draft has the shifts of plan 1" in page.text()
    page.visitor.inspect("draft that was restored")
    publish(page, page.number, "Back to the first one")
    assert trial.desk.run("schedule", "--json") != before
    page.visitor.visit("/week?date=2026-11-04")
    assert "Published plan" in page.text()


def look_on_phone(trial, draft, changed):
    visitor = trial.visitor(ROLE, PHONE)
    page = PlanningPage(visitor)
    for path in ("", "/runs/1", f"/drafts/{draft}", f"/drafts/{draft}/changes", f"/drafts/{draft}/suggestions",
                 f"/drafts/{draft}/publish", "/versions"):
        page.open(path)
        visitor.inspect(f"planning{path.replace('/', ' ')}")
    assert changed

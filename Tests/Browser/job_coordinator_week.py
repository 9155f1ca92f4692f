"""A coordinator looks at the week: who is on, what is covered, what is not and why."""

import datetime

from screen import PHONE
from trial import check
from week_page import WeekPage

TODAY, CLOCKS_GO_BACK = "2026-10-28", "2026-11-01"
ROLE = "coordinator"


def overlapping(ones, day):
    """Those of the command's answers that touch a day of the consortium's clock, which the answers' times are of."""
    following = (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()
    return [one for one in ones if one["starts_at"][:19] < following + "T00:00:00" and
            one["ends_at"][:19] > day + "T00:00:00"]


@check("The first page is the week that is on, with today's hours")
def first_page(trial):
    visitor = trial.visitor(ROLE)
    visitor.visit("/")
    week = WeekPage(visitor)
    assert week.heading == "26 October – 1 November 2026", week.heading
    assert week.day == "Wednesday 28 October 2026", week.day
    assert week.present_hour().inner_text() == "10"


@check("Everybody who has a shift today is shown, and nobody else", TODAY)
@check("Everybody who has a shift on the day when clocks go back is shown, and nobody else", CLOCKS_GO_BACK)
def people(trial, day):
    week = WeekPage(trial.visitor(ROLE)).open(day)
    expected = sorted(one["operator_name"] for one in overlapping(trial.schedule(), day))
    assert week.people() == expected, f"{week.people()} is not {expected}"


@check("The day when clocks go back has 25 hours, one of them twice")
def long_day(trial):
    hours = WeekPage(trial.visitor(ROLE)).open(CLOCKS_GO_BACK).hour_headings()
    assert [hour[:2] for hour in hours] == ["00", "01", *(f"{hour:02}" for hour in range(1, 24))], hours


# What the page says of each kind of reason, for which `coverdesk gaps` has numbers and ids.
REASONS = {
    "nobody_has_skill": "nobody has the skill", "all_placed_here": "are here already",
    "nobody_available": "nobody else who has the skill", "placed_elsewhere": "sit at other queues",
    "stretch_too_short": "less than the shortest shift", "held_by_limit": "have no hours left",
    "left_for_cost": "would cost more than it mends", "could_be_placed": "the week would be better",
}


@check("Each gap of a day tells when it is, how many are missing and why", TODAY)
@check("Each gap of the day when clocks go back tells when it is, how many are missing and why", CLOCKS_GO_BACK)
def gaps(trial, day):
    shown = WeekPage(trial.visitor(ROLE)).open(day).gaps()
    expected = overlapping(trial.gaps(), day)
    assert len(shown) == len(expected) > 0, shown
    for gap in expected:
        words = [gap["starts_at"][11:16], gap["ends_at"][11:16], f"{gap['missing']} pe", gap["severity"],
                 REASONS[gap["reason"]]]
        assert any(all(word in line for word in words) for line in shown), f"{words} is not in {shown}"


@check("A day with nothing amiss says so")
def covered_day(trial):
    days = [(datetime.date(2026, 10, 26) + datetime.timedelta(days=number)).isoformat() for number in range(28)]
    day = next(one for one in days if not overlapping(trial.gaps(), one))
    week = WeekPage(trial.visitor(ROLE)).open(day)
    assert not week.gaps()
    assert "every hour that is wanted this day has its people" in week.main.inner_text()


@check("Without JavaScript the week is read and filtered just the same")
def without_javascript(trial):
    week = WeekPage(trial.visitor(ROLE, javascript=False)).open(TODAY)
    assert week.people() == sorted(one["operator_name"] for one in overlapping(trial.schedule(), TODAY))
    week.choose("Queue", "Health and medicine")
    week.show()
    assert week.queues() == ["Health and medicine"], week.queues()


@check("A queue is chosen with the keyboard alone, and all come back")
def filter_by_keyboard(trial):
    visitor = trial.visitor(ROLE)
    week = WeekPage(visitor).open()
    everything = week.queues()
    visitor.page.get_by_role("combobox", name="Queue").focus()
    visitor.page.keyboard.type("Email")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert week.queues() == ["Email reference"], week.queues()
    visitor.inspect("week of one queue")
    visitor.page.get_by_role("link", name="Show all").click()
    visitor.page.wait_for_url(lambda address: "queue=" not in address)
    assert week.queues() == everything


@check("The Tab key leads through all of the page and out again")
def tab_through(trial):
    page = WeekPage(trial.visitor(ROLE)).open(TODAY).page
    count = page.evaluate("""() => [...document.querySelectorAll("a[href], button, select, input, [tabindex='0']")]
        .filter((one) => one.tabIndex >= 0 && one.checkVisibility() && one.type !== "hidden").length""")
    passed = set()
    for _ in range(count):
        page.keyboard.press("Tab")
        passed.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(passed) == count, f"{len(passed)} of {count} were reached"


@check("A library that is chosen is shown with its own people alone")
def filter_by_library(trial):
    week = WeekPage(trial.visitor(ROLE)).open(TODAY)
    week.choose("Library", "Arrowbury Public Library")
    week.show()
    expected = sorted(one["operator_name"] for one in overlapping(trial.schedule(), TODAY)
                      if one["library_id"] == "arrowbury")
    assert expected and week.people() == expected, f"{week.people()} is not {expected}"


@check("The next week is one step away, and the way back another")
def next_week(trial):
    visitor = trial.visitor(ROLE)
    week = WeekPage(visitor).open(TODAY)
    week.page.get_by_role("link", name="2 – 8 November 2026").click()
    visitor.page.wait_for_url("**date=2026-11-04*")
    assert week.day == "Wednesday 4 November 2026", week.day
    week.page.get_by_role("link", name="26 October – 1 November 2026").click()
    visitor.page.wait_for_url("**date=2026-10-28*")
    assert week.heading == "26 October – 1 November 2026", week.heading


@check("On a phone the present hour is in view without scrolling sideways")
def present_hour_on_phone(trial):
    week = WeekPage(trial.visitor(ROLE, PHONE)).open()
    box = week.present_hour().bounding_box()
    assert 0 <= box["x"] and box["x"] + box["width"] <= PHONE.width, box


@check("A day that is no day is answered with what would be right", "date=yesterday", 400, "2026-10-26")
@check("A day that is not planned is answered with the days that are", "date=2031-01-01", 404, "26 October 2026")
@check("A queue that is not there is said to be missing", "queue=chess", 404, "chess")
@check("Markup in an address is shown as letters", "queue=%3Cscript%3Ealert(1)%3C/script%3E", 400, "<script>alert(1)")
def bad_address(trial, query, status, words):
    visitor = trial.visitor(ROLE)
    answered = visitor.visit("/week?" + query)
    assert answered == status, f"the answer is {answered}"
    text = visitor.page.get_by_role("main").inner_text()
    assert words in text, text
    visitor.inspect(f"problem {query}")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("main").get_by_role("link").first.click()
    assert visitor.page.get_by_role("heading", level=1).inner_text() == "26 October – 1 November 2026"


@check("On paper every shift has its times and its whole name, and there is nothing that only a screen is for")
def printed(trial):
    visitor = trial.visitor(ROLE)
    week = WeekPage(visitor).open(TODAY)
    visitor.page.emulate_media(media="print")
    assert not week.page.get_by_role("button", name="Show").is_visible()
    margin = "1cm"
    visitor.page.pdf(path=trial.pictures / "week.pdf", format="Letter", landscape=True, print_background=True,
                     margin={"top": margin, "right": margin, "bottom": margin, "left": margin})
    shifts = week.hours.locator(".shift")
    assert shifts.count() == len(overlapping(trial.schedule(), TODAY))
    cut = shifts.evaluate_all("""ones => ones.flatMap((one) => [...one.querySelectorAll("b, i")])
        .filter((part) => part.getBoundingClientRect().width < 15 || part.scrollWidth > part.clientWidth + 1 &&
            getComputedStyle(part).display !== "inline").map((part) => part.textContent)""")
    assert not cut, f"on paper these are cut: {cut[:6]}"

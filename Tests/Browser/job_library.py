"""A manager looks at what their library gives in a week; a coordinator at what all of them do."""

import datetime
import zoneinfo

import example
from library_page import LibrariesPage, LibraryPage
from screen import DESK, PHONE
from trial import check

OWN, ANOTHER = "arrowbury", "craneworth"
# Its clock is an hour behind the consortium's.
WESTERN = "barcombe"
TODAY, LATER = "2026-10-28", "2026-11-04"


def moments(shift):
    return [datetime.datetime.fromisoformat(shift[name]) for name in ("starts_at", "ends_at")]


def minutes_in(week, shifts):
    """What lies in the week of these shifts."""
    first, end = moments(week)
    spans = [(max(start, first), min(stop, end)) for start, stop in map(moments, shifts)]
    return int(sum((stop - start).total_seconds() for start, stop in spans) / 60)


def promised(library):
    return round(float(library["contribution_hours_per_week"]) * 60)


def library_of(name):
    return next(one for one in example.rows("libraries") if one["library_id"] == name)


def times(shift, zone):
    """`09:00–11:00`, without the mark of times that come twice."""
    start, end = (one.astimezone(zone).strftime("%H:%M") for one in moments(shift))
    return f"{start}–{'24:00' if end == '00:00' else end}"


def expected_people(trial, library, day):
    """Everybody of a library, with the days' shifts and the minutes, from the command and the example's files."""
    week = trial.told("schedule", "--library", library, "--week", day)
    zone = zoneinfo.ZoneInfo(library_of(library)["timezone"])
    monday = datetime.date.fromisoformat(week["starts_at"][:10])
    expected = []
    for person in example.rows("operators"):
        if person["library_id"] != library:
            continue
        shifts = [one for one in week["shifts"] if one["operator_id"] == person["operator_id"]]
        days = [[times(one, zone) for one in sorted(shifts, key=moments)
                 if moments(one)[0].astimezone(zone).date() == monday + datetime.timedelta(days=number)]
                for number in range(7)]
        expected.append((person["name"], days, minutes_in(week, shifts)))
    return sorted(expected)


def shown_people(page):
    return sorted((name, [[one.replace(" (2nd)", "") for one in day] for day in days], amount)
                  for name, days, amount in page.people())


@check("A manager finds the library's week from the first page")
def way_there(trial):
    visitor = trial.visitor("manager")
    visitor.visit("/")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("link", name="Our library").click()
    page = LibraryPage(visitor)
    assert page.heading == "Arrowbury Public Library", page.heading
    assert visitor.page.url.startswith(f"{trial.address}/library/{OWN}"), visitor.page.url
    visitor.inspect("the library's week")


@check("Everybody of the library is there with their shifts and hours", "manager", OWN, TODAY)
@check("Everybody of the library is there a week later", "manager", OWN, LATER)
@check("A library with another clock is shown by its own, also when clocks go back", "coordinator", WESTERN, TODAY)
def people(trial, role, library, day):
    page = LibraryPage(trial.visitor(role)).open(library, day)
    shown, expected = shown_people(page), expected_people(trial, library, day)
    assert len(expected) > 1 and any(amount for _, _, amount in expected), expected
    different = [pair for pair in zip(shown, expected) if pair[0] != pair[1]]
    assert len(shown) == len(expected) and not different, f"shown and expected differ: {different[:2]}"


@check("The hours given and promised are those of the schedule and of the library's promise")
def against_promise(trial):
    week = trial.told("schedule", "--library", OWN, "--week", TODAY)
    given, due = minutes_in(week, week["shifts"]), promised(library_of(OWN))
    figures = LibraryPage(trial.visitor("manager")).open(OWN, TODAY).figures()
    words = {hours(given): "given this week", str(len(week["shifts"])): "shifts"}
    assert all(figures.get(text) == figure for figure, text in words.items()), f"{words} is not in {figures}"
    promise = ("promised, and kept" if given == due else
               f"promised, so {hours(abs(given - due))} {'more' if given > due else 'missing'}")
    assert figures.get(promise) == hours(due), f"{hours(due)} {promise} is not in {figures}"


def hours(amount):
    """`3 h`, `1 h 30 min`, `45 min`."""
    whole, rest = divmod(amount, 60)
    return " ".join([f"{whole} h"] * (whole > 0) + [f"{rest} min"] * (rest > 0 or whole == 0))


@check("A manager cannot open another library's week, and is not told which libraries there are", "manager")
@check("An operator cannot open another library's week, and is not told which libraries there are", "operator")
def others(trial, role):
    visitor = trial.visitor(role)
    said = set()
    for address in (f"/library/{ANOTHER}", f"/library/{ANOTHER}?date={LATER}", "/library/nowhere"):
        status = visitor.visit(address)
        assert status in (403, 404), f"{address} answers {status}"
        said.add((status, visitor.page.get_by_role("main").inner_text()))
        assert "Craneworth" not in visitor.page.content()
    assert len(said) == 1, said
    visitor.inspect(f"another library for a {role}")
    visitor.visit("/libraries")
    assert visitor.page.url.startswith(f"{trial.address}/library/{OWN}"), visitor.page.url


@check("Whoever is not signed in sees no library")
def strangers(trial):
    for address in (f"/library/{OWN}", "/libraries"):
        visitor = trial.visitor()
        visitor.visit(address)
        assert "/sign-in" in visitor.page.url and "Arrowbury" not in visitor.page.content(), visitor.page.url


@check("Without JavaScript a manager reads the week on a phone, and goes on to the next")
def without_javascript(trial):
    page = LibraryPage(trial.visitor("manager", PHONE, javascript=False)).open(OWN)
    assert shown_people(page) == expected_people(trial, OWN, TODAY)
    with page.page.expect_navigation():
        page.main.get_by_role("link", name="2 – 8 November 2026").click()
    assert page.heading == "Arrowbury Public Library", page.heading
    assert shown_people(page) == expected_people(trial, OWN, LATER)
    with page.page.expect_navigation():
        page.main.get_by_role("link", name="26 October – 1 November 2026").click()
    assert shown_people(page) == expected_people(trial, OWN, TODAY)


@check("Printed the week has every shift and nothing that only a screen is for")
def printed(trial):
    visitor = trial.visitor("manager")
    page = LibraryPage(visitor).open(OWN, TODAY)
    margin = "1cm"
    visitor.page.pdf(path=trial.pictures / "library.pdf", format="Letter", landscape=True, print_background=True,
                     margin={"top": margin, "right": margin, "bottom": margin, "left": margin})
    visitor.page.emulate_media(media="print")
    # What is left of a sheet that lies on its side, at 96 pixels an inch.
    visitor.page.set_viewport_size({"width": 980, "height": 740})
    for role in ("navigation", "button"):
        assert not any(one.is_visible() for one in visitor.page.get_by_role(role).all()), f"there is a {role}"
    assert shown_people(page) == expected_people(trial, OWN, TODAY)
    cut = overflowing(page)
    assert not cut, f"on paper these are cut: {cut[:6]}"


def overflowing(page):
    """The texts of the week's table that do not fit where they are."""
    return page.week.evaluate("""table => [...table.querySelectorAll("th, td, .shift, .shift b")]
        .filter((one) => !one.checkVisibility() || one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.textContent.trim())""")


@check("The times of shifts fit into their boxes on a phone", PHONE)
@check("The times of shifts fit into their boxes on a desk's screen", DESK)
def fitting(trial, screen):
    cut = overflowing(LibraryPage(trial.visitor("manager", screen)).open(OWN, TODAY))
    assert not cut, f"these do not fit: {cut[:6]}"


@check("A coordinator finds every library with what it gives and has promised", TODAY)
@check("A coordinator finds every library with what it gives and has promised a week later", LATER)
def every_library(trial, day):
    week = trial.told("schedule", "--week", day)
    shown = {row[0]: row[1:] for row in LibrariesPage(trial.visitor("coordinator")).open(day).rows()}
    people = [one["library_id"] for one in example.rows("operators")]
    expected = {}
    for library in example.rows("libraries"):
        name, due = library["library_id"], promised(library)
        given = minutes_in(week, [one for one in week["shifts"] if one["library_id"] == name])
        expected[library["name"]] = (people.count(name), given, due, given - due)
    wrong = {name: (shown.get(name), expected[name]) for name in expected if shown.get(name) != expected[name]}
    assert len(shown) == len(expected) and not wrong, f"shown and expected differ: {dict(list(wrong.items())[:3])}"


@check("From all libraries a coordinator comes to one, in the same week")
def into_one(trial):
    visitor = trial.visitor("coordinator")
    libraries = LibrariesPage(visitor).open(LATER)
    visitor.inspect("all libraries")
    with visitor.page.expect_navigation():
        libraries.main.get_by_role("link", name="Barcombe Public Library").click()
    page = LibraryPage(visitor)
    assert page.heading == "Barcombe Public Library", page.heading
    assert shown_people(page) == expected_people(trial, WESTERN, LATER)
    visitor.inspect("a library with another clock")


@check("Those who are on at this moment are named above the week")
def on_now(trial):
    week = trial.told("schedule", "--week", TODAY)["shifts"]
    page = LibraryPage(trial.visitor("coordinator"))

    def expected():
        now = trial.desk.now()
        present = [one for one in week if moments(one)[0] <= now < moments(one)[1]]
        library = min(one["library_id"] for one in present)
        return library, sorted(one["operator_name"] for one in present if one["library_id"] == library)

    before = expected()
    shown = page.open(before[0]).on_now()
    # Shifts may have changed while the page was made.
    assert shown in (before[1], expected()[1]), f"{shown} is not {before[1]}"


@check("A library that is not there is said to be missing, with the way to all", "nowhere")
@check("Markup in a library's address is shown as letters", "%3Cscript%3Ealert(1)%3C%2Fscript%3E")
def missing(trial, name):
    visitor = trial.visitor("coordinator")
    answered = visitor.visit(f"/library/{name}")
    assert answered == 404, f"the answer is {answered}"
    visitor.inspect(f"library {name}")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("main").get_by_role("link").first.click()
    assert visitor.page.get_by_role("heading", level=1).inner_text() == "Libraries"

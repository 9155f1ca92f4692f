"""A library's manager and its people change what is the library's own, and are told of what others changed."""

import datetime
import re
import urllib.error
import urllib.request

from screen import DESK, PHONE
from sign_in_page import SignInPage
from trial import check

LIBRARY, PERSON = "arrowbury", "arrowbury-01"
SENDS_MAIL = True


def main(visitor):
    return visitor.page.get_by_role("main")


def press(visitor, name, within=None):
    with visitor.page.expect_navigation():
        (within or main(visitor)).get_by_role("button", name=name).first.click()


def coming_shift(trial):
    """A shift of the library's operator on one of the days to come, as the command tells it."""
    tomorrow = (trial.desk.now() + datetime.timedelta(days=1)).date().isoformat()
    shifts = [one for one in trial.schedule() if one["operator_id"] == PERSON and one["starts_at"] > tomorrow]
    return min(shifts, key=lambda one: one["starts_at"])


@check("An operator has the own shifts in a calendar program, under an address that is told once and can be taken back")
def calendar(trial):
    visitor = trial.visitor("operator", PHONE)
    visitor.visit("/account")
    visitor.inspect("account with calendar and mail")
    visitor.page.get_by_role("link", name="See the calendars").click()
    visitor.page.wait_for_url("**/calendars")
    visitor.inspect("calendars of an operator")
    press(visitor, "Make an address")
    visitor.inspect("a calendar’s address")
    link = visitor.page.get_by_role("textbox", name="Address").input_value()
    shift = coming_shift(trial)
    with urllib.request.urlopen(link) as answer:
        text = answer.read().decode()
    start = datetime.datetime.fromisoformat(shift["starts_at"]).astimezone(datetime.timezone.utc)
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in text, text[:500]
    visitor.visit("/calendars")
    assert link not in visitor.page.content()
    visitor.inspect("calendars with an address")
    press(visitor, "Take it back")
    assert "shows nothing any more" in main(visitor).inner_text()
    try:
        urllib.request.urlopen(link)
        raise AssertionError("the address can still be read")
    except urllib.error.HTTPError as error:
        assert error.code == 404


@check("A coordinator has each queue's calendar, and a library's from its own page")
def queue_calendars(trial):
    visitor = trial.visitor("coordinator")
    visitor.visit(f"/library/{LIBRARY}")
    visitor.page.get_by_role("link", name="Calendar", exact=True).click()
    visitor.page.wait_for_url("**/calendars?*")
    visitor.inspect("calendars of a coordinator")
    assert main(visitor).get_by_role("button", name="Make an address").count() > 2


@check("A manager changes the hours; of two who do at once the second is shown both, and overwrites nothing")
@check("Without JavaScript hours are changed just the same", javascript=False)
def hours(trial, javascript=True):
    manager = trial.visitor("manager", PHONE, javascript=javascript)
    other = trial.visitor("coordinator", javascript=javascript)
    for one in (manager, other):
        assert one.visit(f"/library/{LIBRARY}/hours") == 200
        one.inspect("hours of a library")
    theirs = "08:00–10:00" if javascript else "08:30–10:00"
    other.page.get_by_label("Monday").fill(theirs)
    press(other, "Save the hours")
    assert "The hours are changed" in main(other).inner_text()
    manager.page.get_by_label("Monday").fill("nine to five")
    press(manager, "Save the hours")
    manager.inspect("hours that cannot be read")
    assert "is no span of hours" in main(manager).inner_text()
    manager.page.get_by_label("Monday").fill("9–12, 13–17")
    press(manager, "Save the hours")
    assert f"It says now: {theirs}" in main(manager).inner_text()
    manager.inspect("hours that somebody else has changed")
    press(manager, "Save the hours")
    assert manager.page.get_by_label("Monday").input_value() == "09:00–12:00, 13:00–17:00"
    reader = trial.visitor("operator", javascript=javascript)
    reader.visit(f"/library/{LIBRARY}/hours")
    reader.inspect("hours of a library for an operator")
    assert not main(reader).get_by_role("button").count()


@check("A closure is looked at before it is saved, and taken back")
def closure(trial):
    manager = trial.visitor("manager", DESK)
    manager.visit(f"/library/{LIBRARY}/hours")
    day = coming_shift(trial)["starts_at"][:10]
    manager.page.get_by_label("First day").fill(day)
    manager.page.get_by_label("Reason").fill("<b>Water</b> in the cellar")
    press(manager, "See what it means")
    manager.inspect("a closure before it is saved")
    text = main(manager).inner_text()
    assert "cannot be worked then" in text and "left of" in text, text
    press(manager, "Close the library")
    assert "<b>Water</b> in the cellar" in main(manager).inner_text()
    manager.inspect("hours with a closure")
    press(manager, "Take it back", main(manager).get_by_role("listitem").filter(has_text="Water"))
    assert "Water" not in main(manager).inner_text()


@check("A manager writes the policy page, looks at it as a colleague sees it, and keeps what was there before")
def policy(trial):
    manager = trial.visitor("manager", PHONE)
    manager.visit(f"/library/{LIBRARY}/policy")
    manager.inspect("a policy page that is not there")
    manager.page.get_by_role("link", name="Write it").click()
    manager.page.wait_for_url("**/edit")
    manager.inspect("writing a policy page")
    manager.page.get_by_label("Greeting").fill("Welcome to <Arrowbury>")
    manager.page.locator("[name=database-name-1]").fill("County papers")
    press(manager, "More lines")
    assert manager.page.get_by_label("Greeting").input_value() == "Welcome to <Arrowbury>"
    manager.page.locator("[name=referral-topic-4]").fill("Fees")
    manager.page.locator("[name=referral-to-4]").fill("The desk, 410-555-0100")
    press(manager, "See how it looks")
    manager.inspect("a policy page before it is saved")
    press(manager, "Save")
    manager.inspect("a policy page")
    assert "Welcome to <Arrowbury>" in main(manager).inner_text()
    colleague = trial.visitor("reader")
    colleague.visit(f"/library/{LIBRARY}/policy")
    colleague.inspect("a policy page for a colleague")
    assert "County papers" in main(colleague).inner_text()
    assert not main(colleague).get_by_role("button").count()
    other = trial.visitor("coordinator")
    for one in (manager, other):
        one.visit(f"/library/{LIBRARY}/policy/edit")
    other.page.get_by_label("Greeting").fill("From somebody else")
    press(other, "Save")
    manager.page.get_by_label("Greeting").fill("Mine")
    press(manager, "Save")
    manager.inspect("a policy page that somebody else has written")
    text = main(manager).inner_text()
    assert "What it says now" in text and "From somebody else" in text, text
    press(manager, "Save")
    manager.page.get_by_role("link", name="Version 1").click()
    manager.page.wait_for_url("**version=1")
    manager.inspect("an earlier version of a policy page")
    assert "an earlier one" in main(manager).inner_text()


@check("An absence is looked at before it is saved, and the person is told by mail who entered it")
@check("Without JavaScript an absence is told of just the same", javascript=False)
def absence(trial, javascript=True):
    address = trial.accounts.add(f"Person{'' if javascript else 'Plain'}", "operator")
    manager = trial.visitor("manager", PHONE if javascript else DESK, javascript=javascript)
    manager.visit(f"/library/{LIBRARY}/absences")
    manager.inspect("absences")
    shift = coming_shift(trial)
    start = datetime.datetime.fromisoformat(shift["starts_at"])
    manager.page.locator("select[name=person]").select_option(PERSON)
    manager.page.locator("[name=from]").fill(f"{start:%Y-%m-%d}")
    manager.page.locator("[name=from-time]").fill(f"{start:%H:%M}")
    press(manager, "See what it means")
    manager.inspect("an absence before it is saved")
    text = main(manager).inner_text()
    assert f"{start:%H:%M}" in text and "cannot be worked then" in text, text
    press(manager, "Save the absence")
    manager.inspect("absences with one more")
    mail = trial.desk.post.mail_to(address, "An absence of yours was entered")
    body = mail.get_content()
    assert "manager@pages.example has entered" in body and f"{start:%H:%M}–24:00" in body, body
    assert mail["From"].addresses[0].display_name == "Das Büro" and mail["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<notification-\d+\.[\w.-]+@pages\.example>", mail["Message-ID"]), mail["Message-ID"]
    person = trial.visitor("operator", PHONE, javascript=javascript)
    person.visit(f"/library/{LIBRARY}/absences")
    person.inspect("absences for an operator")
    entry = main(person).get_by_role("listitem").filter(has_text=f"{start:%H:%M}–24:00")
    press(person, "Take it back", entry)
    assert "taken back" in main(person).inner_text()


@check("An operator asks to be away on a phone; the manager sees what it hits and grants it, and the operator is told")
@check("Without JavaScript, at a desk, leave is asked for and granted just the same", DESK, False)
def leave(trial, screen=PHONE, javascript=True):
    person = trial.visitor("operator", screen, javascript=javascript)
    shift = coming_shift(trial)
    start = datetime.datetime.fromisoformat(shift["starts_at"])
    person.visit(f"/library/{LIBRARY}/absences")
    person.page.locator("[name=from]").fill(f"{start:%Y-%m-%d}")
    person.page.locator("[name=reason]").fill("<b>a wedding</b>")
    press(person, "See what it means")
    person.inspect("leave before it is asked for")
    press(person, "Ask to be away")
    person.inspect("requests of an operator with leave")
    assert "waits for a decision" in main(person).inner_text()
    manager = trial.visitor("manager", screen, javascript=javascript)
    manager.visit("/requests")
    manager.inspect("requests of a manager with leave")
    asked = main(manager).get_by_role("region", name="Who would be away").get_by_role("listitem").first
    text = asked.inner_text()
    assert "<b>a wedding</b>" in text and f"{start:%H:%M}" in text and "cannot be worked then" in text, text
    press(manager, "Grant", asked)
    assert "the absence is saved" in main(manager).inner_text()
    # Published as it was, and seen by coordinators not to be worked.
    coordinator = trial.visitor("coordinator", screen, javascript=javascript)
    coordinator.visit(f"/week?date={start:%Y-%m-%d}")
    away = coordinator.page.locator(".shift.is-away").all_inner_texts()
    assert away and all("away" in one for one in away), away
    person.visit(f"/library/{LIBRARY}/absences")
    entry = main(person).get_by_role("listitem").filter(has_text="<b>a wedding</b>")
    press(person, "Take it back", entry)


ADDRESS = f"/library/{LIBRARY}/people/{PERSON}/availability"


def row(visitor, number):
    return main(visitor).get_by_role("group", name=f"Row {number}", exact=True)


def fill_row(visitor, number, day, start, end, liking=None):
    one = row(visitor, number)
    one.get_by_label("Day").select_option(label=day)
    one.get_by_label("From").fill(start)
    one.get_by_label("Until").fill(end)
    if liking:
        one.get_by_label("How it is liked").select_option(label=liking)


def empty_row(visitor):
    """The number of the first row in which nothing is typed."""
    number = 1
    while row(visitor, number).get_by_label("From").input_value():
        number += 1
    return number


@check("A manager changes when somebody can work: what it means is seen first, and the person is told by mail", PHONE)
@check("Without JavaScript, at a desk, weekly times are changed just the same", DESK, False)
def weekly_times(trial, screen, javascript=True):
    address = trial.accounts.add(f"Worker{'' if javascript else 'Plain'}", "operator")
    manager = trial.visitor("manager", screen, javascript=javascript)
    manager.visit(f"/library/{LIBRARY}/absences")
    manager.inspect("absences with the way to weekly times")
    with manager.page.expect_navigation():
        main(manager).locator(f"a[href='{ADDRESS}']").click()
    manager.inspect("weekly times of somebody")
    fill_row(manager, empty_row(manager), "Saturday", "<script>alert(1)</script>", "12:00")
    press(manager, "See what it means")
    manager.inspect("weekly times that cannot be read")
    assert "“<script>alert(1)</script>”" in main(manager).inner_text(), main(manager).inner_text()
    wrong = empty_row(manager) - 1
    assert row(manager, wrong).get_by_label("From").input_value() == "<script>alert(1)</script>"
    press(manager, "More rows")
    start = "09:00" if javascript else "10:00"
    fill_row(manager, wrong, "Saturday", start, "12:00", "Favourite")
    row(manager, 1).get_by_label("Take away").check()
    press(manager, "See what it means")
    manager.inspect("weekly times before they are saved")
    text = main(manager).inner_text()
    assert f"{start}–12:00 Favourite" in text and "a week; before, it was" in text, text
    press(manager, "Change something")
    assert row(manager, wrong - 1).get_by_label("From").input_value() == start
    press(manager, "See what it means")
    press(manager, "Save the times")
    manager.inspect("weekly times that are saved")
    text = main(manager).inner_text()
    assert "The times are saved" in text and f"{start}–12:00 Favourite" in text, text
    mail = trial.desk.post.mail_to(address, "Your weekly times were changed")
    assert "manager@pages.example has changed" in mail.get_content().replace("\n", " "), mail.get_content()


@check("An operator changes their own weekly times, and is shown the shifts that lie outside and the way to give them away")
def own_times(trial):
    for screen in (PHONE, DESK):
        person = trial.visitor("operator", screen)
        person.visit(f"/library/{LIBRARY}")
        with person.page.expect_navigation():
            person.page.get_by_role("link", name="My times").click()
        person.inspect("my weekly times")
        for number in range(1, empty_row(person)):
            row(person, number).get_by_label("Take away").check()
        press(person, "See what it means")
        person.inspect("my weekly times before all of them go")
        text = main(person).inner_text()
        assert "No time at all" in text and "outside the new times" in text, text
        with person.page.expect_navigation():
            main(person).get_by_role("link", name="Give it away").first.click()
        assert person.page.url.startswith(person.address + "/requests/new"), person.page.url
    reader = trial.visitor("reader")
    assert reader.visit(ADDRESS) == 200
    reader.inspect("weekly times for a reader")
    assert not main(reader).get_by_role("button").count()


@check("Of two who change somebody's weekly times at once the second is told, and overwrites nothing")
def two_at_once(trial):
    first, second = trial.visitor("coordinator"), trial.visitor("manager", PHONE)
    for one in (first, second):
        one.visit(ADDRESS)
    fill_row(first, empty_row(first), "Saturday", "20:00", "21:00", "Gladly")
    press(first, "See what it means")
    press(first, "Save the times")
    fill_row(second, empty_row(second), "Saturday", "22:00", "23:00")
    press(second, "See what it means")
    second.inspect("weekly times that somebody else has changed")
    text = main(second).inner_text()
    assert "Somebody else has changed these times" in text and "20:00–21:00 Gladly" in text, text
    assert row(second, empty_row(second) - 1).get_by_label("From").input_value() == "22:00"
    fill_row(second, empty_row(second), "Saturday", "20:00", "21:00", "Gladly")
    press(second, "See what it means")
    press(second, "Save the times")
    text = main(second).inner_text()
    assert "20:00–21:00 Gladly" in text and "22:00–23:00 Can" in text, text


@check("A choice of what to be told by mail is kept")
def choice(trial):
    visitor = trial.visitor("manager")
    visitor.visit("/account")
    visitor.inspect("account of a manager")
    visitor.page.get_by_label("My library could take a shift").select_option(label="Not at all")
    visitor.page.get_by_label("Hour of the daily mail").select_option(label="17:00")
    press(visitor, "Save the choice")
    chosen = visitor.page.get_by_label("Hour of the daily mail").locator("option:checked").inner_text()
    assert chosen == "17:00", chosen


@check("An invitation goes by mail, and its link lets the person in")
def invitation(trial):
    coordinator = trial.visitor("coordinator")
    coordinator.visit("/accounts")
    main(coordinator).get_by_text("Invite somebody").click()
    form = coordinator.page.locator("form[action='/accounts'][method=post]")
    form.locator("[name=name]").fill("Žofie Łuczak")
    form.locator("[name=email]").fill("zofie@pages.example")
    form.locator("[name=role]").select_option(label="Reader")
    coordinator.inspect("inviting somebody by mail")
    press(coordinator, "send a link by mail", form)
    assert "on its way by mail" in main(coordinator).inner_text()
    mail = trial.desk.post.mail_to("zofie@pages.example", "Your account at Coverdesk")
    assert mail["To"].addresses[0].display_name == "Žofie Łuczak"
    link = re.search(r"http\S+/invitation/\S+", mail.get_content()).group()
    guest = trial.visitor(screen=PHONE)
    guest.visit(link)
    guest.page.locator("input[name=password]").fill("a wren sang in the rafters")
    press(guest, "Set the password")
    SignInPage(guest).sign_in("zofie@pages.example", "a wren sang in the rafters")

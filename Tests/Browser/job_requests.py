"""Operators give shifts away, ask for swaps and for more hours; colleagues answer, a coordinator decides."""

import re

from screen import DESK, PHONE
from sign_in_page import SignInPage
from trial import check

LIBRARY, PERSON = "arrowbury", "arrowbury-01"
WEEKS = ("2026-11-04", "2026-11-11", "2026-11-18")
MOST_CLAIMS = 3
PART, OTHER = "select[name=start]", "select[name=other] option"
SCRIPT = "<script>alert(1)</script>Exam & “oral”"


class Requests:
    """What somebody sees of the requests, and does there."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.main = self.page.get_by_role("main")

    def open(self):
        assert self.visitor.visit("/requests") == 200
        return self

    def open_form(self, needed="form[action='/requests/giveaways']"):
        """The page on which a shift of the person's is given away or swapped: the first that has what is needed."""
        for week in WEEKS:
            assert self.visitor.visit(f"/library/{LIBRARY}?date={week}") == 200
            links = self.page.locator("a[href^='/requests/new']").evaluate_all(
                "ones => ones.map((one) => one.getAttribute('href'))")
            for link in [one for one in links if PERSON in one]:
                assert self.visitor.visit(link) == 200
                if self.page.locator(needed).count():
                    return self
        raise AssertionError(f"no shift of {PERSON} has {needed}")

    def press(self, name, within=None):
        with self.page.expect_navigation():
            (within or self.main).get_by_role("button", name=name).first.click()

    def entries(self, section):
        return self.page.get_by_role("region", name=section).locator("ul.plain-list > li")

    def entry(self, section, words):
        one = self.entries(section).filter(has_text=words).first
        one.wait_for()
        return one

    @property
    def text(self):
        return self.main.inner_text()


def ask_for_swap(requests, reason):
    """Asks for the first swap that is offered; gives the identifier of whoever has the other shift."""
    requests.open_form(OTHER)
    other = requests.page.locator(OTHER).first.get_attribute("value")
    requests.page.locator("form[action='/requests/swaps'] [name=reason]").fill(reason)
    requests.press("Ask for the swap")
    return other.partition("~")[0]


@check("On a phone an operator gives a shift away; a script in the reason is shown as letters", PHONE)
@check("Without JavaScript, at a desk, an operator gives a part of a shift away", DESK, False)
def give_away(trial, screen, javascript=True):
    operator = Requests(trial.visitor("operator", screen, javascript=javascript))
    operator.open_form() if javascript else operator.open_form(PART)
    operator.visitor.inspect("a shift to give away")
    if not javascript:
        start = operator.page.locator(PART)
        chosen = start.locator("option[selected]").inner_text()
        start.select_option(index=1)
        assert start.locator("option:checked").inner_text() != chosen
    form = operator.page.locator("form[action='/requests/giveaways']")
    form.locator("[name=reason]").fill(SCRIPT)
    operator.press("Give it away", form)
    assert "It is asked" in operator.text, operator.text
    assert SCRIPT in operator.text, operator.text
    operator.visitor.inspect("requests of an operator")
    operator.press("Withdraw", operator.entry("Given away", SCRIPT))
    assert "withdrawn" in operator.text and SCRIPT not in operator.text, operator.text


@check("What is given away is asked for by others; a coordinator sees what it does and grants it")
def claimed(trial):
    operator = Requests(trial.visitor("operator", PHONE)).open_form()
    operator.press("Give it away", operator.page.locator("form[action='/requests/giveaways']"))
    manager = Requests(trial.visitor("manager")).open()
    given = manager.entries("Given away").first
    manager.visitor.inspect("requests of a manager")
    people = [one.get_attribute("value") for one in given.locator("select[name=operator] option").all()]
    assert people, "nobody of the library has the skill"
    asked = 0
    for person in people:
        given.locator("select[name=operator]").select_option(person)
        manager.press("Ask for it", given)
        # For some it could never be granted, which is said at once.
        if "It is asked" in manager.text:
            asked += 1
        else:
            assert re.search("never broken stand against it: .+", manager.page.get_by_role("alert").inner_text())
        if asked == MOST_CLAIMS:
            break
    assert asked, f"none of {people} could take it"
    for screen in (PHONE, DESK):
        coordinator = Requests(trial.visitor("coordinator", screen)).open()
        coordinator.visitor.inspect("requests of a coordinator")
    claims = coordinator.entries("Who would take more")
    assert claims.count() == asked, claims.count()
    for words in (r"would take .* from ", "Others can ask for the same until"):
        assert all(re.search(words, one) for one in claims.all_inner_texts()), claims.all_inner_texts()
    claim = claims.filter(has=coordinator.page.get_by_role("button", name=re.compile("^Grant"))).first
    reason = claim.locator("form[action$='/grant'] [name=reason]")
    if reason.count():
        reason.fill("Nobody else could")
    before = trial.desk.run("schedule", "--json")
    coordinator.press(re.compile("^Grant"), claim)
    assert "It is granted" in coordinator.text, coordinator.text
    assert trial.desk.run("schedule", "--json") != before
    assert "Nobody gives a shift away" in coordinator.text, coordinator.text


@check("A colleague agrees to a swap, and a coordinator grants it", True)
@check("A colleague declines a swap without JavaScript, and it is over", False)
def swap(trial, agrees):
    operator = Requests(trial.visitor("operator"))
    person = ask_for_swap(operator, "A <b>wedding</b>")
    assert "has not answered yet" in operator.text and "A <b>wedding</b>" in operator.text, operator.text
    operator.visitor.inspect("requests with a swap")
    colleague = Requests(visitor_of(trial, person, PHONE, javascript=agrees)).open()
    colleague.visitor.inspect("requests of a colleague who is asked")
    entry = colleague.entry("Swaps", "wedding")
    if not agrees:
        entry.locator("details", has_text="Decline").locator("summary").click()
        entry.locator("form[action$='/decline'] [name=words]").fill("I am away")
        colleague.press("Decline", entry.locator("form[action$='/decline']"))
        assert "You have declined" in colleague.text and "wedding" not in colleague.text, colleague.text
        return
    colleague.press("Agree", entry)
    assert "You have agreed" in colleague.text, colleague.text
    coordinator = Requests(trial.visitor("coordinator")).open()
    coordinator.visitor.inspect("requests with a swap that is agreed to")
    entry = coordinator.entry("Swaps", "wedding")
    assert "agreed on" in entry.inner_text(), entry.inner_text()
    reason = entry.locator("form[action$='/grant'] [name=reason]")
    if reason.count():
        reason.fill("Both want it")
    before = trial.desk.run("schedule", "--json")
    coordinator.press(re.compile("^Grant"), entry)
    assert "It is granted" in coordinator.text, coordinator.text
    assert trial.desk.run("schedule", "--json") != before


def visitor_of(trial, person, screen, javascript):
    """Somebody who has signed in as the operator with this identifier."""
    visitor = trial.visitor(screen=screen, javascript=javascript)
    email = f"{person}@pages.example"
    if email not in trial.accounts.passwords:
        trial.accounts.add(person, "operator", person)
    SignInPage(visitor).open().sign_in(email, trial.accounts.passwords[email])
    return visitor


@check("What a coordinator refuses is over, and nothing has changed")
def refused(trial):
    operator = Requests(trial.visitor("operator")).open_form()
    form = operator.page.locator("form[action='/requests/giveaways']")
    form.locator("[name=reason]").fill("A lecture")
    operator.press("Give it away", form)
    before = trial.desk.run("schedule", "--json")
    coordinator = Requests(trial.visitor("coordinator", PHONE)).open()
    entry = coordinator.entry("Given away", "A lecture")
    entry.locator("details", has_text="Refuse").locator("summary").click()
    entry.locator("[name=words]").fill("Too late")
    coordinator.press("Refuse", entry.locator("form[action$='/refuse']"))
    assert "The request is refused" in coordinator.text and "A lecture" not in coordinator.text, coordinator.text
    assert trial.desk.run("schedule", "--json") == before


@check("A form without the token of its session is refused, and asks for nothing")
def forged(trial):
    operator = Requests(trial.visitor("operator")).open_form()
    shift = operator.page.locator("form[action='/requests/giveaways'] [name=shift]").input_value()
    answer = operator.visitor.context.request.post(
        "/requests/giveaways", form={"shift": shift, "reason": "forged"}, max_redirects=0,
        headers={"Accept": "text/html", "Origin": trial.address})
    assert answer.status in (400, 403), answer.status
    assert "forged" not in operator.open().text


@check("A reader sees requests and can neither ask nor decide")
def reader(trial):
    requests = Requests(trial.visitor("reader")).open()
    requests.visitor.inspect("requests of a reader")
    assert not requests.main.get_by_role("button").count()
    assert requests.visitor.visit("/requests/new") == 403

"""People sign in, stay signed in, and sign out; others do not get in."""

import urllib.parse

from screen import PHONE
from sign_in_page import SignInPage
from trial import check


def newcomer(trial, name, role="reader", **screen):
    """Somebody who has an account of their own and has not signed in."""
    email = trial.accounts.add(name, role)
    return trial.visitor(**screen), email, trial.accounts.passwords[email]


@check("Whoever is not signed in is asked to, and then comes to where they were going")
def led_back(trial):
    visitor, email, password = newcomer(trial, "Ada", "coordinator")
    visitor.visit("/week?date=2026-11-04")
    page = SignInPage(visitor)
    assert page.is_shown
    assert "Research help" not in visitor.page.content()
    visitor.inspect("sign in")
    page.sign_in(email, password)
    assert visitor.page.url == trial.address + "/week?date=2026-11-04", visitor.page.url


@check("Signing in works on a phone, with the keyboard alone, and without JavaScript")
def with_little(trial):
    visitor, email, password = newcomer(trial, "Bo", screen=PHONE, javascript=False)
    page = SignInPage(visitor).open()
    page.email.focus()
    visitor.page.keyboard.type(email)
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.type(password)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert not page.is_shown, page.text


@check("A password that is being typed can be looked at")
def shown_password(trial):
    page = SignInPage(trial.visitor()).open()
    page.password.fill("a wren sang")
    page.page.get_by_role("button", name="Show").click()
    assert page.page.get_by_role("textbox", name="Password").input_value() == "a wren sang"


@check("A wrong password and an unknown address are answered alike, and the address stays")
def wrong(trial):
    visitor, email, _ = newcomer(trial, "Cy")
    page = SignInPage(visitor).open()
    answers = []
    for address in (email, "nobody@pages.example"):
        page.enter(address, "not the password at all")
        assert page.is_shown and page.email.input_value() == address and page.password.input_value() == ""
        answers.append(page.text)
    visitor.inspect("sign in refused")
    assert answers[0] == answers[1], answers


@check("Whoever guesses passwords is told to wait")
def guessing(trial):
    visitor, email, _ = newcomer(trial, "Dee")
    page = SignInPage(visitor).open()
    for _ in range(12):
        page.enter(email, "a guess that is wrong")
        if "too often. Wait" in page.text:
            return
    raise AssertionError(f"after 12 guesses the page says: {page.text}")


@check("After signing out the pages are closed")
def sign_out(trial):
    visitor, email, password = newcomer(trial, "Eve", "coordinator")
    page = SignInPage(visitor).open()
    page.sign_in(email, password)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Sign out").click()
    assert "You are signed out" in page.text
    visitor.visit("/week")
    assert page.is_shown


@check("The cookie is out of scripts' reach, and other sites' forms do not bring it along")
def cookie(trial):
    visitor = trial.visitor("reader")
    cookies = visitor.context.cookies()
    assert cookies and all(one["httpOnly"] and one["sameSite"] in ("Lax", "Strict") for one in cookies), cookies
    visitor.visit("/week")
    assert visitor.page.evaluate("document.cookie") == ""


@check("A link of somebody else's does not lead away after signing in", "//evil.example/x")
@check("A link of somebody else's with a backslash does not lead away after signing in", "/\\evil.example")
@check("A link of somebody else's with an address does not lead away after signing in", "https://evil.example")
def no_way_out(trial, target):
    visitor = trial.visitor()
    page = SignInPage(visitor).open("?" + urllib.parse.urlencode({"to": target}))
    email = "reader@pages.example"
    page.sign_in(email, trial.accounts.passwords[email])
    assert visitor.page.url.startswith(trial.address + "/"), visitor.page.url

"""People sign in with their institution's account, and nobody else does."""

import contextlib
import time
import urllib.parse

from openid_provider import OpenIDProvider
from screen import PHONE
from sign_in_page import SignInPage
from trial import check

PEOPLE = {
    "ada-7": {"email": "ada.openid@pages.example", "email_verified": True},
    "bo-8": {"email": "bo.openid@pages.example", "email_verified": True},
    "cy-9": {"email": "cy.openid@pages.example", "email_verified": False},
    "stranger-1": {"email": "stranger@pages.example", "email_verified": True},
    "impostor-2": {"email": "ada.openid@pages.example", "email_verified": True},
}


@contextlib.contextmanager
def place(trial):
    """A provider, and a service of the job's desk that people sign in to with it."""
    with OpenIDProvider(PEOPLE) as provider:
        service = trial.desk.serve(settings=provider.settings())
        try:
            yield provider, service
        finally:
            service.kill()


def refusals(service):
    return [line for line in service.log() if "identity provider's answer refused" in line["message"]]


def account(trial, name):
    """An account that is there before somebody signs in to it with the provider."""
    email = f"{name}@pages.example"
    if email not in trial.accounts.passwords:
        trial.accounts.add(name, "coordinator")
    return email


def set_out(visitor, service, path="/sign-in"):
    visitor.visit(service.address + path)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("link", name="Sign in with Example University").click()


def come_back(visitor, who):
    """Says at the provider who one is; gives the address with which the browser comes back."""
    with visitor.page.expect_request(lambda one: "/sign-in/provider/answer" in one.url) as answer:
        visitor.page.get_by_role("button", name=who).click()
    visitor.page.wait_for_load_state()
    # The provider's own page is none of ours.
    visitor.take_misdeeds()
    return answer.value.url


def refused(visitor, words):
    page = SignInPage(visitor)
    assert words in page.text, f"the page says: {page.text}"
    visitor.visit(visitor.address + "/week")
    assert page.is_shown, "somebody is signed in"


@check("Whoever is known to the consortium's provider signs in there, and comes to where they were going")
def signs_in(trial):
    account(trial, "ada.openid")
    _, service = trial.lasting(place)
    visitor = trial.visitor(address=service.address)
    visitor.visit("/week?date=2026-11-04")
    visitor.inspect("sign in with a provider")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("link", name="Sign in with Example University").click()
    come_back(visitor, "ada-7")
    assert visitor.page.url == service.address + "/week?date=2026-11-04", visitor.page.url
    names = [one["name"] for one in visitor.context.cookies() if one["value"] and "127.0.0.1" in one["domain"]]
    assert "coverdesk" in names and "coverdesk-visit" not in names, names
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Sign out").click()
    visitor.visit("/week")
    assert SignInPage(visitor).is_shown


@check("It works on a phone and without JavaScript, and a second time")
def signs_in_with_little(trial):
    account(trial, "bo.openid")
    _, service = trial.lasting(place)
    for _ in range(2):
        visitor = trial.visitor(screen=PHONE, javascript=False, address=service.address)
        set_out(visitor, service)
        come_back(visitor, "bo-8")
        assert not SignInPage(visitor).is_shown
        visitor.close()
    visitor = trial.visitor(screen=PHONE, address=service.address)
    visitor.visit("/sign-in")
    visitor.inspect("sign in with a provider")


@check("Who has no account is told whom to ask", "stranger-1", "coordinator to invite you")
@check("An address that the provider does not vouch for lets nobody in", "cy-9", "confirm your address")
@check("Somebody else with the same address does not come in", "impostor-2", "coordinator to unlink it")
def refuses_strangers(trial, who, words):
    account(trial, "cy.openid")
    email = account(trial, "ada.openid")
    _, service = trial.lasting(place)
    if who == "impostor-2":
        first = trial.visitor(address=service.address)
        set_out(first, service)
        come_back(first, "ada-7")
        assert not SignInPage(first).is_shown
    visitor = trial.visitor(address=service.address)
    set_out(visitor, service)
    come_back(visitor, who)
    trial.picture(visitor.page, f"sign in refused {who}")
    refused(visitor, words)
    if who == "impostor-2":
        trial.desk.run("account", "unlink", email)
    assert all("hush" not in str(line) for line in service.log())


@check("A token for another service is refused", {"aud": "another"}, "is not one to your sign-in")
@check("A token of another provider is refused", {"iss": "https://evil.example"}, "is not one to your sign-in")
@check("A token that has run out is refused", {"exp": 1_700_000_000}, "is not one to your sign-in")
@check("A token that answers somebody else's question is refused", {"nonce": "another"}, "is not one to your sign-in")
def refuses_tokens(trial, changes, words):
    account(trial, "bo.openid")
    provider, service = trial.lasting(place)
    before = len(refusals(service))
    visitor = trial.visitor(address=service.address)
    with provider.bent(lambda claims: {**claims, **changes}):
        set_out(visitor, service)
        come_back(visitor, "bo-8")
    refused(visitor, words)
    assert len(refusals(service)) > before, "the log does not tell"


@check("An answer that was used, is somebody else's, or has another state lets nobody in")
def refuses_answers(trial):
    account(trial, "bo.openid")
    _, service = trial.lasting(place)
    visitor = trial.visitor(address=service.address)
    set_out(visitor, service)
    kept = visitor.context.storage_state()
    used = come_back(visitor, "bo-8")
    assert not SignInPage(visitor).is_shown
    # The same browser with the cookie that it had then, another one, and one that set out by itself.
    again = trial.visitor(cookies=kept, address=service.address)
    other = trial.visitor(address=service.address)
    third = trial.visitor(address=service.address)
    set_out(third, service)
    third.take_misdeeds()
    for one in (again, other, third):
        one.visit(used)
        refused(one, "begun in another browser")
    set_out(third, service)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(third.page.url).query))
    third.visit(f"/sign-in/provider/answer?code=guess&state={query['state'][:-1]}x")
    refused(third, "begun in another browser")


@check("Whoever turns back at the provider, or finds it away, is told so and can use a password")
def turns_back(trial):
    email = account(trial, "bo.openid")
    provider, service = trial.lasting(place)
    visitor = trial.visitor(address=service.address)
    set_out(visitor, service)
    come_back(visitor, "Deny")
    refused(visitor, "you turned back there")
    SignInPage(visitor).sign_in(email, trial.accounts.passwords[email])
    settings = provider.settings()
    provider.stop()
    # One that has not asked the provider before.
    newer = trial.desk.serve(settings=settings)
    try:
        visitor = trial.visitor(address=newer.address)
        visitor.visit("/sign-in")
        start = time.monotonic()
        with visitor.page.expect_navigation():
            visitor.page.get_by_role("link", name="Sign in with Example University").click()
        assert "does not answer right now" in SignInPage(visitor).text
        assert time.monotonic() - start < 12, "that took long"
        visitor.take_misdeeds()
    finally:
        newer.kill()
        provider.start()

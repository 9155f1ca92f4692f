"""A coordinator lets people in and locks them out; people look after their own accounts."""

import http.server
import threading

from accounts_page import AccountsPage
from screen import PHONE
from sign_in_page import SignInPage
from trial import check

PASSWORD = "a wren sang in the rafters"
TAKEN_AT_ONCE = "passwordpassword"


def set_password(visitor, password):
    visitor.page.locator("input[name=password]").fill(password)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Set the password").click()


@check("Somebody who is invited sets a password on a phone, and the link works once")
def invitation(trial):
    accounts = AccountsPage(trial.visitor("coordinator")).open()
    accounts.invite("Fay Ortega", "fay@pages.example")
    accounts.visitor.inspect("the link of an invitation")
    link = accounts.link()
    assert link.startswith(trial.address + "/"), link
    guest = trial.visitor(screen=PHONE)
    guest.visit(link)
    guest.inspect("invitation")
    set_password(guest, TAKEN_AT_ONCE)
    assert "tried first" in guest.page.get_by_role("main").inner_text()
    guest.inspect("invitation with a common password")
    set_password(guest, PASSWORD)
    SignInPage(guest).sign_in("fay@pages.example", PASSWORD)
    another = trial.visitor()
    assert another.visit(link) == 404
    another.inspect("invitation that was used")


@check("A coordinator who disables an account ends its work at once")
def disable(trial):
    email = trial.accounts.add("Gil")
    person = trial.visitor()
    SignInPage(person).open().sign_in(email, trial.accounts.passwords[email])
    accounts = AccountsPage(trial.visitor("coordinator")).open()
    accounts.press("Gil", "Disable")
    accounts.visitor.inspect("accounts")
    person.visit("/week")
    page = SignInPage(person)
    assert page.is_shown
    page.enter(email, trial.accounts.passwords[email])
    assert "disabled" in page.text, page.text


@check("What is wrong with an invitation is said where it is, and what was typed stays")
def wrong_invitation(trial):
    accounts = AccountsPage(trial.visitor("coordinator")).open()
    said = accounts.invite("Another Coordinator", "coordinator@pages.example")
    assert "has an account already" in said, said
    accounts.visitor.inspect("invitation of somebody who has an account")
    assert accounts.page.locator("form[action='/accounts'][method=post] [name=name]").input_value() == \
        "Another Coordinator"


@check("Markup in a name is shown as letters wherever the name is")
def markup(trial):
    name = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"
    coordinator = trial.visitor("coordinator")
    accounts = AccountsPage(coordinator).open()
    accounts.invite(name, "markup@pages.example")
    guest = trial.visitor()
    guest.visit(accounts.link())
    set_password(guest, PASSWORD)
    SignInPage(guest).sign_in("markup@pages.example", PASSWORD)
    guest.visit("/account")
    accounts.open()
    for visitor in (guest, coordinator):
        assert name in visitor.page.locator("body").inner_text()
        assert not visitor.take_misdeeds()


@check("A manager is not shown the accounts, and does not get to them by their address", "manager")
@check("An operator is not shown the accounts, and does not get to them by their address", "operator")
@check("A reader is not shown the accounts, and does not get to them by their address", "reader")
def others(trial, role):
    visitor = trial.visitor(role)
    visitor.visit("/week")
    assert "/accounts" not in visitor.links()
    assert visitor.visit("/accounts") in (403, 404)
    visitor.inspect(f"accounts for a {role}")


@check("All other browsers of one's own are signed out at once")
def sign_out_others(trial):
    email = trial.accounts.add("Hana")
    here, there = trial.visitor(), trial.visitor(screen=PHONE)
    for one in (here, there):
        SignInPage(one).open().sign_in(email, trial.accounts.passwords[email])
    here.visit("/account")
    here.inspect("an account of one's own")
    with here.page.expect_navigation():
        here.page.get_by_role("button", name="Sign out all others").click()
    there.visit("/week")
    here.visit("/week")
    assert SignInPage(there).is_shown and not SignInPage(here).is_shown


@check("A password that is changed counts from then on, and the one before no more")
def change_password(trial):
    email = trial.accounts.add("Ivo")
    before = trial.accounts.passwords[email]
    visitor = trial.visitor()
    SignInPage(visitor).open().sign_in(email, before)
    visitor.visit("/account")
    visitor.page.locator("[name=current]").fill(before)
    visitor.page.locator("[name=password]").fill(PASSWORD)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Change the password").click()
    newcomer = SignInPage(trial.visitor()).open()
    newcomer.enter(email, before)
    assert newcomer.is_shown
    newcomer.sign_in(email, PASSWORD)


class ForgingSite:
    """Another site with a form that sends to ours; browsers take a cookie of one port to another."""

    def __init__(self, form):
        page = f"<!doctype html><title>x</title>{form}".encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # The browser leaves before it has what it asked for besides, as a picture for the tab.
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/"


@check("A form on another site that pretends to be ours changes nothing")
def forged(trial):
    visitor = trial.visitor("coordinator")
    site = ForgingSite(f"""<form action="{trial.address}/accounts" method="post"><input name="name" value="Mallory">
        <input name="email" value="mallory@pages.example"><input name="role" value="coordinator"><button>x</button>""")
    visitor.page.goto(site.address)
    with visitor.page.expect_response(lambda answer: answer.url == trial.address + "/accounts") as answered:
        visitor.page.get_by_role("button").click()
    site.server.shutdown()
    assert answered.value.status in (401, 403), answered.value.status
    AccountsPage(visitor).open()
    assert "mallory" not in visitor.page.content()

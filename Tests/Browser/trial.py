"""The checks that are made, and what they share."""

import json
import re
import time
import traceback

from accounts import Accounts
from html_validator import HTMLValidator
from screen import DESK
from visitor import Visitor

CHECKS = []


def check(sentence, *arguments, **options):
    """Makes a function a check, which fails by raising: `sentence` says what holds, in users' words.

    The function takes the trial, and after it the arguments that are given here.
    """
    def note(function):
        job = function.__module__.removeprefix("job_")
        CHECKS.append((job, sentence, lambda trial: function(trial, *arguments, **options)))
        return function
    return note


class Trial:
    """A browser, a service, its accounts, and a folder for pictures."""

    def __init__(self, browser, desk, pictures):
        self.browser, self.desk, self.pictures = browser, desk, pictures
        self.address, self.accounts = desk.address, Accounts(desk)
        self.validator = HTMLValidator()
        self.held, self.failed = 0, []
        # Of which elements pages were made so far, for each screen.
        self.known_parts = {}
        self.pictured = set()
        # For how long a check waits for what it expects, in milliseconds: a busy machine is no failure.
        self.patience = 20_000
        self.visitors = []
        self._cookies, self._told = {}, {}

    def visitor(self, role=None, screen=DESK, javascript=True, cookies=None, address=None):
        """Somebody with a browser, signed in if a role is named; their browser ends with the check."""
        one = Visitor(self, role, screen, javascript, cookies or self.cookies_of(role), address)
        self.visitors.append(one)
        return one

    def cookies_of(self, role):
        """Each role signs in once: what a page then knows it by is kept for those who come later."""
        if role is None:
            return None
        if role not in self._cookies:
            newcomer = self.visitor(screen=DESK)
            self.accounts.sign_in(newcomer, role)
            self._cookies[role] = newcomer.context.storage_state()
        return self._cookies[role]

    def told(self, *arguments):
        """What a command tells with --json: the schedule by another way than the pages', asked for once."""
        if arguments not in self._told:
            self._told[arguments] = json.loads(self.desk.run(*arguments, "--json"))
        return self._told[arguments]

    def schedule(self):
        return self.told("schedule")["shifts"]

    def gaps(self):
        return self.told("gaps")

    def picture(self, page, name):
        path = self.pictures / (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") + ".png")
        page.screenshot(path=path, full_page=True, animations="disabled")

    def run(self, job, sentence, function):
        """Makes one check, says how it went, and keeps what was to be seen if it failed."""
        start = time.monotonic()
        try:
            function(self)
            self.held += 1
            print(f"ok      {job}: {sentence} ({time.monotonic() - start:.1f} s)", flush=True)
        except Exception as failure:  # whatever it is, the other checks are still to be made
            self.failed.append(f"{job}: {sentence}")
            print(f"FAILED  {job}: {sentence} ({time.monotonic() - start:.1f} s)", flush=True)
            print(self._explain(failure), flush=True)
            self._keep_evidence(f"{job} {sentence}")
        finally:
            for one in list(self.visitors):
                one.close()

    @staticmethod
    def _explain(failure):
        text = str(failure) if isinstance(failure, AssertionError) and str(failure) else \
            "".join(traceback.format_exception(failure)[-3:])
        return "\n".join("        " + line for line in text.strip().splitlines()[:60])

    def _keep_evidence(self, name):
        folder = self.pictures / "failed"
        folder.mkdir(exist_ok=True)
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:90]
        for number, one in enumerate(self.visitors):
            try:
                (folder / f"{stem}-{number}.html").write_text(one.page.content(), encoding="utf-8")
                one.page.screenshot(path=folder / f"{stem}-{number}.png", full_page=True)
            except Exception as failure:  # a page that is gone has nothing to show
                print(f"        (no picture: {failure})", flush=True)

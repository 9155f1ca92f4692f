"""The checks that are made, and what they share."""

import collections
import contextlib
import functools
import json
import pathlib
import time
import traceback

from accounts import Accounts
from database_server import EMPTY
from desk import Desk
from documents import Documents, file_name
from screen import DESK
from visitor import Visitor

HERE = pathlib.Path(__file__).resolve().parent
# Of each job's file, by the module's name: sentences with functions that take the trial.
CHECKS = collections.defaultdict(list)


def check(sentence, *arguments, **options):
    """Makes a function a check, which fails by raising: `sentence` says what holds, in users' words.

    The function takes the trial, and after it the arguments that are given here.
    """
    def note(function):
        CHECKS[function.__module__].append((sentence, lambda trial: function(trial, *arguments, **options)))
        return function
    return note


class Trial:
    """What the checks of a job share, and those of no other job: a desk, a browser, accounts, a folder for pictures."""

    def __init__(self, browser, desk, pictures, known_parts=None, say=print):
        self.browser, self.pictures, self.say = browser, pictures, say
        self.job, self._desk, self._stack = desk.name, desk, contextlib.ExitStack()
        self.documents = Documents()
        self.held, self.failed = 0, []
        # Of which elements pages were made so far, for each screen; other jobs' too.
        self.known_parts = {} if known_parts is None else known_parts
        self.pictured = set()
        # For how long a check waits for what it expects, in milliseconds: a busy machine is no failure.
        self.patience = 20_000
        self.visitors = []
        self._sessions, self._told, self._lasting = {}, {}, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    @functools.cached_property
    def desk(self):
        """The job's own, started when a check first asks for it: whatever is done there, no other job sees."""
        return self._stack.enter_context(self._desk)

    @functools.cached_property
    def accounts(self):
        return Accounts(self.desk)

    @property
    def address(self):
        return self.desk.address

    def lasting(self, make):
        """What `make`, which gives something for a `with`, gives of this trial: for all checks of the job."""
        if make not in self._lasting:
            self._lasting[make] = self._stack.enter_context(make(self))
        return self._lasting[make]

    def empty_desk(self, name):
        """One more desk, with nothing in it, for a `with`."""
        return Desk(self._desk.server, f"{self.job}-{name}", EMPTY)

    def visitor(self, role=None, screen=DESK, javascript=True, cookies=None, address=None):
        """Somebody with a browser, signed in if a role is named; their browser ends with the check."""
        one = Visitor(self, role, screen, javascript, cookies or self.session(role), address)
        self.visitors.append(one)
        return one

    def session(self, role):
        """What a browser keeps once the role has signed in, which each did before the desk began, or does now."""
        if role is None:
            return None
        if role not in self._sessions:
            self._sessions[role] = self.desk.sessions.get(role) or self._sign_in(role)
        return self._sessions[role]

    def _sign_in(self, role):
        newcomer = self.visitor()
        self.accounts.sign_in(newcomer, role)
        return newcomer.context.storage_state()

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
        page.screenshot(path=self.pictures / f"{file_name(f'{self.job} {name}')}.png", full_page=True,
                        animations="disabled")

    def run(self, sentence, function):
        """Makes one check, says how it went, and keeps what was to be seen if it failed."""
        start = time.monotonic()
        try:
            function(self)
            self.held += 1
            self.say(f"ok      {self.job}: {sentence} ({time.monotonic() - start:.1f} s)")
        except Exception as failure:  # whatever it is, the other checks are still to be made
            self.failed.append(f"{self.job}: {sentence}")
            self.say(f"FAILED  {self.job}: {sentence} ({time.monotonic() - start:.1f} s)")
            self.say(self._explain(failure))
            self._keep_evidence(f"{self.job} {sentence}")
        finally:
            for one in list(self.visitors):
                one.close()

    @staticmethod
    def _explain(failure):
        """What is wrong, and the lines of ours that led there."""
        text = str(failure) if isinstance(failure, AssertionError) and str(failure) else \
            "".join(traceback.format_exception_only(failure))
        frames = [one for one in traceback.extract_tb(failure.__traceback__) if pathlib.Path(one.filename).parent == HERE]
        places = [f"{pathlib.Path(one.filename).name}:{one.lineno}: {one.line}" for one in frames[2:]]
        return "\n".join("        " + line for line in text.strip().splitlines()[:60] + places)

    def _keep_evidence(self, name):
        folder = self.pictures / "failed"
        folder.mkdir(exist_ok=True)
        stem = file_name(name)[:90]
        for number, one in enumerate(self.visitors):
            try:
                (folder / f"{stem}-{number}.html").write_text(one.page.content(), encoding="utf-8")
                one.page.screenshot(path=folder / f"{stem}-{number}.png", full_page=True)
            except Exception as failure:  # a page that is gone has nothing to show
                self.say(f"        (no picture: {failure})")

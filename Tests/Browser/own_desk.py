"""A service of a job's own, for what changes the consortium's data, with a program that takes its mail."""

import atexit
import contextlib
import email
import email.policy
import pathlib
import tempfile
import time

from desk import Desk
from trial import Trial

SENDMAIL = """#!/bin/sh
mail=$(mktemp "$(dirname "$0")/XXXXXXXX") && cat >"$mail" && mv "$mail" "$mail.eml"
"""


class OwnDesk:
    """Made when it is first asked for, and ended with the whole run."""

    def __init__(self):
        self._trial, self.post = None, None

    def trial(self, trial):
        """A trial like the one that is given, on the service of this desk."""
        if not self._trial:
            self._start(trial)
        # Who closes browsers, or keeps what they show, does so with these too.
        self._trial.visitors = trial.visitors
        return self._trial

    def mail_to(self, address, subject):
        """Waits for a mail, read by Python's own parser."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for file in self.post.glob("*.eml"):
                mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                if mail["To"].addresses[0].addr_spec == address and mail["Subject"] == subject:
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no mail “{subject}” to {address} within 30 s: there are "
                             f"{[file.read_text()[:200] for file in self.post.glob('*.eml')]}")

    def _start(self, trial):
        stack = contextlib.ExitStack()
        atexit.register(stack.close)
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = Desk(folder)
        self.post = folder / "post"
        self.post.mkdir()
        program = self.post / "sendmail"
        program.write_text(SENDMAIL, encoding="utf-8")
        program.chmod(0o755)
        desk.environment |= {"COVERDESK_NOTIFY_SENDMAIL": f"{program} -t -i",
                             "COVERDESK_NOTIFY_FROM": "Das Büro <desk@pages.example>"}
        stack.enter_context(desk)
        self._trial = Trial(trial.browser, desk, trial.pictures)
        # All HTML is read at once, at the very end.
        self._trial.validator = trial.validator
        self._trial.known_parts, self._trial.pictured = trial.known_parts, trial.pictured

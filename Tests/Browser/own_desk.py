"""A service of a job's own, for what changes the consortium's data."""

import atexit
import contextlib
import pathlib
import tempfile

from desk import Desk
from trial import Trial


class OwnDesk:
    """Made when it is first asked for, and ended with the whole run."""

    def __init__(self):
        self._trial = None

    def trial(self, trial):
        """A trial like the one that is given, on the service of this desk."""
        if not self._trial:
            self._start(trial)
        # Who closes browsers, or keeps what they show, does so with these too.
        self._trial.visitors = trial.visitors
        return self._trial

    def _start(self, trial):
        stack = contextlib.ExitStack()
        atexit.register(stack.close)
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = Desk(folder)
        stack.enter_context(desk)
        self._trial = Trial(trial.browser, desk, trial.pictures)
        # All HTML is read at once, at the very end.
        self._trial.validator = trial.validator
        self._trial.known_parts, self._trial.pictured = trial.known_parts, trial.pictured

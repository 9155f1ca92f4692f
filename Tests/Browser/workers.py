"""Processes that do jobs at the same time, each with a browser of its own."""

import contextlib
import dataclasses
import importlib
import multiprocessing
import multiprocessing.connection
import shutil
import signal
import sys
import time

from playwright.sync_api import sync_playwright

import trial as trials
from desk import Desk
from documents import Documents
from trial import Trial


@dataclasses.dataclass
class Outcome:
    """What came of a job."""

    held: int = 0
    failed: list = dataclasses.field(default_factory=list)
    documents: Documents = dataclasses.field(default_factory=Documents)
    seconds: float = 0


class Workers:
    """So many processes, for as long as the `with` lasts; they end with this one, however that ends."""

    def __init__(self, count, server, pictures):
        self._count, self._given = count, (server, pictures)
        # What each process is told and tells by, and what it is doing.
        self._processes, self._busy = {}, {}

    def __enter__(self):
        for _ in range(self._count):
            self._start()
        return self

    def __exit__(self, failure, *_):
        for pipe, process in self._processes.items():
            # Who waits for a job ends by itself.
            pipe.close()
            if failure:
                process.terminate()
        for process in self._processes.values():
            process.join(60)

    def do(self, jobs, printer):
        """Has all jobs done and gives each one's outcome; `printer` is told what is said meanwhile."""
        waiting, outcomes = list(jobs), {}
        self._hand_out(waiting, printer)
        while self._busy:
            for pipe in multiprocessing.connection.wait(self._busy):
                told = self._receive(pipe)
                job = self._busy[pipe]
                if isinstance(told, Outcome):
                    outcomes[job] = told
                    printer.end(job)
                    del self._busy[pipe]
                else:
                    printer.say(job, told)
            self._hand_out(waiting, printer)
        return outcomes

    def _hand_out(self, waiting, printer):
        for pipe in [one for one in self._processes if one not in self._busy][:len(waiting)]:
            job = self._busy[pipe] = waiting.pop(0)
            printer.begin(job)
            pipe.send(job)

    def _receive(self, pipe):
        """A line or an outcome; where a process has died, that its job failed."""
        try:
            return pipe.recv()
        except EOFError:
            process = self._processes.pop(pipe)
            process.join()
            self._start()
            return Outcome(failed=[f"{self._busy[pipe]}: its process ended with {process.exitcode}"])

    def _start(self):
        # Not forked: a connection to a browser cannot be shared.
        spawning = multiprocessing.get_context("spawn")
        ours, theirs = spawning.Pipe()
        process = spawning.Process(target=_work, args=(theirs, *self._given), daemon=True)
        process.start()
        theirs.close()
        self._processes[ours] = process


def _work(pipe, server, pictures):
    """What a process does until nobody tells it more."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    known_parts = {}
    with sync_playwright() as playwright, launched(playwright) as browser, contextlib.suppress(EOFError):
        while True:
            pipe.send(_do(pipe.recv(), browser, server, pictures, known_parts, pipe.send))


def _do(job, browser, server, pictures, known_parts, say):
    start = time.monotonic()
    checks, sends_mail = load(job)
    with Trial(browser, Desk(server, job, sends_mail=sends_mail), pictures, known_parts, say) as trial:
        for sentence, function in checks:
            trial.run(sentence, function)
    return Outcome(trial.held, trial.failed, trial.documents, time.monotonic() - start)


def load(job):
    """The checks of a job's file, and whether its desk sends mail, which it says by `SENDS_MAIL = True`."""
    module = importlib.import_module(f"job_{job}")
    return trials.CHECKS[module.__name__], getattr(module, "SENDS_MAIL", False)


@contextlib.contextmanager
def launched(playwright):
    """A browser that ends with the `with`."""
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"))
    try:
        yield browser
    finally:
        browser.close()

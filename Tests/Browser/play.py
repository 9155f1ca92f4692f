#!/usr/bin/env python3
"""Makes all checks, or those of the jobs that are named, against services of its own; Tests/Browser/run calls it.

    play.py --pictures FOLDER [--workers COUNT] [JOB …]
"""

import argparse
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

from accounts import Accounts
from database_server import EXAMPLE, PUBLISHED, DatabaseServer
from desk import Desk
from documents import Documents
from html_validator import HTMLValidator
from printer import Printer
from trial import Trial
from workers import Outcome, Workers, launched

HERE = pathlib.Path(__file__).resolve().parent
# What takes longest is begun first, so that no process is busy with it alone in the end.
LONG = ("every_page", "now", "planning", "editing")


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=pathlib.Path, required=True)
    parser.add_argument("--workers", type=int, default=min(4, len(os.sched_getaffinity(0))),
                        help="how many jobs are done at the same time")
    parser.add_argument("jobs", nargs="*")
    return parser.parse_args()


def jobs(names):
    """The jobs that are named, or all, in the order in which they are begun."""
    known = sorted(path.stem.removeprefix("job_") for path in HERE.glob("job_*.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"there is no job {', '.join(unknown)}: the jobs are {', '.join(known)}")
    return sorted(set(names or known), key=lambda name: (LONG.index(name) if name in LONG else len(LONG), name))


def sign_everybody_in(server, pictures):
    """Makes of what is published what desks begin with: somebody of each role has signed in."""
    desk = Desk(server, EXAMPLE, beginning=PUBLISHED, is_kept=True)
    with sync_playwright() as playwright, launched(playwright) as browser, Trial(browser, desk, pictures) as trial:
        server.sessions = {role: trial.session(role) for role in Accounts.ROLES}
        server.passwords = trial.accounts.passwords


def all_valid(outcomes, pictures):
    """The last check, for the documents of all jobs at once."""
    start, documents = time.monotonic(), Documents()
    for one in outcomes:
        documents.add_all(one.documents)
    faults = HTMLValidator(documents, pictures / "failed").faults()
    print(f"{'FAILED' if faults else 'ok    '}  all jobs: All HTML is valid ({time.monotonic() - start:.1f} s)")
    print("".join(f"        {line}\n" for line in faults), end="", flush=True)
    return Outcome(failed=["all jobs: All HTML is valid"]) if faults else Outcome(held=1)


def main():
    asked = options()
    names = jobs(asked.jobs)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shutil.rmtree(asked.pictures, ignore_errors=True)
    asked.pictures.mkdir(parents=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, DatabaseServer(folder) as server:
        sign_everybody_in(server, asked.pictures)
        begun = time.monotonic() - start
        with Workers(min(asked.workers, len(names)), server, asked.pictures) as workers:
            done = workers.do(names, Printer())
    outcomes = [*done.values(), all_valid(done.values(), asked.pictures)]
    failed = [line for one in outcomes for line in one.failed]
    for line in failed:
        print(f"failed: {line}")
    print(f"to begin with {begun:.0f} s, " + ", ".join(f"{job} {one.seconds:.0f} s" for job, one in done.items()))
    print(f"pictures are in {asked.pictures}; {time.monotonic() - start:.0f} s")
    print(f"browser: {sum(one.held for one in outcomes)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

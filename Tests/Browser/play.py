#!/usr/bin/env python3
"""Makes all checks, or those of the jobs that are named, against a service of its own; Tests/Browser/run calls it.

    play.py --pictures FOLDER [JOB …]
"""

import argparse
import importlib
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

import trial as trials
from desk import Desk
from trial import Trial

HERE = pathlib.Path(__file__).resolve().parent


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=pathlib.Path, required=True)
    parser.add_argument("jobs", nargs="*")
    return parser.parse_args()


def load(names):
    """Reads the files of the jobs, whose checks then are in `trials.CHECKS`."""
    known = sorted(path.stem.removeprefix("job_") for path in HERE.glob("job_*.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"there is no job {', '.join(unknown)}: the jobs are {', '.join(known)}")
    for name in names or known:
        importlib.import_module(f"job_{name}")


def desks_of(checks):
    """The checks in groups that share a desk: a job that says OWN_DESK changes what others look at."""
    shared = [one for one in checks if not own_desk(one[0])]
    alone = {}
    for one in checks:
        if own_desk(one[0]):
            alone.setdefault(one[0], []).append(one)
    return [group for group in (shared, *alone.values()) if group]


def own_desk(job):
    return getattr(importlib.import_module(f"job_{job}"), "OWN_DESK", False)


def valid(trial):
    """The last check, for all pages at once."""
    faults = trial.validator.faults()
    if faults:
        raise AssertionError("\n".join(faults))


def main():
    asked = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load(asked.jobs)
    shutil.rmtree(asked.pictures, ignore_errors=True)
    asked.pictures.mkdir(parents=True)
    start = time.monotonic()
    held, failed = 0, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for checks in desks_of(trials.CHECKS):
            with tempfile.TemporaryDirectory() as folder, Desk(folder) as desk:
                trial = Trial(browser, desk, asked.pictures)
                for one in checks:
                    trial.run(*one)
                trial.run(checks[-1][0], "All HTML is valid", valid)
            held, failed = held + trial.held, failed + trial.failed
        browser.close()
    for one in failed:
        print(f"failed: {one}")
    print(f"pictures are in {asked.pictures}; {time.monotonic() - start:.0f} s")
    print(f"browser: {held} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

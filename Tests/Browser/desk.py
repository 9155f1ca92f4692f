"""A service to be tried: a PostgreSQL server of its own, the statewide example planned and published, and `serve`."""

import datetime
import os
import pathlib
import re
import subprocess

from service import Service

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "Examples/statewide"
# A Wednesday morning in the example's first week, at whose end clocks are put back: the plan's, so that there is a past
# and a future, and people on.
CLOCK_FROM = "2026-10-28T10:20:00-04:00"


class Desk:
    """One service in a folder, for as long as the `with` lasts. Takes about five seconds to start."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        # The server's user must be able to enter, and that is not root.
        self.folder.chmod(0o755)
        self.program = os.environ["COVERDESK"]
        # Settings of whoever runs this would lead to another database.
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERDESK_")}
        self.service = None
        self.clock, self.since = [], None

    def __enter__(self):
        try:
            self._publish_example()
            self._start_clock()
            self.service = self.serve()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.service:
            self.service.stop()
        subprocess.run([self.program, "demo", "--stop", "--folder", self.folder / "cluster"], cwd=self.folder,
                       env=self.environment, capture_output=True, check=False)

    @property
    def address(self):
        return self.service.address

    def now(self):
        """The time by the desk's clock."""
        return datetime.datetime.fromisoformat(CLOCK_FROM) + (datetime.datetime.now(datetime.timezone.utc) - self.since)

    def serve(self, port=0, settings=None):
        """One more service of this desk, which whoever asks for it must end; `settings` are further variables."""
        return Service(self, self.clock, port, settings)

    def run(self, *arguments, typed=None):
        """What a command of coverdesk's prints; `typed` is its standard input."""
        done = subprocess.run([self.program, *map(str, arguments)], cwd=self.folder, env=self.environment,
                              input=typed, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"coverdesk {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def _start_clock(self):
        self.since = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        self.clock = ["--clock-from", CLOCK_FROM, "--clock-since", self.since.strftime("%Y-%m-%dT%H:%M:%SZ")]

    def _publish_example(self):
        printed = self.run("demo", "--no-service", "--folder", self.folder / "cluster", "--seconds", "2",
                           "--bundle", EXAMPLE)
        (self.folder / "demo.log").write_text(printed, encoding="utf-8")
        address = re.search(r"export COVERDESK_DATABASE_URL='(.*)'", printed)
        self.environment["COVERDESK_DATABASE_URL"] = address.group(1)

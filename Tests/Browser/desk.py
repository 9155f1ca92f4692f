"""A service to be tried: a PostgreSQL server of its own, the statewide example planned and published, and `serve`."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
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
        self.address = None

    def __enter__(self):
        try:
            self._publish_example()
            self._serve()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.service:
            self.service.send_signal(signal.SIGTERM)
            self.service.wait()
        subprocess.run([self.program, "demo", "--stop", "--folder", self.folder / "cluster"], cwd=self.folder,
                       env=self.environment, capture_output=True, check=False)

    def run(self, *arguments, typed=None):
        """What a command of coverdesk's prints; `typed` is its standard input."""
        done = subprocess.run([self.program, *map(str, arguments)], cwd=self.folder, env=self.environment,
                              input=typed, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"coverdesk {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def status(self, path):
        """The status with which the service answers somebody who is not signed in."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def log(self):
        """The service's log so far, a dictionary for each line."""
        lines = (self.folder / "serve.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def _publish_example(self):
        printed = self.run("demo", "--no-service", "--folder", self.folder / "cluster", "--seconds", "2",
                           "--bundle", ROOT / "Examples/statewide")
        (self.folder / "demo.log").write_text(printed, encoding="utf-8")
        address = re.search(r"export COVERDESK_DATABASE_URL='(.*)'", printed)
        self.environment["COVERDESK_DATABASE_URL"] = address.group(1)

    def _serve(self):
        with open(self.folder / "serve.log", "wb") as log:
            self.service = subprocess.Popen([self.program, "serve", "--port", "0", "--clock-from", CLOCK_FROM],
                                            cwd=self.folder, env=self.environment, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while not self._is_ready():
            if self.service.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the service did not start:\n{(self.folder / 'serve.log').read_text()}")
            time.sleep(0.05)

    def _is_ready(self):
        port = re.search(r'"serve.port":"(\d+)"', (self.folder / "serve.log").read_text())
        if not port:
            return False
        self.address = f"http://127.0.0.1:{port.group(1)}"
        try:
            return self.status("/readyz") == 200
        except OSError:
            return False

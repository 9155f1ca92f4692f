"""One process of `coverdesk serve`."""

import json
import re
import signal
import time
import urllib.error
import urllib.request


class Service:
    """Serves a desk's database from when it is made until it is stopped or killed; a desk may have several at once.

    `port` is for one that takes another's place. `clock` are the options that tell the time: a desk's never goes back,
    so all of its services are given the same.
    """

    def __init__(self, program, clock, port=0, settings=None):
        self.log_file = program.folder / f"serve-{time.monotonic_ns()}.log"
        self.process = program.start("serve", "--port", port, *clock, log=self.log_file, settings=settings)
        self.address = None
        try:
            self._await()
        except BaseException:
            self.kill()
            raise

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    def stop(self):
        """Asks it to end as an administrator does; gives the process's status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def status(self, path):
        """The status with which the service answers somebody who is not signed in."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def log(self):
        """What it has logged so far, a dictionary for each line."""
        lines = self.log_file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def _await(self):
        end = time.monotonic() + 60
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the service did not start:\n{self.log_file.read_text()}")
            time.sleep(0.05)

    def _is_ready(self):
        port = re.search(r'"serve.port":"(\d+)"', self.log_file.read_text())
        if not port:
            return False
        self.address = f"http://127.0.0.1:{port.group(1)}"
        try:
            return self.status("/readyz") == 200
        except OSError:
            return False

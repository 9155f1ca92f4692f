"""The program that is tried, and its commands."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLE_FILES = ROOT / "Examples/statewide"


class Program:
    """Coverdesk, run in a folder with settings that are variables."""

    def __init__(self, folder, **settings):
        self.folder, self.path = pathlib.Path(folder), os.environ["COVERDESK"]
        # Settings of whoever runs this would lead to another database.
        ours = {name: value for name, value in os.environ.items() if not name.startswith("COVERDESK_")}
        self.environment = {**ours, **settings}

    def run(self, *arguments, typed=None):
        """What a command prints; `typed` is its standard input."""
        done = subprocess.run([self.path, *map(str, arguments)], cwd=self.folder, env=self.environment,
                              input=typed, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"coverdesk {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def start(self, *arguments, log, settings=None):
        """The process of a command that goes on; what it says goes to the file `log`."""
        with open(log, "wb") as file:
            return subprocess.Popen([self.path, *map(str, arguments)], cwd=self.folder, stdout=file, stderr=file,
                                    env={**self.environment, **(settings or {})})

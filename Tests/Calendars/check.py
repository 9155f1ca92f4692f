"""Holds calendars, as an independent parser reads them, against the schedule and against a library's cache."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

import icalendar

program, service, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
faults = []


def run(*arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"coverdesk {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def expect(holds, what):
    print(("ok      " if holds else "FAILED  ") + what)
    if not holds:
        faults.append(what)


def fetch(address, tag=None):
    request = urllib.request.Request(address, headers={"If-None-Match": tag} if tag else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read(), answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        return error.code, error.read(), None


def utc(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


def shifts(*arguments):
    """What the schedule says: {(operator, queue, start, end)}."""
    lines = json.loads(run("schedule", "--json", *arguments))["shifts"]
    return {
        (one["operator_id"], one["queue_id"], utc(one["starts_at"]), utc(one["ends_at"])) for one in lines
    }


def events(body):
    """What a calendar says, by UID."""
    calendar = icalendar.Calendar.from_ical(body)
    found = {}
    for event in calendar.walk("VEVENT"):
        uid = str(event["UID"])
        if event.errors:
            expect(False, f"the parser finds no fault in {uid}: {event.errors}")
        if uid in found:
            expect(False, f"the UID {uid} is there once")
        found[uid] = event
    return found


def confirmed(found):
    result = set()
    for uid, event in found.items():
        if str(event["STATUS"]) != "CONFIRMED":
            continue
        # SECONDS-QUEUE-OPERATOR@CONSORTIUM.coverdesk, where ids may have hyphens themselves.
        result.add((event["DTSTART"].dt, event["DTEND"].dt, uid.split("-", 1)[1].split("@")[0]))
    return result


def wanted(found):
    return {(start, end, f"{queue}-{person}") for person, queue, start, end in found}


def address_of(*arguments):
    return json.loads(run("calendar", "create", "--json", "--service", service, *arguments))["address"]


library = "clearyard"
mine = shifts("--library", library)
expect(len(mine) > 3, f"{library} has {len(mine)} shifts")
person = sorted(one[0] for one in mine)[0]
queue = sorted(one[1] for one in mine)[0]
for kind, subject in (("library", library), ("operator", person), ("queue", queue)):
    status, body, tag = fetch(address_of(f"--{kind}", subject))
    expect(status == 200, f"the calendar of {kind} {subject} is there")
    expect(all(len(line) <= 75 for line in body.split(b"\r\n")), "no line is longer than 75 bytes")
    expect(b"\n" not in body.replace(b"\r\n", b""), "each line ends in CR and LF")
    expect(confirmed(events(body)) == wanted(shifts(f"--{kind}", subject)),
           f"the calendar of {kind} {subject} says what the schedule says")

# The library's own cache agrees.
token = folder / "token"
token.write_text(run("token", "create", "--library", library))
cache = folder / "desk.sqlite"
run("sync", "--once", "--service", service, "--cache", str(cache), "--token-file", str(token))
address = address_of("--library", library)
_, body, tag = fetch(address)
cached = {one for one in shifts("--cache", str(cache), "--library", library)}
expect(confirmed(events(body)) == wanted(cached), f"the cache of {library} says what its calendar says")
expect(fetch(address, tag)[0] == 304, "a calendar that has not changed is not sent again")

# Another plan takes its place: what is gone is cancelled, what stays is the same.
before = events(body)
run("plan", "--seconds", "1", "--seed", "9")
run("publish", "--message", "another plan")
_, body, _ = fetch(address)
after = events(body)
expect(set(before) <= set(after), "no event vanishes: it is cancelled")
expect(confirmed(after) == wanted(shifts("--library", library)), "the calendar follows the new plan")
for uid, event in before.items():
    same = (str(event["STATUS"]), event["DTEND"].dt) == (str(after[uid]["STATUS"]), after[uid]["DTEND"].dt)
    if same != (int(event["SEQUENCE"]) == int(after[uid]["SEQUENCE"])) or event["SEQUENCE"] > after[uid]["SEQUENCE"]:
        expect(False, f"{uid} is revised only if it changed")
cancelled = sum(str(event["STATUS"]) == "CANCELLED" for event in after.values())
print(f"        {len(after)} events, {cancelled} of them cancelled")

number = json.loads(run("calendar", "list", "--json"))[-1]["number"]
run("calendar", "revoke", str(number))
expect(fetch(address)[0] == 404, "a revoked address opens nothing")
sys.exit(1 if faults else 0)

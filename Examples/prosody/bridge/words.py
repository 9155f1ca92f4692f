"""What people read. Nothing is promised here that the service did not say."""

from datetime import datetime, timedelta

OPERATOR_HELP = """/accept – take the conversation (answering does, too)
/decline – not now: somebody else is asked
/note TEXT – a note for whoever has it next; the patron does not see it
/transfer QUEUE, /transfer operator ID, /transfer library ID – hand it on
/requeue – back to the front of the line
/end [answered|referred|abandoned|patron_left|spam] – it is over"""

ENDED = "This conversation is over. Write again whenever you have another question."
WITH_OPERATOR = "A librarian is with you now."
OPERATOR_LOST = (
    "The librarian who was with you has lost the connection. You are at the front of the line, "
    "and whoever comes next reads what was said.")


def instant_of(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def time_of(text, zone):
    """An instant as people say it: 14:05 today, with the day otherwise."""
    instant = instant_of(text).astimezone(zone)
    if instant.date() == datetime.now(zone).date():
        return f"{instant:%H:%M}"
    return f"{instant:%A, %-d %B, %H:%M}"


def minutes(seconds):
    if seconds < 60:
        return "less than a minute"
    count = -(-seconds // 60)
    return "about a minute" if count == 1 else f"about {count} minutes"


def standing(decision, zone):
    """What a patron is told of a session that nobody has yet, and a word that tells one such text from another."""
    expectation = decision["expectation"]
    kind = expectation["kind"]
    if kind == "being_offered":
        return "offered", "I am asking a librarian. One moment, please."
    if decision["channel"] == "email":
        due = f" by {time_of(expectation['at'], zone)}" if kind == "answer_by" else ""
        return "email", f"Your question goes on by email: expect the answer{due}."
    return f"{decision['state']} {kind}", f"{_expected(decision, expectation, zone)}{_alternatives(decision, zone)}"


def _expected(decision, expectation, zone):
    kind = expectation["kind"]
    if kind == "wait":
        ahead = decision.get("ahead", 0)
        before = "You are next in line" if ahead == 0 else f"There are {ahead} before you in line"
        return (f"{before}. The wait is likely {minutes(expectation['likely_seconds'])}, "
                f"and for nine of ten no longer than {minutes(expectation['within_seconds'])}.")
    if kind == "from":
        return f"Nobody is here at the moment. From {time_of(expectation['at'], zone)} on somebody is planned to be."
    if kind == "closed":
        if "at" in expectation:
            return f"We are closed. We open again at {time_of(expectation['at'], zone)}."
        return "We are closed."
    return "Nobody is here at the moment, and I cannot say when somebody will be."


def _alternatives(decision, zone):
    found = decision["alternatives"]
    ways = []
    if "email" in found:
        due = f", by {time_of(found['email']['due_by'], zone)}" if "due_by" in found["email"] else ""
        ways.append(f"to have the answer by email{due}, write: /email YOUR@ADDRESS")
    for phone in found["phones"]:
        is_soon = instant_of(phone["open_until"]) < datetime.now(zone) + timedelta(days=1)
        until = f", until {time_of(phone['open_until'], zone)}" if is_soon else ""
        ways.append(f"call {phone['name']}, {phone['number']}{until}")
    if "partner" in found:
        ways.append(f"turn to {found['partner']['name']}: {found['partner']['contact']}")
    if not ways:
        return "\nYou keep your place: stay here, and I tell you when somebody comes."
    return "\nYou keep your place as long as you stay. Instead you can\n" + "\n".join(f"- {way}" for way in ways)


def offer(event, offered, lines):
    """What an operator is told of a session that is offered."""
    seconds = (instant_of(offered["accept_by"]) - instant_of(offered["made_at"])).total_seconds()
    page = event.get("policy_page") or {}
    hints = [f"{name.replace('_', ' ').capitalize()}: {page[name]}"
             for name in ("greeting", "hours", "cards_and_loans") if page.get(name)]
    hints += [f"Refer to {referral['to']} about {referral['topic']}" for referral in page.get("refer_to") or []]
    if page.get("out_of_date"):
        hints.append("(Nobody at the library has confirmed this page for long.)")
    return "\n".join([
        f"A patron asks ({event['queue']}). Answer here to take it, or write /decline. "
        f"It is yours to take for {seconds:.0f} seconds.",
        *hints, story(lines, 3000)])


def story(lines, limit):
    """The latest of what was said, in at most so many characters."""
    text = "\n".join(f"{line['speaker']}: {line['text']}" for line in lines)
    return text if len(text) <= limit else "… " + text[-limit:]

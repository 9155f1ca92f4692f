"""Whoever leads the desk has its present state on a wall, and sees it change."""

import contextlib

import example
from chat_server import ChatServer
from now_page import NowPage
from screen import PHONE, WALL
from trial import check

ROLE = "coordinator"
DAY = "2026-10-28"


def on_shift(trial, time):
    """Those whose shifts include a time of the day, as the command tells."""
    now = f"{DAY}T{time}:00"
    return [one for one in trial.told("schedule")["shifts"] if one["starts_at"][:19] <= now < one["ends_at"][:19]]


def expected_people(trial, time):
    """Name, library, and queue with the end of the shift, of everybody who is on at a time."""
    libraries = {one["library_id"]: one["name"] for one in example.rows("libraries")}
    queues = {one["queue_id"]: one["name"] for one in example.rows("queues")}
    return sorted([one["operator_name"], libraries[one["library_id"]],
                   f"{queues[one['queue_id']]}, until {one['ends_at'][11:16]}"] for one in on_shift(trial, time))


@contextlib.contextmanager
def another_service(trial, port=0):
    """A service of the same desk, which may end without an end to all others."""
    service = trial.desk.serve(port)
    try:
        yield service
    finally:
        service.kill()


def watched(visitor):
    """Has the browser remember that this page was not loaded anew."""
    visitor.page.evaluate("window.isWatched = true")


def is_watched(visitor):
    return visitor.page.evaluate("window.isWatched === true")


@check("The wall shows each queue, and everybody on shift with where they sit and until when")
@check("Without JavaScript the wall is read just the same", javascript=False)
def shown(trial, javascript=True):
    wall = NowPage(trial.visitor(ROLE, WALL, javascript=javascript)).open()
    assert sorted(wall.queues()) == sorted(one["name"] for one in example.rows("queues")), wall.queues()
    before = wall.time
    people = sorted(one[:3] for one in wall.people())
    expected = [expected_people(trial, time) for time in (before, wall.time)]
    assert len(people) > 1 and people in expected, f"{people} is not {expected[0]}"


@check("The wall is sound on a screen that hangs on one")
def sound(trial):
    visitor = trial.visitor(ROLE, WALL)
    NowPage(visitor).open()
    visitor.inspect("wall")


@check("A manager finds the wall from the first page", "manager")
@check("A reader finds the wall from the first page", "reader")
def way_there(trial, role):
    visitor = trial.visitor(role, PHONE)
    visitor.visit("/")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("link", name="Now", exact=True).click()
    assert NowPage(visitor).queues()


@check("Whoever is not signed in sees neither the wall nor how it changes")
def strangers(trial):
    visitor = trial.visitor()
    for path in ("/now", "/now/stream"):
        answer = visitor.context.request.get(path, max_redirects=0, timeout=trial.patience)
        assert answer.status in (303, 401, 403), f"{path} answers {answer.status}"
        assert "On shift" not in answer.text()


@check("The wall shows by itself who comes, who is busy or away, and who leaves")
def presence(trial):
    visitor = trial.visitor(ROLE, WALL)
    wall = NowPage(visitor).open()
    watched(visitor)
    # Of the shift that lasts longest, so that it does not end meanwhile.
    shift = max(on_shift(trial, wall.time), key=lambda one: (one["ends_at"], one["operator_id"]))
    person = wall.person(shift["operator_name"])
    wall.await_text(person, "not here")
    server = ChatServer(trial.desk, "wall")
    for availability, text in (("available", "seats taken"), ("busy", "busy"), ("away", "away")):
        server.come(shift["operator_id"], availability)
        wall.await_text(person, text)
    server.leave(shift["operator_id"])
    wall.await_text(person, "not here")
    assert is_watched(visitor), "the page was loaded anew"
    assert not visitor.take_misdeeds()


@check("A patron who waits is on the wall at once, and so is who is free for them")
def waiting(trial):
    wall = NowPage(trial.visitor(ROLE, WALL)).open()
    wall.await_text(wall.queue("Ask a librarian"), "0 waiting")
    server = ChatServer(trial.desk, "wall-patrons")
    server.begin("room-1", "ask")
    wall.await_text(wall.queue("Ask a librarian"), "1 waiting")
    wall.await_text(wall.figure("wait"), "1 patron waits")


@check("When the service is stopped the wall says so, and goes on by itself when it is back", "stop")
@check("When the service is killed the wall says so, and goes on by itself when it is back", "kill")
def lost(trial, how):
    visitor = trial.visitor(ROLE, WALL)
    visitor.page.clock.install()
    with another_service(trial) as service:
        wall = NowPage(visitor, service.address).open()
        wall.await_no_notice()
        name = wall.people()[0][0]
        getattr(service, how)()
        wall.await_loss()
        # What was known last stays to be read.
        assert wall.person(name).is_visible()
    # After this there is something new to be shown.
    shift = max(on_shift(trial, wall.time), key=lambda one: (one["ends_at"], one["operator_id"]))
    server = ChatServer(trial.desk, f"wall-{how}")
    server.come(shift["operator_id"])
    with another_service(trial, service.port):
        wall.await_text(wall.person(shift["operator_name"]), "seats taken")
        wall.await_no_notice()
        server.leave(shift["operator_id"])
        wall.await_text(wall.person(shift["operator_name"]), "not here")


@check("A service ends at once although somebody watches the wall")
def ends(trial):
    with another_service(trial) as service:
        NowPage(trial.visitor(ROLE, WALL), service.address).open().await_no_notice()
        status = service.stop()
        assert status == 0, f"it ended with {status}"


@check("A service that is sound is not said to be lost when the wall's stream ends and begins anew")
def renewed(trial):
    visitor = trial.visitor(ROLE, WALL)
    # As the service ends a stream after some minutes.
    frame = "retry: 2000\nevent: board\ndata: <h1>Now, 10:20</h1>\n\n"
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(content_type="text/event-stream", body=frame)

    visitor.page.route("**/now/stream", answer)
    visitor.page.add_init_script("""window.said = [];
        addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => changes.forEach(({ target }) =>
            target.textContent && said.push(target.textContent))).observe(document.querySelector(".lost"),
            { childList: true }))""")
    NowPage(visitor).open()
    visitor.page.wait_for_function("() => performance.getEntriesByName(location.origin + '/now/stream').length >= 2")
    said = visitor.page.evaluate("said")
    assert len(asked) >= 2 and not said, f"the wall said: {said}"


@check("A wall whose proxy cannot reach the service keeps what it showed, and goes on by itself")
def proxied(trial):
    visitor = trial.visitor(ROLE, WALL)
    wall = NowPage(visitor)

    def refuse(route):
        route.fulfill(status=502, content_type="text/html", body="Bad Gateway")

    visitor.page.clock.install()
    visitor.page.route("**/now/stream", refuse)
    wall.open()
    watched(visitor)
    visitor.page.route("**/now", refuse)
    asked, left = [], []
    visitor.page.on("response", lambda answer: answer.url.endswith("/now") and asked.append(answer.status))
    wall.await_ahead_of_time(lambda: asked)
    assert asked == [502], asked
    wall.await_loss()
    assert wall.queues() and is_watched(visitor), "the wall is gone"
    visitor.page.unroute("**/now")
    visitor.page.unroute("**/now/stream")
    visitor.page.on("framenavigated", lambda frame: left.append(frame))
    wall.await_ahead_of_time(lambda: left)
    visitor.page.wait_for_function("() => window.isWatched !== true")
    assert wall.queues(), "the wall has not come back"
    wall.await_no_notice()

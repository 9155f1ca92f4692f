"""Patrons and operators, each a real XMPP client, and what they must see. Nothing waits for a fixed time."""

import asyncio
import json
import os
import signal
import sys
import time
import traceback
import urllib.request
import uuid
from pathlib import Path

from slixmpp import ClientXMPP

FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])
# Only so that a failure ends: what is waited for comes long before.
PATIENCE = 45


# Without TLS, which loopback needs not, passwords still go hashed.
PLAIN = {"feature_mechanisms": {"unencrypted_scram": True}}


class Missing(AssertionError):
    pass


class Client(ClientXMPP):
    """An XMPP client that keeps what it was sent."""

    # Clients that were cut off leave tasks behind that Python would complain about if they were collected.
    all = []

    def __init__(self, account, password=""):
        super().__init__(account, password, plugin_config=PLAIN)
        self.enable_direct_tls, self.enable_starttls, self.enable_plaintext = False, False, True
        self.register_plugin("xep_0184", {"auto_ack": False})
        self.news = []
        Client.all.append(self)
        self._changed = asyncio.Condition()
        self.is_here = asyncio.Event()
        self.add_event_handler("session_start", self._start)
        self.add_event_handler("message", self._message)
        self.add_event_handler("receipt_received", self._receipt)

    async def enter(self):
        self.connect("127.0.0.1", PORT)
        await asyncio.wait_for(self.is_here.wait(), PATIENCE)
        return self

    def _start(self, _):
        self.send_presence()
        self.is_here.set()

    async def _message(self, message):
        kind = "error" if message["type"] == "error" else "text"
        if message["body"]:
            await self._note((kind, message["from"].bare, message["body"]))

    async def _receipt(self, message):
        await self._note(("receipt", message["from"].bare, message["receipt"]))

    async def _note(self, news):
        async with self._changed:
            self.news.append(news)
            self._changed.notify_all()

    async def hears(self, text, sender=None, kinds=("text",)):
        """Waits for a message with a text in it, takes it and all before it, and returns who it is from."""
        def find():
            return next((index for index, (kind, who, body) in enumerate(self.news)
                         if kind in kinds and text in body and sender in (None, who)), None)
        try:
            async with asyncio.timeout(PATIENCE), self._changed:
                await self._changed.wait_for(lambda: find() is not None)
        except TimeoutError:
            raise Missing(f"{self.boundjid.bare} never heard “{text}”, but {self.news}") from None
        index = find()
        news, self.news = self.news[index], self.news[index + 1:]
        return news[1]

    def says(self, to, text):
        self.send_message(mto=to, mbody=text, mtype="chat")

    async def says_surely(self, to, text):
        """Sends as clients do that want to be sure: again after each error, until the receipt is here."""
        while True:
            message = self.make_message(mto=to, mbody=text, mtype="chat")
            message["id"] = uuid.uuid4().hex
            message["request_receipt"] = True
            message.send()
            if (await self._answer(message["id"], text))[0][0] == "receipt":
                return
            await asyncio.sleep(0.1)

    async def _answer(self, identifier, text):
        def find():
            return [news for news in self.news
                    if news[0] == "receipt" and news[2] == identifier or news[0] == "error" and text in news[2]]
        try:
            async with asyncio.timeout(2), self._changed:
                await self._changed.wait_for(find)
        except TimeoutError:
            # It was taken by a bridge that was killed at that moment.
            return [("error",)]
        found = find()
        self.news = [news for news in self.news if news not in found]
        return found

    def break_connection(self):
        """As a network does that fails: without a word."""
        self.transport.abort()

    async def leave(self):
        await self.disconnect(wait=1)


async def operator(name):
    return await Client(f"{name}@staff.example", (FOLDER / f"password-{name}").read_text()).enter()


async def patron(library="bay"):
    return await Client(f"{library}.example").enter()


async def present(count):
    """Waits until the desk knows so many operators to be here."""
    url = (FOLDER / "desk.url").read_text().strip() + "/v1/public/queues/ask/presence"
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=10).read())
            if json.loads(answer)["present"] == count:
                return
            await asyncio.sleep(0.1)


ASK = "ask@desk.example"


async def a_patron_is_answered():
    ada = await operator("ada")
    await present(1)
    guest = await patron()
    guest.says(ASK, "How do I renew a book?")
    await guest.hears("asking a librarian", ASK)
    session = await ada.hears("How do I renew a book?")
    guest.says(ASK, "It is due today.")
    await ada.hears("It is due today.", session)
    ada.says(session, "On our page, under My Account.")
    await guest.hears("A librarian is with you", ASK)
    await guest.hears("On our page, under My Account.", ASK)
    await ada.hears("It is yours", session)
    guest.says(ASK, "Thank you!")
    await ada.hears("Thank you!", session)
    await ada.hears("no word from you", session)
    ada.says(session, "/note renewed by the web")
    await ada.hears("Noted.", session)
    ada.says(session, "/end")
    await guest.hears("conversation is over", ASK)
    await ada.hears("over: answered", session)
    ada.says(session, "One more thing")
    await ada.hears("Not done", session)
    await leave(guest, ada)


async def who_declines_is_passed_over():
    people = {name: await operator(name) for name in ("ada", "ben")}
    await present(2)
    guest = await patron()
    guest.says(ASK, "Where is the map room?")
    # Nobody is on shift: a colleague of the patron's own library is asked first.
    session = await people["ada"].hears("Where is the map room?")
    people["ada"].says(session, "/decline")
    await people["ada"].hears("Declined", session)
    await people["ben"].hears("Where is the map room?", session)
    people["ben"].says(session, "/accept")
    await guest.hears("A librarian is with you", ASK)
    await people["ben"].hears("It is yours", session)
    people["ben"].says(session, "On the third floor.")
    await guest.hears("On the third floor.", ASK)
    people["ben"].says(session, "/end")
    await guest.hears("conversation is over", ASK)
    await leave(guest, *people.values())


async def an_offer_that_nobody_answers_moves_on():
    people = {name: await operator(name) for name in ("ada", "ben")}
    await present(2)
    guest = await patron()
    guest.says(ASK, "Are you open on Sunday?")
    session = await people["ada"].hears("Are you open on Sunday?")
    await people["ada"].hears("time to take it is over", session)
    await people["ben"].hears("Are you open on Sunday?", session)
    people["ada"].says(session, "Yes")
    await people["ada"].hears("Not done", session)
    people["ben"].says(session, "From one o'clock on.")
    await guest.hears("A librarian is with you", ASK)
    await guest.hears("From one o'clock on.", ASK)
    guest.says(ASK, "/end")
    await people["ben"].hears("over: patron_left", session)
    await leave(guest, *people.values())


async def where_nobody_is_the_patron_hears_what_else_there_is():
    await present(0)
    guest = await patron("hill")
    guest.says(ASK, "Is there a scanner?")
    await guest.hears("/email YOUR@ADDRESS", ASK, kinds=("text",))
    guest.says(ASK, "/email reader@example.org")
    await guest.hears("goes on by email", ASK)
    # Somebody who comes later is not asked: the question is with those who answer by email.
    guest.says(ASK, "And a printer?")
    await guest.hears("call Hill Library, +1-292-555-0122", ASK)
    ada = await operator("ada")
    session = await ada.hears("And a printer?")
    ada.says(session, "On every floor.")
    await guest.hears("On every floor.", ASK)
    ada.says(session, "/transfer email")
    await guest.hears("So that the answer finds you", ASK)
    await leave(guest, ada)


async def who_is_busy_is_not_asked():
    people = {name: await operator(name) for name in ("ada", "ben")}
    await present(2)
    people["ada"].send_presence(pshow="dnd")
    guest = await patron()
    await one_free()
    guest.says(ASK, "Do you have a 3D printer?")
    session = await people["ben"].hears("Do you have a 3D printer?")
    people["ben"].says(session, "Two of them.")
    await guest.hears("Two of them.", ASK)
    people["ben"].says(session, "/end answered")
    await guest.hears("conversation is over", ASK)
    await leave(guest, *people.values())


async def one_free():
    """Waits until the desk asks no more than one of two operators: the other has just said to be busy."""
    url = (FOLDER / "desk.url").read_text().strip() + "/v1/public/queues/ask/presence"
    async with asyncio.timeout(PATIENCE):
        while json.loads(await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=10).read()))["free"] > 1:
            await asyncio.sleep(0.1)


async def an_operator_who_vanishes_is_followed_by_another():
    people = {name: await operator(name) for name in ("ada", "ben")}
    await present(2)
    guest = await patron()
    guest.says(ASK, "I need help with a citation.")
    session = await people["ada"].hears("I need help with a citation.")
    people["ada"].says(session, "Which style?")
    await guest.hears("Which style?", ASK)
    people["ada"].break_connection()
    await present(1)
    guest.says(ASK, "Chicago.")
    await guest.hears("lost the connection", ASK)
    # The next one reads what was said.
    await people["ben"].hears("librarian: Which style?\npatron: Chicago.", session)
    people["ben"].says(session, "Then use footnotes.")
    await guest.hears("A librarian is with you", ASK)
    await guest.hears("Then use footnotes.", ASK)
    people["ben"].says(session, "/end")
    await guest.hears("conversation is over", ASK)
    await leave(guest, people["ben"])


async def an_operator_who_comes_back_in_time_keeps_the_patron():
    ada = await operator("ada")
    await present(1)
    guest = await patron()
    guest.says(ASK, "Can I bring my dog?")
    session = await ada.hears("Can I bring my dog?")
    ada.says(session, "Let me look.")
    await guest.hears("Let me look.", ASK)
    ada.break_connection()
    ada = await operator("ada")
    guest.says(ASK, "It is a small one.")
    await ada.hears("It is a small one.", session)
    ada.says(session, "Small ones, yes.")
    await guest.hears("Small ones, yes.", ASK)
    assert not any("lost the connection" in news[2] for news in guest.news)
    ada.says(session, "/end")
    await guest.hears("conversation is over", ASK)
    await leave(guest, ada)


async def a_bridge_that_is_killed_loses_nothing():
    ada = await operator("ada")
    await present(1)
    guest = await patron()
    guest.says(ASK, "Who wrote Middlemarch?")
    session = await ada.hears("Who wrote Middlemarch?")
    ada.says(session, "One moment.")
    await guest.hears("One moment.", ASK)
    for round in range(3):
        kill("bridge")
        await guest.says_surely(ASK, f"And when, {round}?")
        await ada.hears(f"And when, {round}?", session)
        await ada.says_surely(session, f"George Eliot, {round}, in 1871.")
        # At once after it was taken, so that it is killed while it passes things on.
        kill("bridge")
        await guest.hears(f"George Eliot, {round}, in 1871.", ASK)
    await ada.says_surely(session, "/end")
    await guest.hears("conversation is over", ASK)
    await leave(guest, ada)


async def a_conversation_is_handed_on():
    people = {name: await operator(name) for name in ("ada", "ben", "cleo")}
    await present(3)
    guest = await patron()
    guest.says(ASK, "Who can help me with the census?")
    session = await people["ada"].hears("the census?")
    people["ada"].says(session, "/help")
    await people["ada"].hears("/transfer operator ID", session)
    people["ada"].says(session, "/accept")
    await people["ada"].hears("It is yours", session)
    people["ada"].says(session, "/transfer operator cleo")
    await people["ada"].hears("Handed on", session)
    await people["cleo"].hears("the census?", session)
    people["cleo"].says(session, "I can.")
    await guest.hears("being handed on", ASK)
    await guest.hears("I can.", ASK)
    people["cleo"].says(session, "/transfer library bay")
    await people["ada"].hears("librarian: I can.", session)
    people["ada"].says(session, "Back with me.")
    await guest.hears("Back with me.", ASK)
    people["ada"].says(session, "/transfer nowhere")
    await people["ada"].hears("Not done: There is no such queue", session)
    people["ada"].says(session, "/requeue")
    await guest.hears("at the front", ASK)
    # She speaks the patron's language, as far as the desk knows.
    await people["cleo"].hears("librarian: Back with me.", session)
    people["cleo"].says(session, "Here I am.")
    await guest.hears("Here I am.", ASK)
    people["cleo"].says(session, "/end referred")
    await guest.hears("conversation is over", ASK)
    await leave(guest, *people.values())


async def a_service_that_is_killed_is_waited_for():
    ada = await operator("ada")
    await present(1)
    guest = await patron()
    guest.says(ASK, "Do you lend tools?")
    session = await ada.hears("Do you lend tools?")
    kill("serve")
    ada.says(session, "We do, drills and saws.")
    await guest.hears("We do, drills and saws.", ASK)
    kill("serve")
    guest.says(ASK, "For how long?")
    await ada.hears("For how long?", session)
    ada.says(session, "A week.")
    ada.says(session, "/end")
    await guest.hears("A week.", ASK)
    await guest.hears("conversation is over", ASK)
    await leave(guest, ada)


async def an_xmpp_server_that_is_killed_is_joined_again():
    ada = await operator("ada")
    await present(1)
    guest = await patron()
    guest.says(ASK, "Is the café open?")
    session = await ada.hears("Is the café open?")
    ada.says(session, "Until five.")
    await guest.hears("Until five.", ASK)
    kill("prosody")
    ada = await operator("ada")
    # The guest had no account to come back with.
    await ada.says_surely(session, "Anything else?")
    await ada.hears("cannot be reached", session)
    await ada.says_surely(session, "/end patron_left")
    await ada.hears("over: patron_left", session)
    other = await patron()
    await other.says_surely(ASK, "And the gallery?")
    await ada.hears("And the gallery?")
    await leave(other, ada)


def kill(name):
    os.kill(int((FOLDER / f"{name}.pid").read_text()), signal.SIGKILL)


async def leave(*people):
    for person in people:
        await person.leave()


SCENES = [
    a_patron_is_answered, who_declines_is_passed_over, an_offer_that_nobody_answers_moves_on,
    where_nobody_is_the_patron_hears_what_else_there_is, who_is_busy_is_not_asked, a_conversation_is_handed_on,
    an_operator_who_vanishes_is_followed_by_another, an_operator_who_comes_back_in_time_keeps_the_patron,
    a_bridge_that_is_killed_loses_nothing, a_service_that_is_killed_is_waited_for,
    an_xmpp_server_that_is_killed_is_joined_again,
]


async def main(names):
    failed = 0
    for scene in SCENES:
        title = scene.__name__.replace("_", " ")
        if names and scene.__name__ not in names:
            continue
        began = time.monotonic()
        try:
            # Each begins with nobody at the desk.
            await present(0)
            await scene()
            print(f"✔ {title} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception:
            failed += 1
            print(f"✘ {title}", flush=True)
            traceback.print_exc()
            break
    return failed


result = asyncio.run(main(sys.argv[3:]))
sys.stdout.flush()
# At once, for the same reason.
os._exit(result)

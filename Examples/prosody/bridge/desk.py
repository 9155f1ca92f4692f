"""What the bridge does about each stanza and each event.

Who has a conversation is decided by the service alone: what an operator writes is passed on only after the service has
taken the operator's mark of activity, so two operators are never heard in one conversation. The tables of the store
follow the service's events, in their order.
"""

import asyncio
import logging

from . import words
from .service import Refusal

log = logging.getLogger("bridge.desk")

OUTCOMES = ("answered", "referred", "abandoned", "patron_left", "spam")


class Desk:
    def __init__(self, store, service, settings):
        self.store, self.service, self.settings = store, service, settings
        self.has_work = asyncio.Event()
        self.has_mail = asyncio.Event()
        self.has_work.set()
        self.has_mail.set()
        self._place = store.place()
        self._has_place = asyncio.Event()
        if self._place is not None:
            self._has_place.set()

    # --- Addresses

    def _session_address(self, session):
        return f"session-{session}@{self.settings.domain}"

    def _session_of(self, address):
        name = address.split("@")[0]
        number = name.removeprefix("session-")
        return int(number) if name != number and number.isdigit() else None

    def knows_address(self, address):
        return address.split("@")[0] in self.settings.queues or self._session_of(address) is not None

    # --- Sending

    def _to_patron(self, conversation, text):
        self.store.send(conversation["address"], conversation["patron_device"], text)
        self.has_mail.set()

    def _to_operator(self, session, operator, text):
        account = self.settings.account_of(operator)
        if account is None:
            log.warning("operator %s has no account here", operator)
            return
        self.store.send(self._session_address(session), account, text)
        self.has_mail.set()

    # --- Receiving

    def receive(self, sender, address, text, language):
        """Stores what somebody wrote; once this returns it is not lost."""
        self.store.receive(sender, address, text, language)
        self.has_work.set()

    def cannot_be_reached(self, recipient, address):
        """A message to a patron came back."""
        conversation = self.store.conversation_of_patron(recipient.split("/")[0], address)
        if conversation is None or conversation["session"] is None:
            return
        if conversation["holder"]:
            self._to_operator(conversation["session"], conversation["holder"],
                              "The patron cannot be reached any more. /end patron_left, if that is all.")
        else:
            self.store.receive(conversation["patron"], address, "/end", None)
            self.has_work.set()

    async def work(self):
        """Works on what was received, and tells patrons how they stand, one after the other, for ever."""
        while True:
            await self.has_work.wait()
            self.has_work.clear()
            while (received := self.store.next_received()) is not None:
                try:
                    await self._handle(received)
                except Exception:
                    log.exception("a message could not be worked on and is dropped")
                self.store.is_done(received)
                await self._ask_for_new()
            await self._ask_for_new()
            for conversation in self.store.to_tell():
                await self._tell_standing(conversation)

    async def _handle(self, received):
        session = self._session_of(received["address"])
        if session is None:
            await self._patron_wrote(received)
            return
        conversation = self.store.conversation_of_session(session)
        operator = self.settings.operator_of(received["sender"].split("/")[0])
        if conversation is None or operator is None:
            self.store.send(received["address"], received["sender"], "There is no such conversation for you.")
            self.has_mail.set()
            return
        try:
            await self._operator_wrote(conversation, operator, received)
        except Refusal as refusal:
            self._to_operator(session, operator, f"Not done: {refusal.title}. Your message was not passed on.")

    # --- Patrons

    async def _patron_wrote(self, received):
        patron, text, address = received["sender"].split("/")[0], received["text"].strip(), received["address"]
        if text.startswith("/email"):
            await self._patron_wants_email(patron, address, text, received)
            return
        conversation = self.store.conversation_of_patron(patron, address)
        if text == "/end":
            if conversation and conversation["session"]:
                await self._end_for_patron(conversation)
            return
        with self.store.transaction():
            if conversation is None:
                conversation = self._begin(patron, received)
            self.store.change(conversation, patron_device=received["sender"])
            self.store.add_line(conversation, "patron", text)
            if conversation["session"] is not None:
                self._pass_to_operators(conversation, text)
            self.store.is_done(received)

    def _begin(self, patron, received):
        """Stored before the service is asked, so that asking again is asking for the same session."""
        queue = self.settings.queues[received["address"].split("@")[0]]
        library = self.settings.libraries.get(patron.split("@")[-1])
        return self.store.begin_conversation(
            patron, received["sender"], queue, received["address"], library, received["language"])

    async def _ask_for_new(self):
        for conversation in self.store.without_session():
            try:
                await self._create(conversation)
            except Refusal as refusal:
                log.error("no session could be made: %s", refusal)
                self.store.change(conversation, state="ended")
                self._to_patron(conversation, "I am sorry, your question could not be taken.")

    def _pass_to_operators(self, conversation, text):
        """To whoever has the session, or is asked; if nobody is, the next offer tells it."""
        session = conversation["session"]
        people = [conversation["holder"]] if conversation["holder"] else self.store.offers(session)
        for operator in people:
            self._to_operator(session, operator, text)

    async def _create(self, conversation):
        body = {"id": conversation["id"], "queue": conversation["queue"], "channel": "chat"}
        body |= {name: conversation[name] for name in ("library", "language") if conversation[name]}
        decision = await self.service.ask("POST", "/v1/sessions", body)
        if self._place is None:
            # The first session of all: its own story tells where to begin in the stream of events.
            trail = await self.service.ask("GET", f"/v1/sessions/{decision['session']}/trail")
            self._place = trail["events"][0]["event"] - 1
            self.store.set_place(self._place)
            self._has_place.set()
        self.store.change(conversation, session=decision["session"], must_tell=1)
        self.has_work.set()

    async def _end_for_patron(self, conversation):
        outcome = "patron_left" if conversation["holder"] else "abandoned"
        try:
            await self.service.act(conversation["session"], "end", {"outcome": outcome})
        except Refusal as refusal:
            log.info("not ended: %s", refusal)

    async def _patron_wants_email(self, patron, address, text, received):
        reached = text.removeprefix("/email").strip()
        conversation = self.store.conversation_of_patron(patron, address, ("chat", "email"))
        if conversation is None or conversation["session"] is None or "@" not in reached:
            self.store.send(address, received["sender"], "Ask your question first; then write /email YOUR@ADDRESS.")
            self.has_mail.set()
            return
        session = conversation["session"]
        try:
            decision = await self.service.ask("GET", f"/v1/sessions/{session}")
            queue = decision["alternatives"].get("email", {}).get("queue") or self.settings.email_queue
            await self.service.act(session, "notes", {"text": f"The patron's address: {reached}"[:4000]},
                                   received["key"] + "-address")
            if conversation["state"] == "chat":
                await self._go_to_queue(conversation, queue, None, received["key"])
        except Refusal as refusal:
            self._to_patron(conversation, f"That could not be done: {refusal.title}.")

    async def _go_to_queue(self, conversation, queue, operator, key):
        """Hands a session on; where it leaves the chat, what was said goes with it."""
        session = conversation["session"]
        body = {"to": "queue", "id": queue} | ({"operator": operator} if operator else {})
        decision = await self.service.act(session, "transfer", body, key)
        if decision["channel"] != "email":
            return
        story = words.story(self.store.lines(conversation), 3900)
        await self.service.act(session, "notes", {"text": f"What was said:\n{story}"}, key + "-story")
        with self.store.transaction():
            self.store.change(conversation, state="email", holder=None, must_tell=1)
            if operator:
                self._to_patron(conversation, "So that the answer finds you, write: /email YOUR@ADDRESS")

    async def _tell_standing(self, conversation):
        """Tells the patron how the session stands now, if that is something new."""
        try:
            decision = await self.service.ask("GET", f"/v1/sessions/{conversation['session']}")
        except Refusal as refusal:
            log.error("session %s cannot be told of: %s", conversation["session"], refusal)
            self.store.change(conversation, must_tell=0)
            return
        with self.store.transaction():
            self.store.change(conversation, must_tell=0)
            if decision["state"] in ("held", "wrapping_up", "ended"):
                return
            word, text = words.standing(decision, self.settings.zone)
            if word != conversation["told"]:
                self.store.change(conversation, told=word)
                self._to_patron(conversation, text)

    # --- Operators

    async def _operator_wrote(self, conversation, operator, received):
        text = received["text"].strip()
        command, _, rest = text.partition(" ")
        rest = rest.strip()
        session, key = conversation["session"], received["key"]
        as_operator = {"operator": operator}
        if command == "/accept":
            await self.service.act(session, "accept", as_operator)
        elif command == "/decline":
            await self.service.act(session, "decline", as_operator)
        elif command == "/note" and rest:
            await self.service.act(session, "notes", as_operator | {"text": rest[:4000]}, key)
            self._to_operator(session, operator, "Noted.")
        elif command == "/transfer" and rest:
            await self._transfer(conversation, operator, rest.split(), key)
        elif command == "/requeue":
            await self.service.act(session, "requeue", as_operator, key)
        elif command == "/end" and (not rest or rest in OUTCOMES):
            await self.service.act(session, "end", as_operator | {"outcome": rest or "answered"})
        elif text.startswith("/"):
            self._to_operator(session, operator, words.OPERATOR_HELP)
        else:
            await self._answer(conversation, operator, text, received)

    async def _answer(self, conversation, operator, text, received):
        session = conversation["session"]
        if operator != conversation["holder"]:
            # Accepting what one has accepted changes nothing.
            await self.service.act(session, "accept", {"operator": operator})
        await self.service.act(session, "activity", {"operator": operator})
        with self.store.transaction():
            self._is_with(conversation, operator)
            self.store.add_line(conversation, "librarian", text)
            self._to_patron(conversation, text)
            self.store.is_done(received)

    async def _transfer(self, conversation, operator, target, key):
        if len(target) == 2 and target[0] in ("operator", "library"):
            body = {"operator": operator, "to": target[0], "id": target[1]}
            await self.service.act(conversation["session"], "transfer", body, key)
        else:
            await self._go_to_queue(conversation, target[-1], operator, key)

    def _is_with(self, conversation, operator):
        """The session is an operator's; the patron is told once."""
        now = self.store.conversation(conversation["id"])
        if now["holder"] == operator:
            return
        self.store.change(now, holder=operator, told="held")
        self._to_patron(now, words.WITH_OPERATOR)

    # --- Events

    async def follow(self):
        """Follows the service's events for ever, from where the last run ended, or from the first session of all."""
        await self._has_place.wait()
        async for event in self.service.events(lambda: self._place):
            self.apply(event)

    def apply(self, event):
        if event["event"] <= self._place:
            return
        conversation = self._conversation_of(event)
        if conversation is None:
            # Another chat server's: the place is stored with the next one that is ours.
            self._place = event["event"]
            return
        with self.store.transaction():
            handler = getattr(self, "_" + event["type"].split(".")[1], None)
            if handler:
                handler(conversation, event)
            self.store.set_place(event["event"])
        self._place = event["event"]

    def _conversation_of(self, event):
        if event["type"] == "session.created":
            conversation = self.store.conversation(event["data"]["id"])
            if conversation and conversation["session"] is None:
                self.store.change(conversation, session=event["session"])
            return conversation
        return self.store.conversation_of_session(event["session"])

    def _look_again(self, conversation):
        self.store.change(conversation, must_tell=1)
        self.has_work.set()

    def _created(self, conversation, event):
        self._look_again(conversation)

    def _waiting(self, conversation, event):
        self._look_again(conversation)

    _fallback = _waiting

    def _offered(self, conversation, event):
        lines = self.store.lines(conversation)
        for offer in event["data"]["offers"]:
            self.store.add_offer(event["session"], offer["operator"])
            self._to_operator(
                event["session"], offer["operator"], words.offer(event, offer, lines))
        self._look_again(conversation)

    def _accepted(self, conversation, event):
        session, operator = event["session"], event["data"]["operator"]
        for other in self.store.offers(session):
            if other != operator:
                self._to_operator(session, other, "A colleague has taken it.")
        self.store.drop_offer(session)
        self._is_with(conversation, operator)
        self._to_operator(session, operator, "It is yours: what you write here goes to the patron. /help tells more.")

    def _declined(self, conversation, event):
        self._offer_is_over(conversation, event, "Declined: somebody else is asked.")

    def _offer_expired(self, conversation, event):
        self._offer_is_over(conversation, event, "The time to take it is over: somebody else is asked.")

    def _offer_withdrawn(self, conversation, event):
        self._offer_is_over(conversation, event, "It is not offered to you any more.")

    def _offer_is_over(self, conversation, event, text):
        self.store.drop_offer(event["session"], event["operator"])
        self._to_operator(event["session"], event["operator"], text)
        self._look_again(conversation)

    def _requeued(self, conversation, event):
        is_lost = event["data"]["reason"] == "operator_gone"
        self._to_operator(event["session"], event["operator"], "This conversation is back in the line.")
        self._to_patron(conversation, words.OPERATOR_LOST if is_lost else "You are back in line, at the front.")
        self.store.change(conversation, holder=None, told=None)
        self._look_again(conversation)

    def _transferred(self, conversation, event):
        if event.get("operator"):
            self._to_operator(event["session"], event["operator"], "Handed on.")
        if conversation["state"] == "chat":
            self._to_patron(conversation, "You are being handed on.")
        self.store.change(conversation, holder=None, told=None)
        self._look_again(conversation)

    def _silent(self, conversation, event):
        self._to_operator(
            event["session"], event["operator"],
            f"The patron has had no word from you for {words.minutes(event['data']['seconds'])}.")

    def _ended(self, conversation, event):
        session = event["session"]
        for operator in {conversation["holder"], event.get("operator"), *self.store.offers(session)} - {None}:
            self._to_operator(session, operator, f"The conversation is over: {event['data']['outcome']}.")
        self.store.drop_offer(session)
        if conversation["state"] == "chat" and event["data"]["outcome"] != "spam":
            self._to_patron(conversation, words.ENDED)
        self.store.change(conversation, state="ended", holder=None, must_tell=0)

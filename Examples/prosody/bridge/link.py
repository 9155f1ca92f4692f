"""The XMPP side: an external component (XEP-0114), to which the server hands whatever is sent to the desk's domain."""

import asyncio
import logging

from slixmpp import ComponentXMPP
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from .presence import AVAILABILITIES

log = logging.getLogger("bridge.link")

RECEIPTS = "urn:xmpp:receipts"


class Link(ComponentXMPP):
    def __init__(self, settings, desk, presences):
        super().__init__(settings.domain, settings.secret, settings.host, settings.port)
        self._settings, self._desk, self._presences = settings, desk, presences
        self._is_up = asyncio.Event()
        # Server and component are on one machine, or on a network of their own: the protocol knows no TLS.
        self.enable_direct_tls = False
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0199")
        self.register_plugin("xep_0184", {"auto_ack": False})
        self.add_event_handler("session_start", self._session_start)
        self.add_event_handler("disconnected", self._disconnected)
        self.add_event_handler("connection_failed", self._connection_failed)
        self.remove_handler("Presence")
        self.register_handler(
            Callback("Presence", MatchXPath("{jabber:component:accept}presence"), self._presence))
        self.remove_handler("IM")
        self.register_handler(Callback("IM", MatchXPath("{jabber:component:accept}message"), self._message))

    def _session_start(self, _):
        log.info("joined to the XMPP server as %s", self._settings.domain)
        self._is_up.set()
        for operator in self._settings.operators:
            self.send_presence(pfrom=f"desk@{self._settings.domain}", pto=operator.account, ptype="probe")

    def _disconnected(self, reason):
        log.warning("the XMPP server cannot be reached: %s", reason)
        self._is_up.clear()
        for presence in self._presences.values():
            presence.forget()
        asyncio.get_running_loop().call_later(0.5, self.connect)

    def _connection_failed(self, reason):
        """Tries again every second: left alone, the pauses would grow to minutes."""
        asyncio.get_running_loop().call_later(1, self.connect)

    # --- Coming in

    def _presence(self, stanza):
        kind = stanza.xml.get("type", "")
        if kind == "subscribe":
            self.send_presence(pfrom=stanza["to"].bare, pto=stanza["from"].bare, ptype="subscribed")
            return
        operator = self._settings.operator_of(stanza["from"].bare)
        if operator is None or kind not in ("", "unavailable"):
            return
        device = stanza["from"].full
        if kind == "unavailable":
            self._presences[operator].set(device, None)
        # A device of negative priority is sent no messages.
        elif stanza["priority"] >= 0:
            self._presences[operator].set(device, AVAILABILITIES.get(stanza.xml.findtext(
                "{jabber:component:accept}show") or "", "available"))

    def _message(self, stanza):
        sender, address = stanza["from"].full, stanza["to"].bare
        if stanza["type"] == "error":
            self._desk.cannot_be_reached(sender, address)
            return
        if stanza["type"] not in ("chat", "normal") or not stanza["body"]:
            return
        if not self._desk.knows_address(address):
            self._refuse(stanza)
            return
        self._desk.receive(sender, address, stanza["body"], self._language(stanza))
        # Only now, when it cannot be lost any more.
        if stanza["id"] and stanza.xml.find(f"{{{RECEIPTS}}}request") is not None:
            receipt = self.make_message(mto=stanza["from"], mfrom=stanza["to"], mtype=stanza["type"])
            receipt["receipt"] = stanza["id"]
            receipt.send()

    def _refuse(self, stanza):
        reply = stanza.reply(clear=False)
        reply["type"] = "error"
        reply["error"]["condition"] = "item-not-found"
        reply.send()

    @staticmethod
    def _language(stanza):
        return stanza.xml.get("{http://www.w3.org/XML/1998/namespace}lang", "")[:35] or None

    # --- Going out

    async def deliver(self):
        """Sends what the store holds, for ever. It counts as sent once the server has answered a ping behind it."""
        while True:
            await self._desk.has_mail.wait()
            await self._is_up.wait()
            self._desk.has_mail.clear()
            while (messages := self._desk.store.unsent()) and self._is_up.is_set():
                for message in messages:
                    self.send_message(
                        mto=message["recipient"], mfrom=message["sender"], mbody=message["text"], mtype="chat")
                if not await self._has_taken_all():
                    self._desk.has_mail.set()
                    break
                self._desk.store.is_sent(messages)

    async def _has_taken_all(self):
        server = self._settings.operators[0].account.split("@")[1]
        ping = self.make_iq_get(ito=server, ifrom=f"desk@{self._settings.domain}")
        ping.enable("ping")
        try:
            await ping.send(timeout=10)
        except IqError:
            pass
        except IqTimeout:
            return False
        return True

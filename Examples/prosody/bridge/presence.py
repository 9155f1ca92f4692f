"""Tells the desk who is here, from what operators' XMPP clients say."""

import asyncio
import logging

from .service import Refusal

log = logging.getLogger("bridge.presence")

# What an XMPP client shows, as the desk understands it. The one who is free on any device is free.
AVAILABILITIES = {"": "available", "chat": "available", "dnd": "busy", "away": "away", "xa": "away"}
ORDER = ("available", "busy", "away")


class Presence:
    """One operator: the devices there are, and what the desk was last told."""

    def __init__(self, operator, service, lease_seconds):
        self._operator, self._service, self._lease_seconds = operator, service, lease_seconds
        self._devices = {}
        self._is_known = False
        self._told = None
        self._changed = asyncio.Event()

    def set(self, device, availability):
        """A device says how it is; None: it has gone."""
        self._is_known = True
        if availability is None:
            self._devices.pop(device, None)
        else:
            self._devices[device] = availability
        self._changed.set()

    def forget(self):
        """The XMPP server cannot be reached: what is not renewed lapses by itself."""
        self._devices, self._is_known, self._told = {}, False, None

    async def keep(self):
        """Tells changes at once, and renews the lease three times in its length, for ever."""
        while True:
            try:
                await asyncio.wait_for(self._changed.wait(), self._lease_seconds / 3)
            except asyncio.TimeoutError:
                pass
            self._changed.clear()
            if self._is_known:
                try:
                    await self._tell(next((word for word in ORDER if word in self._devices.values()), None))
                except Refusal as refusal:
                    log.error("presence of %s: %s", self._operator.id, refusal)

    async def _tell(self, availability):
        path = f"/v1/presence/{self._operator.id}"
        if availability is None:
            if self._told != "gone":
                await self._service.ask("DELETE", path)
            self._told = "gone"
            return
        if availability == self._told:
            try:
                await self._service.ask("POST", path + "/renew", {"lease_seconds": self._lease_seconds})
                return
            except Refusal as refusal:
                log.info("%s is told anew: %s", self._operator.id, refusal)
        body = {"availability": availability, "channels": ["chat"], "lease_seconds": self._lease_seconds}
        if self._operator.languages:
            body["languages"] = list(self._operator.languages)
        if self._operator.seats:
            body["seats"] = self._operator.seats
        await self._service.ask("PUT", path, body)
        self._told = availability

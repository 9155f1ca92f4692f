"""The desk's HTTP API, as far as the bridge uses it (docs/api.md)."""

import asyncio
import json
import logging

import aiohttp

log = logging.getLogger("bridge.service")

EVENT_TYPES = ",".join(f"session.{name}" for name in (
    "created", "offered", "accepted", "declined", "offer_expired", "offer_withdrawn", "waiting", "fallback",
    "requeued", "transferred", "silent", "ended"))


class Refusal(Exception):
    """The service says no, and why: asking again would change nothing."""

    def __init__(self, status, problem):
        self.status = status
        self.code = problem.get("type", "").rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        self.title = problem.get("title", f"status {status}")
        self.detail = problem.get("detail", "")
        super().__init__(f"{self.title}: {self.detail}")


class Service:
    def __init__(self, url, token):
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._http = None

    async def __aenter__(self):
        self._http = aiohttp.ClientSession(headers=self._headers)
        return self

    async def __aexit__(self, *_):
        await self._http.close()

    async def ask(self, method, path, body=None, key=None):
        """One request, sent until it is answered: each is made so that twice is as good as once.

        Raises Refusal where the service answers that it will not.
        """
        headers = {"Idempotency-Key": key} if key else {}
        pause = 0.1
        while True:
            try:
                async with self._http.request(
                        method, self._url + path, json=body, headers=headers,
                        timeout=aiohttp.ClientTimeout(total=15)) as answer:
                    if answer.status < 400:
                        return await answer.json(content_type=None)
                    if answer.status not in (401, 403, 408, 429) and answer.status < 500:
                        raise Refusal(answer.status, _problem(await answer.text()))
                    log.warning("%s %s was answered %s: again", method, path, answer.status)
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                log.warning("%s %s did not get through (%s): again", method, path, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)

    async def act(self, session, what, body, key=None):
        return await self.ask("POST", f"/v1/sessions/{session}/{what}", body, key)

    async def events(self, place):
        """Every event after the one whose number place() tells, in order, without an end; comes back by itself."""
        while True:
            try:
                async for event in self._stream(place()):
                    yield event
                log.info("the stream of events has ended: again")
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                log.warning("the stream of events broke (%s): again", error)
            await asyncio.sleep(0.5)

    async def _stream(self, place):
        headers = {"Last-Event-ID": str(place)}
        # A comment comes every 15 s: after three missing ones nobody is there.
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=45)
        async with self._http.get(
                self._url + "/v1/events", params={"types": EVENT_TYPES}, headers=headers, timeout=timeout) as answer:
            answer.raise_for_status()
            data = []
            async for line in _lines(answer.content):
                if line.startswith("data:"):
                    data.append(line[5:].lstrip(" "))
                elif not line and data:
                    yield json.loads("\n".join(data))
                    data = []


def _problem(text):
    """What a refusal says; nothing where something else than the service has answered."""
    try:
        problem = json.loads(text)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


async def _lines(content):
    """Lines of any length, which the reader's own iteration does not allow."""
    rest = b""
    async for chunk in content.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.rstrip(b"\r").decode()

"""A proxy between agents and nodes that does what networks do: drips, cuts, hangs, answers a login page."""

import asyncio
import contextlib
import threading

PORTAL = b"<html><title>Welcome</title><p>Please sign in to the Wi-Fi of this library.</html>"


class FaultyProxy:
    """Listens on a port of loopback in a thread of its own and passes connections on to one of some ports."""

    def __init__(self, port, backends, rng):
        self.port, self.backends, self.rng = port, backends, rng
        # Shares of connections that fare ill, by how.
        self.shares = {}
        self.counts = {}
        self.open = set()
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self.thread.start()
        started.wait()

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=4096))
        started.set()
        self.loop.run_forever()

    def close(self):
        async def end():
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        asyncio.run_coroutine_threadsafe(end(), self.loop).result(30)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def cut_all(self):
        """Ends every connection that is open, in the middle of whatever it carries."""
        def cut():
            for writer in list(self.open):
                writer.transport.abort()
        self.loop.call_soon_threadsafe(cut)

    async def _serve(self, reader, writer):
        self.open.add(writer)
        fate = self._draw()
        self.counts[fate] = self.counts.get(fate, 0) + 1
        try:
            if fate == "portal":
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n"
                             b"Connection: close\r\n\r\n" % len(PORTAL) + PORTAL)
                await writer.drain()
            elif fate == "hang":
                await asyncio.sleep(self.rng.uniform(1, 8))
            else:
                await self._pass_on(reader, writer, fate)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self.open.discard(writer)
            writer.close()

    def _draw(self):
        lot = self.rng.random()
        for fate, share in self.shares.items():
            lot -= share
            if lot < 0:
                return fate
        return "whole"

    async def _pass_on(self, reader, writer, fate):
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.rng.choice(self.backends))
        # Cut after some bytes: in a header, in a row, in a number.
        left = int(self.rng.expovariate(1 / 20_000)) if fate == "cut" else None
        try:
            up = asyncio.create_task(self._carry(reader, there_writer))
            down = asyncio.create_task(self._carry(there_reader, writer, left, drips=fate == "drip"))
            await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
            for task in (up, down):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError):
                    await task
        finally:
            there_writer.close()

    async def _carry(self, reader, writer, left=None, drips=False):
        while data := await reader.read(1 if drips else 65_536):
            if left is not None:
                data = data[:left]
                left -= len(data)
            writer.write(data)
            await writer.drain()
            if left == 0:
                return
            if drips:
                await asyncio.sleep(0.1)

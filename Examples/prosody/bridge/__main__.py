"""python -m bridge SETTINGS.toml"""

import asyncio
import logging
import signal
import sys

from .desk import Desk
from .link import Link
from .presence import Presence
from .service import Service
from .settings import Settings
from .store import Store


async def main(path):
    settings = Settings(path)
    store = Store(settings.store)
    store.forget_old(settings.keep_days)
    async with Service(settings.url, settings.token) as service:
        desk = Desk(store, service, settings)
        presences = {
            operator.id: Presence(operator, service, settings.lease_seconds) for operator in settings.operators}
        link = Link(settings, desk, presences)
        link.connect()
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        # Whatever fails for good ends the process, so that whoever runs it starts it again.
        tasks = [asyncio.create_task(work) for work in (
            stopped.wait(), desk.work(), desk.follow(), link.deliver(), *(one.keep() for one in presences.values()))]
        done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()
        for task in done:
            task.result()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("slixmpp").setLevel(logging.WARNING)
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1]))

"""A terminal client: what comes is printed, what is typed is sent. See talk."""

import asyncio
import signal
import sys
from pathlib import Path

from slixmpp import ClientXMPP


# Without TLS, which loopback needs not, passwords still go hashed.
PLAIN = {"feature_mechanisms": {"unencrypted_scram": True}}


class Talk(ClientXMPP):
    def __init__(self, folder, name, port):
        is_patron = name == "patron"
        password = "" if is_patron else (Path(folder) / f"password-{name}").read_text()
        super().__init__("bay.example" if is_patron else f"{name}@staff.example", password, plugin_config=PLAIN)
        self._is_patron = is_patron
        self._last = "ask@desk.example" if is_patron else None
        self.enable_direct_tls, self.enable_starttls, self.enable_plaintext = False, False, True
        self.add_event_handler("session_start", self._start)
        self.add_event_handler("message", self._message)
        self.connect("127.0.0.1", int(port))

    def _start(self, _):
        self.send_presence()
        print("You are here. " + ("Ask!" if self._is_patron else "Questions come by themselves."), flush=True)

    def _message(self, message):
        if message["type"] == "error":
            print("! that was not delivered; send it again", flush=True)
        elif message["body"]:
            self._last = message["from"].bare
            print(f"[{self._last.split('@')[0]}] {message['body']}", flush=True)

    def typed(self, text):
        """Goes to the conversation named first, or else to where the last message came from."""
        first, _, rest = text.partition(" ")
        if first.startswith("session-"):
            self._last, text = f"{first}@desk.example", rest
        if self._last and text:
            self.send_message(mto=self._last, mbody=text, mtype="chat")


async def main():
    talk = Talk(*sys.argv[1:])
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        talk.typed(line.strip())


# Ctrl-C is the end at once, as a connection that breaks.
signal.signal(signal.SIGINT, signal.SIG_DFL)
asyncio.run(main())

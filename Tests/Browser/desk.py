"""A desk to be tried: a database that nobody else has, and `serve`."""

import contextlib

from database_server import EMPTY, EXAMPLE
from mail_taker import MailTaker
from program import Program
from service import Service


class Desk:
    """A service for as long as the `with` lasts, on a copy of a database that the server has; starts within a second.

    What begins with nothing has the real clock, all others the example's. Where mail is sent, `post` takes it. Where
    `is_kept`, the database stays, named as the desk.
    """

    def __init__(self, server, name, beginning=EXAMPLE, sends_mail=False, is_kept=False):
        self.server, self.name, self.beginning, self.is_kept = server, name, beginning, is_kept
        self.folder = server.folder / f"desk-{name}"
        self.folder.mkdir(mode=0o755, exist_ok=True)
        self.post = MailTaker(self.folder / "post") if sends_mail else None
        self.program = Program(self.folder, COVERDESK_DATABASE_URL=server.address(name),
                               **(self.post.settings() if sends_mail else {}))
        self.clock = [] if beginning == EMPTY else server.clock
        self.service = None
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        with self._stack as stack:
            self.server.copy(self.beginning, self.name)
            if not self.is_kept:
                stack.callback(self.server.drop, self.name)
            self.service = self.serve()
            # To end as an administrator has it end takes a while, which no other check waits for.
            stack.callback(self.service.kill)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    @property
    def address(self):
        return self.service.address

    @property
    def passwords(self):
        """Of the accounts that were there when it began, by email address."""
        return self.server.passwords if self.beginning == EXAMPLE else {}

    @property
    def sessions(self):
        """What a browser keeps in which each role has signed in before it began."""
        return self.server.sessions if self.beginning == EXAMPLE else {}

    def now(self):
        """The time by the example's clock."""
        return self.server.now()

    def run(self, *arguments, typed=None):
        """What a command of coverdesk's prints; `typed` is its standard input."""
        return self.program.run(*arguments, typed=typed)

    def serve(self, port=0, settings=None):
        """One more service of this desk, which whoever asks for it must end; `settings` are further variables."""
        return Service(self.program, self.clock, port, settings)

    def set_up_link(self):
        """The path of the link that the log of a service without accounts tells."""
        links = [line["serve.setUpLink"] for line in self.service.log() if "serve.setUpLink" in line]
        assert len(links) == 1 and links[0].startswith(self.address), links
        return links[0].removeprefix(self.address)

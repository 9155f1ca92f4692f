"""The PostgreSQL server of a run, and the databases that desks begin with."""

import contextlib
import datetime
import pathlib
import re
import subprocess

from program import EXAMPLE_FILES, Program

EXAMPLE, PUBLISHED, EMPTY = "example", "published", "empty"
# A Wednesday morning in the example's first week, at whose end clocks are put back: the plan's, so that there is a past
# and a future, and people on.
CLOCK_FROM = "2026-10-28T10:20:00-04:00"
# What is lost when the machine stops is of no use then.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
         # Its workers connect to databases, and one that is connected to cannot be copied.
         "autovacuum": "off"}


class DatabaseServer:
    """One server for as long as the `with` lasts, of whose databases desks take copies.

    `PUBLISHED` has the statewide example, planned and published, `EMPTY` nothing but the schema. `EXAMPLE` is made of the
    former: somebody of each role has signed in there. All processes of a run are given this, for it consists of values.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        # The server's user must be able to enter, and that is not root.
        self.folder.chmod(0o755)
        self.cluster, self.url = self.folder / "cluster", None
        # One clock for all desks, for a database's time never goes back.
        self.since = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        # Of the accounts in `EXAMPLE`: passwords by email address, and by role what a browser that is signed in keeps.
        self.passwords, self.sessions = {}, {}

    def __enter__(self):
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        with contextlib.suppress(RuntimeError):
            Program(self.folder).run("demo", "--stop", "--folder", self.cluster)

    @property
    def clock(self):
        """The options that tell a service the time."""
        return ["--clock-from", CLOCK_FROM, "--clock-since", self.since.strftime("%Y-%m-%dT%H:%M:%SZ")]

    def now(self):
        """The time by that clock."""
        return datetime.datetime.fromisoformat(CLOCK_FROM) + (datetime.datetime.now(datetime.timezone.utc) - self.since)

    def address(self, database):
        return re.sub(r"^(postgresql://[^/]*/)[^?]*", rf"\g<1>{database}", self.url)

    def copy(self, one, name):
        """Makes a database like another one, to which nobody may be connected."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{one}"')

    def drop(self, name):
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _begin(self):
        printed = Program(self.folder).run("demo", "--no-service", "--folder", self.cluster, "--seconds", "2",
                                           "--bundle", EXAMPLE_FILES)
        self.url = re.search(r"export COVERDESK_DATABASE_URL='(.*)'", printed).group(1)
        self._execute(*(f"ALTER SYSTEM SET {name} = {value}" for name, value in HASTY.items()),
                      "SELECT pg_reload_conf()", f'ALTER DATABASE coverdesk RENAME TO "{PUBLISHED}"',
                      f'CREATE DATABASE "{EMPTY}"')
        Program(self.folder, COVERDESK_DATABASE_URL=self.address(EMPTY)).run("migrate")
        for name in (PUBLISHED, EMPTY):
            self._execute("ANALYZE", database=name)

    def _execute(self, *commands, database="postgres"):
        each = [word for command in commands for word in ("-c", command)]
        done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *each, self.address(database)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{commands[0]}: {done.stderr}")

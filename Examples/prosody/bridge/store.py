"""What the bridge must not forget, in one SQLite file.

Each stanza that matters is stored before anything is done about it, and each message is stored before it is sent. What
an event or a stanza changes is one transaction with the messages that it causes and with its own being done, so a
bridge that is killed goes on where it was.
"""

import sqlite3
import time
import uuid
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS place (event INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS inbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, sender TEXT NOT NULL, address TEXT NOT NULL,
    text TEXT NOT NULL, language TEXT);
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, recipient TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, session INTEGER UNIQUE, patron TEXT NOT NULL, patron_device TEXT NOT NULL,
    queue TEXT NOT NULL, address TEXT NOT NULL, library TEXT, language TEXT,
    -- 'chat' until it is ended or goes on by email.
    state TEXT NOT NULL DEFAULT 'chat', holder TEXT,
    -- What the patron was last told of the wait, and whether that is to be looked at again.
    told TEXT, must_tell INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL);
CREATE INDEX IF NOT EXISTS conversation_by_patron ON conversation (patron, address, state);
CREATE TABLE IF NOT EXISTS offer (session INTEGER NOT NULL, operator TEXT NOT NULL, PRIMARY KEY (session, operator));
CREATE TABLE IF NOT EXISTS line (
    number INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, speaker TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS line_by_conversation ON line (conversation, number);
"""


class Store:
    def __init__(self, path):
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode = WAL")
        # A commit waits for the disk: what has been acknowledged is kept.
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(SCHEMA)
        self._depth = 0

    @contextmanager
    def transaction(self):
        """All or nothing; inside another it is part of that one."""
        self._depth += 1
        try:
            if self._depth == 1:
                self._database.execute("BEGIN IMMEDIATE")
            yield
            if self._depth == 1:
                self._database.execute("COMMIT")
        except BaseException:
            if self._depth == 1:
                self._database.execute("ROLLBACK")
            raise
        finally:
            self._depth -= 1

    def _one(self, sql, *values):
        return self._database.execute(sql, values).fetchone()

    def _all(self, sql, *values):
        return self._database.execute(sql, values).fetchall()

    def _run(self, sql, *values):
        return self._database.execute(sql, values)

    # --- The place in the stream of events

    def place(self):
        row = self._one("SELECT event FROM place")
        return row["event"] if row else None

    def set_place(self, event):
        with self.transaction():
            self._run("DELETE FROM place")
            self._run("INSERT INTO place VALUES (?)", event)

    # --- What has come in and is to be worked on, and what is to be sent

    def receive(self, sender, address, text, language=None):
        self._run(
            "INSERT INTO inbox (key, sender, address, text, language) VALUES (?, ?, ?, ?, ?)",
            f"xmpp-{uuid.uuid4()}", sender, address, text, language)

    def next_received(self):
        return self._one("SELECT * FROM inbox ORDER BY number LIMIT 1")

    def is_done(self, received):
        self._run("DELETE FROM inbox WHERE number = ?", received["number"])

    def send(self, sender, recipient, text):
        self._run("INSERT INTO outbox (sender, recipient, text) VALUES (?, ?, ?)", sender, recipient, text)

    def unsent(self):
        return self._all("SELECT * FROM outbox ORDER BY number LIMIT 100")

    def is_sent(self, messages):
        with self.transaction():
            for message in messages:
                self._run("DELETE FROM outbox WHERE number = ?", message["number"])

    # --- Conversations

    def conversation(self, identifier):
        return self._one("SELECT * FROM conversation WHERE id = ?", identifier)

    def conversation_of_session(self, session):
        return self._one("SELECT * FROM conversation WHERE session = ?", session)

    def conversation_of_patron(self, patron, address, states=("chat",)):
        marks = ", ".join("?" * len(states))
        return self._one(
            f"SELECT * FROM conversation WHERE patron = ? AND address = ? AND state IN ({marks}) "
            "ORDER BY created DESC LIMIT 1", patron, address, *states)

    def begin_conversation(self, patron, device, queue, address, library, language):
        identifier = f"xmpp-{uuid.uuid4()}"
        self._run(
            "INSERT INTO conversation (id, patron, patron_device, queue, address, library, language, created) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            identifier, patron, device, queue, address, library, language, time.time())
        return self.conversation(identifier)

    def change(self, conversation, **values):
        settings = ", ".join(f"{name} = ?" for name in values)
        self._run(f"UPDATE conversation SET {settings} WHERE id = ?", *values.values(), conversation["id"])

    def without_session(self):
        return self._all("SELECT * FROM conversation WHERE session IS NULL AND state = 'chat'")

    def to_tell(self):
        return self._all("SELECT * FROM conversation WHERE must_tell = 1 AND session IS NOT NULL")

    def offers(self, session):
        return [row["operator"] for row in self._all("SELECT operator FROM offer WHERE session = ?", session)]

    def add_offer(self, session, operator):
        self._run("INSERT OR IGNORE INTO offer VALUES (?, ?)", session, operator)

    def drop_offer(self, session, operator=None):
        self._run("DELETE FROM offer WHERE session = ? AND operator = coalesce(?, operator)", session, operator)

    def add_line(self, conversation, speaker, text):
        self._run("INSERT INTO line (conversation, speaker, text) VALUES (?, ?, ?)", conversation["id"], speaker, text)

    def lines(self, conversation):
        return self._all("SELECT * FROM line WHERE conversation = ? ORDER BY number", conversation["id"])

    def forget_old(self, days):
        """Conversations that are over are kept for a few days and no longer."""
        before = time.time() - days * 86400
        with self.transaction():
            self._run(
                "DELETE FROM line WHERE conversation IN "
                "(SELECT id FROM conversation WHERE state <> 'chat' AND created < ?)", before)
            self._run("DELETE FROM conversation WHERE state <> 'chat' AND created < ?", before)

"""A consortium for replicas to be tried on: a PostgreSQL server of its own, nodes of the service, agents.

Everything lies in one folder and is a process started here; nothing outlives the object that started it.
"""

import hashlib
import http.client
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def program():
    """The path of coverdesk: COVERDESK, or what the project's build has made."""
    path = pathlib.Path(os.environ.get("COVERDESK", ROOT / ".build/release/coverdesk")).resolve()
    if not os.access(path, os.X_OK):
        raise SystemExit(f"there is no {path}: build it, or set COVERDESK")
    return str(path)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def eventually(what, condition, seconds=120):
    """Asks again and again until a condition holds; fails loudly if it never does."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise SystemExit(f"waited {seconds} s in vain until {what}")
        time.sleep(0.05)


class Cluster:
    """A PostgreSQL server on a unix socket, durable, run as `postgres` where root starts it."""

    def __init__(self, folder, settings=()):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.bin = self._programs()
        self.settings = ["listen_addresses=''", f"unix_socket_directories='{self.folder}'", "max_connections=200",
                         "shared_buffers=64MB", *settings]
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", self.data, "-U", "coverdesk", "-A", "trust", "-E", "UTF8", "--locale=C")
        with_settings = "\n".join(self.settings) + "\n"
        self._shell(f"cat >>'{self.data}/postgresql.conf'", with_settings)

    @staticmethod
    def _programs():
        folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        found = shutil.which("initdb")
        folders += [pathlib.Path(found).resolve().parent] if found else []
        if not folders:
            raise SystemExit("PostgreSQL's server programs are missing")
        return folders[-1]

    def _prefix(self):
        return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def _run(self, name, *arguments):
        done = subprocess.run([*self._prefix(), str(self.bin / name), *map(str, arguments)], cwd="/", text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise SystemExit(f"{name} failed:\n{done.stdout}")
        return done.stdout

    def _shell(self, command, text):
        subprocess.run([*self._prefix(), "bash", "-c", command], input=text, text=True, check=True)

    def start(self):
        # Not a pipe, which the server would hold open.
        with open(self.folder / "start.log", "ab") as log:
            subprocess.run([*self._prefix(), str(self.bin / "pg_ctl"), "-D", str(self.data), "-l",
                            str(self.folder / "server.log"), "-w", "-t", "120", "start"], cwd="/", check=True,
                           stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self, mode="fast"):
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def kill(self):
        """Ends all of the server's processes with SIGKILL, as a crash of the machine would."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        children = [int(pid) for pid in pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()]
        for pid in [postmaster, *children]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        eventually("the server's processes are gone",
                   lambda: not any(is_alive(pid) for pid in [postmaster, *children]))
        # Nobody may have looked after the dead yet, and the next server would take their number for one that lives.
        for path in (self.data / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            path.unlink(missing_ok=True)

    def url(self, database="coverdesk"):
        return f"postgresql:///{database}?host={self.folder}&user=coverdesk"

    def psql(self, sql, check=True, database="coverdesk"):
        done = subprocess.run(["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", self.url(database)], input=sql,
                              text=True, capture_output=True)
        if check and done.returncode != 0:
            raise SystemExit(f"psql failed: {done.stderr}\n{sql}")
        return done.stdout.strip()

    def session(self):
        """A psql that goes on: what is written to its input is run."""
        return subprocess.Popen(["psql", "-X", "-q", "-At", self.url()], stdin=subprocess.PIPE,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)


def is_alive(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


class Kept:
    """A process that is started again some time after its end, as systemd would do."""

    def __init__(self, command, log, environment=None, pause=0.3, limit=None):
        self.command, self.log, self.pause = command, log, pause
        self.environment = {**os.environ, **(environment or {})}
        self.process, self.again_at, self.is_wanted = None, 0.0, True
        self.file_limit = limit
        self.starts = 0

    def tend(self):
        if not self.is_wanted or (self.process and self.process.poll() is None):
            return
        now = time.monotonic()
        if self.process:
            self.process, self.again_at = None, now + self.pause
        if now < self.again_at:
            return
        limit = self.file_limit

        def bound():
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        with open(self.log, "ab") as log:
            # Without Python's default for SIGXFSZ a file that is too long ends the process, and not the write.
            self.process = subprocess.Popen(self.command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, preexec_fn=bound, restore_signals=False)
        self.starts += 1

    def kill(self, pause=None):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process, self.again_at = None, time.monotonic() + (self.pause if pause is None else pause)

    def end(self):
        self.is_wanted = False
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise SystemExit(f"{self.command[1]} did not end within a minute of SIGTERM: see {self.log}")
        self.process = None


class Desk:
    """A published schedule of an example, its nodes and its tokens."""

    def __init__(self, folder, settings=(), example="small", plan=True):
        self.folder = pathlib.Path(folder)
        self.folder.chmod(0o755)
        self.program = program()
        self.cluster = Cluster(self.folder / "cluster", settings)
        self.cluster.start()
        self.cluster.psql("CREATE DATABASE coverdesk", database="postgres")
        self.environment = {"COVERDESK_DATABASE_URL": self.cluster.url(), "COVERDESK_ACTOR": "test"}
        self.run("migrate")
        self.run("import", str(ROOT / "Examples" / example))
        if plan:
            self.run("plan", "--steps", "200", "--threads", "1")
            self.run("publish", "--message", "test")
        self.libraries = self.cluster.psql("SELECT library_id FROM library ORDER BY 1").split("\n")
        self.consortium = self.cluster.psql("SELECT consortium_id FROM consortium")
        self.tokens = {}

    def run(self, *arguments):
        done = subprocess.run([self.program, *arguments], env={**os.environ, **self.environment}, text=True,
                              capture_output=True, cwd=self.folder)
        if done.returncode != 0:
            raise SystemExit(f"coverdesk {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def token(self, library):
        """The file that holds the library's token."""
        if library not in self.tokens:
            path = self.folder / f"token-{library}"
            path.write_text(self.run("token", "create", "--library", library) + "\n")
            self.tokens[library] = path
        return self.tokens[library]

    def node(self, port, name="node"):
        return Kept([self.program, "serve", "--port", str(port)], self.folder / f"{name}.log", self.environment)

    def truth(self, library):
        """What a library may see now: sorted lines by table, all of one moment."""
        script = [
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;",
            f"SET LOCAL coverdesk.consortium = '{self.consortium}';", f"SET LOCAL coverdesk.library = '{library}';",
            "SET LOCAL ROLE coverdesk_replica;",
        ]
        script += [f"COPY (SELECT '{table}', {', '.join(columns)} FROM replica.{table}) TO STDOUT;"
                   for table, columns in COLUMNS.items()]
        lines = {table: [] for table in COLUMNS}
        # Not by newlines alone: Python takes more for line breaks than COPY does.
        for line in self.cluster.psql("\n".join([*script, "COMMIT;"])).split("\n"):
            if line:
                lines[line.split("\t", 1)[0]].append(line)
        return {table: sorted(found) for table, found in lines.items()}


def is_ready(port):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False


# The columns of each table, as docs/replication.md has them, read from the feed's description in the schema.
def _columns():
    columns = {}
    database = sqlite3.connect(":memory:")
    schema = (ROOT / "schema/cache/V0002__create_replica_tables.sql").read_text()
    database.executescript(schema)
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns[table] = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    return columns


COLUMNS = _columns()
ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def wire(value):
    """A field as PostgreSQL's COPY writes it."""
    if value is None:
        return "\\N"
    if isinstance(value, float):
        return format(value, "f").rstrip("0").rstrip(".")
    return "".join(ESCAPES.get(character, character) for character in str(value))


def cached(path):
    """What a cache holds: sorted lines by table, all of one moment."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
    try:
        database.execute("BEGIN")
        return {
            table: sorted("\t".join([table, *map(wire, row)])
                          for row in database.execute(f"SELECT {', '.join(columns)} FROM {table}"))
            for table, columns in COLUMNS.items()
        }
    finally:
        database.close()


def digest(lines):
    """The sum modulo 2^64 of the first eight bytes of each line's SHA-256."""
    total = sum(int.from_bytes(hashlib.sha256(line.encode()).digest()[:8], "big") for line in lines)
    return f"{total % 2**64:016x}"


def told_digests(port, token_file):
    """Each table's rows and digest, as the service tells them now."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/v1/sync?digest=*",
                       headers={"Authorization": "Bearer " + pathlib.Path(token_file).read_text().strip()})
    told = {}
    for line in connection.getresponse().read().decode().split("\n"):
        if line.startswith("#digest "):
            found = json.loads(line[8:])
            told[found["table"]] = (found["rows"], found["digest"])
    return told

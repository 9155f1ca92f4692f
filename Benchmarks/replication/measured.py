"""What the measurements of replication share: a desk of their own with many rows, clients that wait, percentiles."""

import asyncio
import json
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "Tests/Replication"))

from replica_desk import Desk, eventually, free_port, is_ready  # noqa: F401, E402


class Measured:
    """A desk in a temporary folder with one node, gone afterwards."""

    def __init__(self, rows=0, **settings):
        self.temporary = tempfile.TemporaryDirectory(prefix="coverdesk-measure-")
        self.folder = pathlib.Path(self.temporary.name)
        self.desk = Desk(self.folder, settings=["synchronous_commit=on"], **settings)
        if rows:
            self.add_demand(rows)
        self.port = free_port()
        self.node = self.desk.node(self.port)
        self.others = []

    def __enter__(self):
        self.node.tend()
        eventually("the service answers", lambda: is_ready(self.port))
        return self

    def __exit__(self, *_):
        for kept in [*self.others, self.node]:
            kept.is_wanted = False
            kept.kill()
        self.desk.cluster.stop("immediate")
        self.temporary.cleanup()

    def add_demand(self, rows):
        """Demand of slots of a minute, long before all others, on ten queues of their own; and a row to be stamped."""
        self.desk.cluster.psql(f"""
            INSERT INTO queue (consortium_id, queue_id, name, channel, skill, min_shift_minutes, max_shift_minutes,
                answer_seconds, answer_share, priority)
            SELECT consortium_id, 'bulk' || number, 'Bulk ' || number, 'chat', 'general', 60, 240, 30, 0.8, 1
            FROM consortium, generate_series(0, 9) AS number;
            INSERT INTO demand (consortium_id, queue_id, during, minimum, target)
            SELECT consortium_id, 'bulk' || (number % 10),
                tstzrange('2000-01-01Z'::timestamptz + number / 10 * interval '1 minute',
                    '2000-01-01Z'::timestamptz + (number / 10 + 1) * interval '1 minute'), 1, 2
            FROM consortium, generate_series(0, {rows} - 1) AS number;
            INSERT INTO closure SELECT consortium_id, NULL, '2099-01-01', '' FROM consortium;
            DELETE FROM change_log; VACUUM ANALYZE demand;
        """)

    def sync(self, library, *options):
        """The command of an agent of a library, and its cache."""
        cache = self.folder / f"cache-{library}.sqlite"
        return [self.desk.program, "sync", "--service", f"http://127.0.0.1:{self.port}", "--cache", str(cache),
                "--token-file", str(self.desk.token(library)), *options], cache

    def memory(self, what="VmRSS"):
        """MiB of the service."""
        status = pathlib.Path(f"/proc/{self.node.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.split("\n") if line.startswith(what + ":"))) / 1024

    def cpu_seconds(self):
        """Processor time that the service has used."""
        fields = pathlib.Path(f"/proc/{self.node.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def statements(self):
        """Transactions of all sessions, and blocks that they have looked at."""
        text = self.desk.cluster.psql("""
            SELECT pg_stat_clear_snapshot(); SELECT pg_stat_force_next_flush();
            SELECT xact_commit + xact_rollback, blks_hit + blks_read FROM pg_stat_database WHERE datname = 'coverdesk'
        """)
        return tuple(map(int, text.split("\n")[-1].split("|")))

    async def waiter(self, library, seconds=300, cursor=None):
        """A connection on which changes come; the state's own rows are behind it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 26)
        token = pathlib.Path(self.desk.token(library)).read_text().strip()
        query = f"wait={seconds}" + (f"&cursor={cursor}" if cursor else "")
        writer.write(f"GET /v1/sync?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        await writer.drain()
        seen = await reader.readuntil(b"#commit ")
        line = await reader.readuntil(b"\n")
        if b"200 OK" not in seen[:20]:
            raise SystemExit(f"the service refuses: {seen[:300]!r}")
        return Waiter(reader, writer, json.loads(line)["cursor"])


class Waiter:
    def __init__(self, reader, writer, cursor):
        self.reader, self.writer, self.cursor = reader, writer, cursor

    async def until(self, text):
        await self.reader.readuntil(text)
        return asyncio.get_running_loop().time()

    def close(self):
        self.writer.transport.abort()


def percentiles(values):
    """Median, 95th and 99th percentile, most."""
    values = sorted(values)
    return tuple(values[min(len(values) - 1, int(len(values) * share))] for share in (0.5, 0.95, 0.99, 1))

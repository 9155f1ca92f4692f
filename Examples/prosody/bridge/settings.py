"""The bridge's settings: one TOML file, see bridge.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Operator:
    id: str
    account: str
    languages: tuple = ()
    seats: int | None = None


class Settings:
    def __init__(self, path):
        path = Path(path)
        text = tomllib.loads(path.read_text())
        folder = path.parent
        desk, xmpp = text["desk"], text["xmpp"]
        self.url = desk["url"]
        # Secrets stand in files of their own, which need not be readable for whoever may read this one.
        self.token = (folder / desk["token_file"]).read_text().strip()
        self.lease_seconds = desk.get("lease_seconds", 90)
        self.email_queue = desk.get("email_queue")
        self.zone = ZoneInfo(desk.get("timezone", "UTC"))
        self.store = folder / desk.get("store", "bridge.sqlite")
        self.keep_days = desk.get("keep_days", 7)
        self.domain = xmpp["domain"]
        self.secret = (folder / xmpp["secret_file"]).read_text().strip()
        self.host, self.port = xmpp.get("host", "127.0.0.1"), xmpp.get("port", 5347)
        self.queues = text["queues"]
        self.libraries = text.get("libraries", {})
        self.operators = [
            Operator(entry["id"], entry["account"], tuple(entry.get("languages", ())), entry.get("seats"))
            for entry in text["operators"]]
        self._by_account = {entry.account: entry.id for entry in self.operators}
        self._by_id = {entry.id: entry.account for entry in self.operators}

    def operator_of(self, account):
        return self._by_account.get(account)

    def account_of(self, operator):
        return self._by_id.get(operator)

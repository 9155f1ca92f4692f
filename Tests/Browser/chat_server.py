"""A chat server, as far as it tells the desk who is here and who asks."""

import json
import urllib.request


class ChatServer:
    """Asks the HTTP API with a token of its own; fails if it is refused."""

    def __init__(self, desk, name):
        self.desk = desk
        self.token = desk.run("token", "create", "--chat-server", name).strip()

    def come(self, person, availability="available"):
        """An operator is here for a quarter of an hour, or until they leave."""
        return self._ask("PUT", f"/v1/presence/{person}", {"availability": availability, "lease_seconds": 900})

    def leave(self, person):
        return self._ask("DELETE", f"/v1/presence/{person}")

    def begin(self, session, queue):
        """A patron comes; gives the number by which the desk knows the session."""
        return self._ask("POST", "/v1/sessions", {"id": session, "queue": queue, "channel": "chat"})

    def _ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.desk.address + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
        return json.loads(text) if text else None

"""A service that is new: a database of the trial's server with nothing in it, and `serve`."""

import contextlib
import re
import subprocess

from service import Service


class NewDesk:
    """One service with nothing in its database; what `Service` needs of a desk."""

    def __init__(self, desk, name):
        self.program, self.folder = desk.program, desk.folder
        server = desk.environment["COVERDESK_DATABASE_URL"]
        subprocess.run(["psql", "-XAtq", "-c", f"CREATE DATABASE {name}", server], check=True, capture_output=True)
        address = re.sub(r"^(postgresql://[^/]*/)[^?]*", rf"\g<1>{name}", server)
        self.environment = {**desk.environment, "COVERDESK_DATABASE_URL": address}
        subprocess.run([self.program, "migrate"], cwd=self.folder, env=self.environment, check=True,
                       capture_output=True)

    @contextlib.contextmanager
    def served(self):
        """Lends the service, by the real clock."""
        service = Service(self, [])
        try:
            yield service
        finally:
            service.stop()


def set_up_link(service):
    """The path of the link that the log tells."""
    links = [line["serve.setUpLink"] for line in service.log() if "serve.setUpLink" in line]
    assert len(links) == 1 and links[0].startswith(service.address), links
    return links[0].removeprefix(service.address)

"""A program that takes a desk's mail, as sendmail does."""

import email
import email.policy
import time

PROGRAM = """#!/bin/sh
mail=$(mktemp "$(dirname "$0")/XXXXXXXX") && cat >"$mail" && mv "$mail" "$mail.eml"
"""


class MailTaker:
    """Keeps each mail as a file in a folder that it makes."""

    def __init__(self, folder):
        self.folder, self.program = folder, folder / "sendmail"
        folder.mkdir()
        self.program.write_text(PROGRAM, encoding="utf-8")
        self.program.chmod(0o755)

    def settings(self):
        """What a service is told of it."""
        return {"COVERDESK_NOTIFY_SENDMAIL": f"{self.program} -t -i",
                "COVERDESK_NOTIFY_FROM": "Das Büro <desk@pages.example>"}

    def mail_to(self, address, subject):
        """Waits for a mail, read by Python's own parser."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for file in self.folder.glob("*.eml"):
                mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                if mail["To"].addresses[0].addr_spec == address and mail["Subject"] == subject:
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no mail “{subject}” to {address} within 30 s: there are "
                             f"{[file.read_text()[:200] for file in self.folder.glob('*.eml')]}")

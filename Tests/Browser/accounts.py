"""Who can sign in: accounts that are made for this run."""

import secrets

from sign_in_page import SignInPage


class Accounts:
    """The accounts of a desk: one of each role, and more where a check wants one of its own."""

    ROLES = ("coordinator", "manager", "operator", "reader")
    OF_ROLE = {"manager": ["--library", "arrowbury"], "operator": ["--operator", "arrowbury-01"]}

    def __init__(self, desk):
        self.desk = desk
        # By email address.
        self.passwords = dict(desk.passwords)

    def add(self, name, role="reader", person=None):
        """Makes an account that can be signed in to; gives its email address, whose password is kept.

        An operator's is that of the `person` with this identifier, if one is given.
        """
        email = f"{name.lower()}@pages.example"
        whose = ["--operator", person] if person else self.OF_ROLE.get(role, [])
        self.desk.run("account", "invite", email, "--name", name, "--role", role, *whose)
        self.passwords[email] = secrets.token_urlsafe(15)
        self.desk.run("account", "set-password", email, typed=self.passwords[email] + "\n")
        return email

    def sign_in(self, visitor, role):
        """Signs a visitor in as the role's account, which is made when it is first asked for."""
        email = f"{role}@pages.example"
        if email not in self.passwords:
            self.add(role.capitalize(), role)
        SignInPage(visitor).open().sign_in(email, self.passwords[email])

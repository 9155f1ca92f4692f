"""The coordinator's page of all accounts."""


class AccountsPage:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.main = self.page.get_by_role("main")

    def open(self):
        assert self.visitor.visit("/accounts") == 200
        return self

    def invite(self, name, email, role="Reader"):
        """Fills in the form; gives what the page says then."""
        self.main.get_by_text("Invite somebody").click()
        form = self.page.locator("form[action='/accounts'][method=post]")
        form.locator("[name=name]").fill(name)
        form.locator("[name=email]").fill(email)
        form.locator("[name=role]").select_option(label=role)
        with self.page.expect_navigation():
            form.get_by_role("button").click()
        return self.main.inner_text()

    def link(self):
        """The link that is shown after an invitation."""
        return self.page.get_by_role("textbox", name="Link").input_value()

    def press(self, name, button):
        """Opens somebody's entry and presses one of its buttons."""
        entry = self.main.get_by_role("listitem").filter(has_text=name)
        entry.locator("summary").click()
        with self.page.expect_navigation():
            entry.get_by_role("button", name=button).click()

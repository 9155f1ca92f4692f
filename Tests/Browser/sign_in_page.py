"""The page on which people sign in."""


class SignInPage:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.email = self.page.get_by_role("textbox", name="Email address")
        self.password = self.page.locator("input[type=password]")

    def open(self, query=""):
        self.visitor.visit("/sign-in" + query)
        return self

    @property
    def is_shown(self):
        return self.page.get_by_role("heading", level=1).inner_text() == "Sign in"

    @property
    def text(self):
        return self.page.get_by_role("main").inner_text()

    def enter(self, email, password):
        self.email.fill(email)
        self.password.fill(password)
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name="Sign in").click()

    def sign_in(self, email, password):
        self.enter(email, password)
        assert not self.is_shown, f"{email} cannot sign in: {self.text}"

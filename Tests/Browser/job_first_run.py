"""A coordinator comes from an empty service to a published week, with the browser alone."""

from program import ROOT
from screen import DESK, PHONE
from sign_in_page import SignInPage
from trial import check

PASSWORD = "seven quiet reading rooms"
LIBRARIES = "Bay County\nHill College\nSão João Special Library"
PEOPLE = "\n".join(f"Librarian {number},l{number}@pages.example,{library}"
                   for number, library in enumerate(LIBRARIES.splitlines() * 4))


class FirstRun:
    """What a coordinator sees and does on the way."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    @property
    def heading(self):
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self):
        return self.page.get_by_role("main").inner_text()

    def press(self, name, role="button"):
        with self.page.expect_navigation(timeout=60_000):
            self.page.get_by_role("main").get_by_role(role, name=name, exact=True).click()

    def set_up(self, desk):
        self.visitor.visit(desk.set_up_link())
        self.page.get_by_role("textbox", name="Your name").fill("Ada King")
        self.page.get_by_role("textbox", name="Email address").fill("ada@pages.example")
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.press("Make the account")
        assert self.heading == "How do you want to begin?", self.heading

    def plan_and_publish(self):
        self.press("Make a plan")
        assert "A plan is made" in self.text, self.text
        self.visitor.inspect("start with a draft")
        self.press("See the draft", "link")
        assert "draft" in self.text.lower(), self.text[:300]
        self.visitor.inspect("first draft's week")
        self.visitor.visit("/start")
        self.press("Publish the plan")
        assert "The plan is published" in self.text, self.text
        self.visitor.inspect("start when published")
        self.press("See the week", "link")


@check("Before anybody has an account every page says where the link to begin is found")
def led_to_link(trial):
    with trial.empty_desk("led") as desk:
        for screen in (DESK, PHONE):
            visitor = trial.visitor(screen=screen, address=desk.address)
            for path in ("/", "/week", "/sign-in"):
                visitor.visit(path)
                assert visitor.page.url == desk.address + "/set-up", visitor.page.url
            visitor.inspect("a new service")
            visitor.visit(desk.set_up_link())
            visitor.inspect("set up")
            visitor.close()


@check("A coordinator tries the example on a desk: from the link to a published week, and away with it", DESK)
@check("A coordinator tries the example on a phone: from the link to a published week, and away with it", PHONE)
def example(trial, screen):
    with trial.empty_desk(screen.name) as desk:
        visitor = trial.visitor(screen=screen, address=desk.address)
        run = FirstRun(visitor)
        run.set_up(desk)
        visitor.inspect("start of nothing")
        run.press("Begin with the example")
        assert run.heading == "What is next" and "9 libraries" in run.text, run.text
        visitor.inspect("start with the example")
        run.plan_and_publish()
        assert "Larkmere" in run.text or "Ask" in run.text, run.text[:300]
        for path in ("/week", "/libraries", "/now", "/charts", "/accounts", "/account"):
            assert visitor.visit(path) == 200, path
            visitor.inspect(f"first run {path[1:]}")
        run.press("Throw the example away", "link")
        visitor.inspect("throw away")
        run.page.get_by_role("textbox").fill("Another name")
        run.press("Throw it away")
        assert "Nothing was thrown away" in run.text
        visitor.inspect("throw away refused")
        run.page.get_by_role("textbox").fill("Larkmere Valley Libraries")
        run.press("Throw it away")
        assert run.heading == "How do you want to begin?" and "The example is gone" in run.text, run.text
        for path in ("/week", "/libraries", "/now", "/charts"):
            visitor.visit(path)
            visitor.inspect(f"nothing {path[1:]}")


@check("A coordinator types a consortium in: faults are told where they are, and then comes a published week")
def typed(trial):
    with trial.empty_desk("typed") as desk:
        visitor = trial.visitor(address=desk.address)
        run = FirstRun(visitor)
        run.set_up(desk)
        run.press("Type it in", "link")
        visitor.inspect("type in")
        page = visitor.page
        page.get_by_label("Name of the consortium").fill("Three Lakes")
        page.get_by_label("Time zone").fill("America/Chicago")
        page.get_by_label("Libraries").fill(LIBRARIES)
        page.get_by_label("People").fill(PEOPLE + "\nNobody,,Nowhere")
        run.press("Make the consortium")
        assert "People, line 13: there is no library “Nowhere”" in run.text, run.text
        assert page.get_by_label("People").input_value().startswith("Librarian 0"), "what was typed is gone"
        visitor.inspect("type in refused")
        page.get_by_label("People").fill(PEOPLE)
        run.press("Make the consortium")
        assert "3 libraries" in run.text and "12 people" in run.text, run.text
        run.plan_and_publish()
        assert "Ask a librarian" in run.text, run.text[:300]


@check("A coordinator brings files; what is wrong with them is told by file and line")
def files(trial):
    example_files = sorted((ROOT / "Examples/small").glob("*"))
    with trial.empty_desk("files") as desk:
        broken = desk.folder / "hours.csv"
        broken.write_text("queue_id,weekday,opens,closes\nnothing,0,09:00,10:00\n", encoding="utf-8")
        visitor = trial.visitor(address=desk.address)
        run = FirstRun(visitor)
        run.set_up(desk)
        chosen = [one for one in example_files if one.name != "hours.csv"] + [broken]
        visitor.page.get_by_label("All files of the bundle").set_input_files(chosen)
        run.press("Import the files")
        assert "hours.csv:2: queue_id" in run.text, run.text
        visitor.inspect("import refused")
        visitor.page.get_by_label("All files of the bundle").set_input_files(example_files)
        run.press("Import the files")
        assert "9 libraries" in run.text, run.text


@check("The link is used once, and without JavaScript")
def once(trial):
    with trial.empty_desk("once") as desk:
        visitor = trial.visitor(javascript=False, address=desk.address)
        FirstRun(visitor).set_up(desk)
        other = trial.visitor(address=desk.address)
        assert other.visit(desk.set_up_link()) == 404
        other.visit("/week")
        assert SignInPage(other).is_shown

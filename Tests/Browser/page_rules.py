"""What every page must be, whoever looks at it."""

import pathlib
import re

import axe_playwright_python

HERE = pathlib.Path(__file__).resolve().parent
PAGE_RULES = (HERE / "page_rules.js").read_text(encoding="utf-8")
FOCUS_RULES = (HERE / "focus_rules.js").read_text(encoding="utf-8")
AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GRAVE = ("serious", "critical")
SMALLEST_TEXT = 11
NARROWEST = 320
MOST_BYTES = 150_000
HEADERS = {
    "content-security-policy": re.compile(r"^(?=.*default-src 'none')(?!.*unsafe-)(?!.*\*).*frame-ancestors 'none'"),
    "x-content-type-options": re.compile("^nosniff$"),
    "content-type": re.compile("^text/html; *charset=utf-8$", re.IGNORECASE),
}


class PageRules:
    """Tries the page that a visitor has before them; `name` is what pictures and faults call it."""

    def __init__(self, visitor, name):
        self.visitor, self.page, self.screen = visitor, visitor.page, visitor.screen
        self.trial = visitor.trial
        self.name = name

    def faults(self):
        """Lines of what is wrong; the page is left as it was found, with nothing focused.

        What takes long is tried where there are parts that no page before had: shifts of other people are made alike.
        """
        self.trial.documents.add(self.name, self.visitor.html())
        self._picture_once()
        found = self._headers() + self._page_rules(self.screen.width)
        if self._has_new_parts():
            # Axe waits for promises, which nobody keeps where there are no scripts.
            found += self._with_scripts() if self.visitor.javascript else []
            found += self._narrowest() if self.screen.is_phone else self._with_keyboard()
        return found + self.visitor.take_misdeeds()

    def _picture_once(self):
        # Most pages look the same to every role.
        path = self.page.url.removeprefix(self.visitor.address)
        place = (path, self.visitor.document and self.visitor.document.status, self.screen, self.visitor.javascript)
        if place not in self.trial.pictured:
            self.trial.pictured.add(place)
            plain = "" if self.visitor.javascript else "-plain"
            self.trial.picture(self.page, f"{self.name}-{self.screen.name}{plain}")

    def _has_new_parts(self):
        known = self.trial.known_parts.setdefault((self.screen, self.visitor.javascript), set())
        parts = set(self.page.evaluate("""() => [...new Set([...document.body.querySelectorAll("*")].map((element) => {
            const kind = (one) => [one.localName, one.getAttribute("class"), one.getAttribute("role"), one.type].join();
            return kind(element.parentElement) + ">" + kind(element) }))]"""))
        has_new = not parts <= known
        known |= parts
        return has_new

    def _with_keyboard(self):
        return self._skip_link() + self.page.evaluate(FOCUS_RULES)

    def _with_scripts(self):
        found = self._axe({"runOnly": {"type": "tag", "values": AXE_TAGS}})
        return found if self.screen.is_phone else found + self._dark() + self._without_javascript()

    def _page_rules(self, width, **options):
        return self.page.evaluate(PAGE_RULES, {
            "width": width, "isPhone": self.screen.is_phone, "smallestText": SMALLEST_TEXT,
            "mostBytes": MOST_BYTES, **options})

    def _narrowest(self):
        """Who enlarges a desk's screen fourfold reads at this width (WCAG 1.4.10)."""
        self.page.set_viewport_size({"width": NARROWEST, "height": self.screen.height})
        found = self._page_rules(NARROWEST, isNarrowest=True)
        self.page.set_viewport_size({"width": self.screen.width, "height": self.screen.height})
        return found

    def _headers(self):
        if not self.visitor.document:
            return ["the page was not sent by the service"]
        headers = self.visitor.document.headers
        return [f"the header {name} is “{headers.get(name, '')}”"
                for name, form in HEADERS.items() if not form.search(headers.get(name, ""))]

    def _axe(self, options):
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        result = self.page.evaluate("options => axe.run(document, options)", {**options, "resultTypes": ["violations"]})
        return [self._violation(one) for one in result["violations"] if one["impact"] in GRAVE]

    @staticmethod
    def _violation(one):
        shown = [f"{' '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[1].strip()}"
                 for node in one["nodes"][:3]]
        more = f" and {len(one['nodes']) - 3} more" if len(one["nodes"]) > 3 else ""
        return f"axe: {one['help']} ({one['id']}) — {'; '.join(shown)}{more}"

    def _dark(self):
        self.page.emulate_media(color_scheme="dark")
        found = self._axe({"runOnly": {"type": "rule", "values": ["color-contrast"]}})
        self.trial.picture(self.page, f"{self.name}-dark")
        self.page.emulate_media(color_scheme="light")
        return [f"in the dark, {one}" for one in found]

    def _skip_link(self):
        """The first key press leads to a link past what is on every page, and that link does so."""
        # From where the page begins, whatever was clicked before.
        self.page.evaluate("""() => {
            document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex");
            document.activeElement?.blur(); window.scrollTo(0, 0) }""")
        self.page.keyboard.press("Tab")
        link = self.page.evaluate("""() => {
            const one = document.activeElement, box = one.getBoundingClientRect();
            const isShown = box.top >= 0 && box.left >= 0 && box.height > 10;
            return { href: one.getAttribute("href") || "", isShown } }""")
        if not link["href"].startswith("#"):
            return ["the first thing that has the focus is no link to the main part"]
        if not link["isShown"]:
            return ["the link to the main part is not shown while it has the focus"]
        self.page.keyboard.press("Enter")
        leads = self.page.evaluate("""() => {
            const main = document.querySelector("main"), target = document.querySelector(":target");
            return Boolean(main && target && (target === main || main.contains(target))) }""")
        return [] if leads else ["the link to the main part does not lead there"]

    def _without_javascript(self):
        """Nine of ten words that are read with JavaScript are there without."""
        if self.page.url.split("#")[0] != (self.visitor.document and self.visitor.document.url.split("#")[0]):
            return []
        if self.visitor.document.request.method != "GET":
            return []
        with_scripts = self._words(self.page)
        plain = self.trial.visitor(self.visitor.role, self.screen, javascript=False,
                                   cookies=self.visitor.context.storage_state(),
                                   address=self.visitor.address)
        plain.visit(self.page.url)
        # What was opened here can be opened there.
        plain.page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true })")
        without = self._words(plain.page)
        plain.close()
        missing = sorted(with_scripts - without)
        if len(missing) <= len(with_scripts) // 10:
            return []
        return [f"without JavaScript {len(missing)} of {len(with_scripts)} words are missing — "
                f"{' '.join(missing[:12])}"]

    @staticmethod
    def _words(page):
        return set(page.locator("main").first.inner_text().split()) if page.locator("main").count() else set()

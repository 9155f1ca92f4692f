"""One person at one screen."""

import urllib.parse

from page_rules import PageRules

# What the browser itself opens.
OWN_SCHEMES = ("data:", "blob:", "about:", "chrome-error:")


class Visitor:
    """A browser of one's own, as far as cookies go, with one page open; notes whatever a page does that it may not."""

    def __init__(self, trial, role, screen, javascript, cookies, address=None):
        self.trial, self.role, self.screen, self.javascript = trial, role, screen, javascript
        # Of another service than the trial's, where one is named.
        self.address = address or trial.address
        self.context = trial.browser.new_context(
            base_url=self.address, java_script_enabled=javascript, reduced_motion="reduce", locale="en-US",
            storage_state=cookies, **screen.context_options())
        self.context.set_default_timeout(trial.patience)
        self.context.set_default_navigation_timeout(trial.patience)
        self.misdeeds = []
        self.document = None
        self.context.on("request", self._note_request)
        self.context.on("console", self._note_console)
        self.context.on("weberror", lambda failure: self.misdeeds.append(f"a script fails: {failure.error}"))
        self.page = self.context.new_page()
        self.page.on("response", self._note_response)

    def close(self):
        self.trial.visitors.remove(self)
        self.context.close()

    def visit(self, path):
        """Goes to an address of the service; gives the status of the answer."""
        return self.page.goto(path).status

    def faults(self, name):
        """Takes the picture of the page that is shown and tells what about it is not as every page must be."""
        return PageRules(self, name).faults()

    def inspect(self, name):
        """Fails if the page that is shown is not as every page must be; `name` is what its picture is called.

        Without JavaScript all is tried but what axe finds.
        """
        found = self.faults(name)
        assert not found, "\n".join(found)

    def take_misdeeds(self):
        taken, self.misdeeds = self.misdeeds, []
        return list(dict.fromkeys(taken))

    def html(self):
        """The document as the service sent it, before any script changed it."""
        if self.document and self.document.url.split("#")[0] == self.page.url.split("#")[0]:
            return self.document.text()
        return self.page.content()

    def links(self):
        """The paths with queries of all links on the page that lead to the service."""
        found = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        own = [urllib.parse.urlsplit(one) for one in found if one.startswith(self.address + "/")]
        return list(dict.fromkeys(one.path + ("?" + one.query if one.query else "") for one in own))

    def _note_request(self, request):
        if not request.url.startswith((self.address + "/", *OWN_SCHEMES)):
            self.misdeeds.append(f"the page asks another host: {request.url}")

    def _note_console(self, message):
        if message.type not in ("error", "warning"):
            return
        # A page that tells of an error has that status itself, of which the browser complains.
        if "status of 4" in message.text and message.location.get("url") == self.page.url:
            return
        self.misdeeds.append(f"the console says: {message.text}")

    def _note_response(self, response):
        request = response.request
        leads_on = 300 <= response.status < 400
        if request.is_navigation_request() and request.frame == self.page.main_frame and not leads_on:
            self.document = response

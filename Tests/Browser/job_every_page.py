"""Follows every link that each role is shown, and holds each page against what every page must be."""

import re

from accounts import Accounts
from screen import DESK, PHONE
from trial import check

# A plan has many weeks and a consortium many libraries, whose pages are alike.
MOST_OF_A_PATH, MOST_OF_A_FORM, MOST_PAGES = 2, 6, 40


def kinds(path):
    """What a page's address has in common with those of pages like it, and how many of these are looked at."""
    path, _, query = path.partition("?")
    names = tuple(sorted(re.findall(r"(?:^|&)([^=&]+)=", query)))
    parts = path.strip("/").split("/")
    yield (path, names), MOST_OF_A_PATH
    # Files that are offered beside pages take none of their places.
    yield (parts[0], len(parts), names, path.rpartition(".")[2] if "." in parts[-1] else ""), MOST_OF_A_FORM


class Walk:
    """One role's way through the pages on one screen."""

    def __init__(self, trial, role, screen):
        self.visitor = trial.visitor(role, screen)
        self.role = role
        self.waiting, self.seen = ["/"], {"/"}
        self.kinds, self.shown = {}, set()
        # The pages of each fault, for most are on several, and what it was about on the first of them.
        self.faults = {}

    def go(self):
        while self.waiting and len(self.shown) < MOST_PAGES:
            path = self.waiting.pop(0)
            if self._is_new_kind(path) and not self._is_file(path):
                self._look_at(path)

    def lines(self):
        for fault, (pages, example) in self.faults.items():
            more = f" and {len(pages) - 3} more" if len(pages) > 3 else ""
            yield f"{fault} — on {', '.join(pages[:3])}{more}" + (f": {example}" if example else "")

    def _is_new_kind(self, path):
        is_new = all(self.kinds.get(kind, 0) < most for kind, most in kinds(path))
        for kind, _ in kinds(path) if is_new else ():
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        return is_new

    def _is_file(self, path):
        """Whether a browser would save what is there; then it is asked for and not visited."""
        if "." not in path.partition("?")[0].rpartition("/")[2]:
            return False
        answer = self.visitor.context.request.get(path)
        if not answer.ok:
            self._note(f"a link leads here, which answers {answer.status}", path)
        return True

    def _look_at(self, path):
        status = self.visitor.visit(path)
        # Where a page leads on to another, that one may have been seen.
        if self.visitor.page.url in self.shown:
            return
        if status >= 400:
            self._note(f"a link leads here, which answers {status}", path)
        self.shown.add(self.visitor.page.url)
        for fault in self.visitor.faults(f"{self.role or 'anybody'} {path}"):
            self._note(fault, path)
        fresh = [link for link in self.visitor.links() if link not in self.seen]
        self.seen.update(fresh)
        self.waiting += fresh

    def _note(self, fault, path):
        what, _, example = fault.partition(" — ")
        self.faults.setdefault(what, ([], example))[0].append(path)


def walk(trial, role, screen):
    way = Walk(trial, role, screen)
    way.go()
    assert not way.faults, "\n".join(way.lines())


for each_role in (None, *Accounts.ROLES):
    for each_screen in (DESK, PHONE):
        check(f"Every page that {each_role or 'anybody'} can reach is sound on a {each_screen.name}",
              each_role, each_screen)(walk)

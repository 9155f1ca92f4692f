"""What people look at the pages with."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Screen:
    """A size in CSS pixels, and whether fingers touch it."""

    name: str
    width: int
    height: int
    is_phone: bool = False

    def context_options(self):
        """What Playwright's browser contexts are told of it."""
        size = {"width": self.width, "height": self.height}
        return {"viewport": size, "screen": size, "is_mobile": self.is_phone, "has_touch": self.is_phone}


PHONE = Screen("phone", 360, 800, is_phone=True)
DESK = Screen("desk", 1280, 900)
WALL = Screen("wall", 1920, 1080)

"""What the shells know about the request."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from jianguan.platform.accounts.service import Actor
from jianguan.platform.accounts.sessions import actor_of
from jianguan.platform.notices import service as notices
from jianguan.platform.regions import service as regions
from jianguan.platform.web import menus, toasts
from jianguan.platform.web.menus import MenuSection, Shell
from jianguan.platform.web.toasts import Toast


class Frame:
    """Everything around the content. Read when a template asks, so that a part of a page costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def theme(self) -> str:
        return "dark" if self._request.COOKIES.get("theme") == "dark" else "light"

    @cached_property
    def size(self) -> str:
        return "large" if self._request.COOKIES.get("size") == "large" else "normal"

    @property
    def single_keys(self) -> bool:
        """Whether single letters do something; a person may switch them off (WCAG 2.1.4)."""
        return self._request.COOKIES.get("single_keys") != "off"

    @cached_property
    def actor(self) -> Actor | None:
        return actor_of(self._request) if hasattr(self._request, "user") else None

    @cached_property
    def unread(self) -> int:
        """Unread messages of the person, counted to 100."""
        return notices.unread(self.actor) if self.actor else 0

    @cached_property
    def province(self) -> str:
        """Name of the province this installation serves; empty while its places are not loaded."""
        code = f"{settings.ENVIRONMENT.province}0000"
        return regions.name(code) if regions.exists(code) else ""

    @property
    def demonstration(self) -> bool:
        return bool(settings.ENVIRONMENT.mode == "demo")

    @property
    def shell(self) -> str:
        """Template of the shell that fits the person."""
        if self.actor is None:
            return "web/public.html"
        return "web/enterprise.html" if self.actor.is_enterprise else "web/officer.html"

    @cached_property
    def officer_menu(self) -> list[MenuSection]:
        return menus.menu(Shell.OFFICER, self.actor, self._request.path)

    @property
    def shortcuts(self) -> list[MenuSection]:
        return menus.menu(Shell.SHORTCUTS, self.actor, self._request.path)

    @property
    def enterprise_tabs(self) -> list[MenuSection]:
        return menus.menu(Shell.ENTERPRISE, self.actor, self._request.path)

    @property
    def public_links(self) -> list[MenuSection]:
        return menus.menu(Shell.PUBLIC, self.actor, self._request.path)

    @cached_property
    def home(self) -> str:
        """Where the brand leads: the person's home, or the portal."""
        return (self.actor and menus.address("home")) or "/"

    @cached_property
    def search(self) -> str | None:
        """The page behind the search box of officers, once a room has one under the name `search`."""
        return menus.address("search")

    @cached_property
    def inbox(self) -> str | None:
        """The list of messages, once a room has one under the name `inbox`."""
        return menus.address("inbox")

    @cached_property
    def toast(self) -> Toast | None:
        """A word an earlier answer left for this page."""
        return toasts.waiting(self._request)


def page(request: HttpRequest) -> dict[str, object]:
    """Template variable `frame`, for the shells."""
    return {"frame": Frame(request)}

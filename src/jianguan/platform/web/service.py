"""The door of the web: what other rooms build their pages with."""

from jianguan.platform.web import entry
from jianguan.platform.web.components import (
    Check,
    Event,
    Field,
    Figure,
    Filter,
    Material,
    Mistake,
    Outcome,
    Step,
    Tab,
)
from jianguan.platform.web.history import history
from jianguan.platform.web.menus import (
    BUSINESS,
    CONFIGURATION,
    DECISIONS,
    LIBRARIES,
    PORTAL,
    SHORTCUTS,
    SITES,
    TABS,
    WORKBENCH,
    MenuEntry,
    permitted,
    register,
)
from jianguan.platform.web.messages import say, words
from jianguan.platform.web.moments import day, moment, moment_in_full
from jianguan.platform.web.pagination import CappedCount, Page, capped_count, paginate
from jianguan.platform.web.partials import is_htmx, render_either, wants_part
from jianguan.platform.web.places import place_filter, place_options, place_prefix
from jianguan.platform.web.posted import posted_id
from jianguan.platform.web.templatetags.web import tag
from jianguan.platform.web.toasts import toast

__all__ = [
    "BUSINESS", "CONFIGURATION", "DECISIONS", "LIBRARIES", "PORTAL", "SHORTCUTS", "SITES", "TABS", "WORKBENCH",
    "CappedCount", "Check", "Event", "Field", "Figure", "Filter", "Material", "MenuEntry", "Mistake",
    "Outcome", "Page", "Step", "Tab", "capped_count", "day", "entry", "history", "is_htmx", "moment", "moment_in_full", "paginate",
    "permitted", "place_filter", "place_options", "place_prefix", "posted_id", "register", "render_either", "say", "tag", "toast",
    "wants_part", "words",
]  # fmt: skip

"""Names of permissions, and explanations with names instead of codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.messages import Message
from jianguan.platform.accounts import queries
from jianguan.platform.accounts.rules import Explanation
from jianguan.platform.regions import service as regions

PERMISSIONS: Mapping[str, Promise] = MappingProxyType(
    {
        "case.read": _("see cases"),
        "case.apply": _("apply for one's enterprise"),
        "registry.read": _("see the libraries"),
        "registry.write": _("change the libraries"),
        "person.unmask": _("see identity numbers in full"),
        "certificate.read": _("see the ledger of certificates"),
        "certificate.decide": _("revoke, cancel, suspend certificates"),
        "certificate.seal": _("confirm the use of the seal"),
        "objection.answer": _("answer objections"),
        "oversight.read": _("see supervision files"),
        "oversight.assign": _("assign supervisors"),
        "pack.read": _("see how matters are defined"),
        "pack.write": _("propose versions of matters"),
        "pack.publish": _("publish versions of matters"),
        "journal.read": _("read the audit log"),
        "grant.manage": _("give and end roles"),
        "work.direct": _("distribute and supervise work"),
    }
)


def in_words(explanation: Explanation) -> list[Message]:
    """The sentences of an explanation with the names of roles, places and permissions in the reader's language."""
    return [_named(line) for line in explanation.lines]


def _named(line: Message) -> Message:
    return Message(line.template, {key: _NAMES.get(key, _same)(value) for key, value in line.params.items()})


def _same(value: object) -> object:
    return value


def _place(prefix: object) -> object:
    return regions.jurisdiction_name("" if prefix == "*" else str(prefix))


def _places(prefixes: object) -> object:
    return " · ".join(str(_place(prefix)) for prefix in str(prefixes).split(", "))


def _role(code: object) -> object:
    return queries.role_names().get(str(code), code)


def _wanted(code: object) -> object:
    return f"“{PERMISSIONS[str(code)] if code in PERMISSIONS else _role(code)}”"


_NAMES: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {"role": _role, "prefix": _place, "region": _place, "held": _places, "wanted": _wanted}
)

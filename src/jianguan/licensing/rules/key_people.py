"""Facts about key people: registration, certificates, whether they are free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jianguan.kernel.messages import message
from jianguan.licensing.rules.finding import Application, Finding, fact
from jianguan.registry.people import service as people
from jianguan.registry.people.service import Person
from jianguan.registry.projects import service as projects

PROJECT_MANAGER, CHIEF_SUPERVISOR, SAFETY_OFFICER = "1009", "1001", "1018"
BUILDER, SUPERVISING_ENGINEER = ("13", "14"), ("15",)


def _staff(application: Application, post: str) -> list[Mapping[str, Any]]:
    return [row for row in application.rows("staff") if row.get("post") == post]


def _person(application: Application, row: Mapping[str, Any]) -> Person | None:
    return application.ask(people.by_identity, str(row.get("identity") or ""))


def _registration(application: Application, post: str, types: tuple[str, ...]) -> Finding:
    """Whether the holder of a post is registered, and with the unit that sends them."""
    rows = _staff(application, post)
    if not rows:
        return Finding("missing", message("Nobody was named for this post."))
    person = _person(application, rows[0])
    held = [r for r in people.registrations_on(person.id, application.day) if r.type in types] if person else []
    if not held:
        return Finding(
            "missing", message("The library has no registration in force for %(name)s.", name=rows[0].get("name", ""))
        )
    own = next((r for r in held if r.enterprise_uscc == rows[0].get("uscc")), None)
    shown = own or held[0]
    says = message(
        "%(name)s, registration %(number)s, valid until %(until)s.",
        name=rows[0].get("name", ""),
        number=shown.number,
        until=shown.valid_until or "—",
    )
    return Finding("valid" if own else "other_enterprise", says)


@fact("text", "valid", "other_enterprise", "missing", answers=["staff"])
def manager_registration(application: Application) -> Finding:
    """注册建造师: is the project manager registered with the contractor."""
    return _registration(application, PROJECT_MANAGER, BUILDER)


@fact("text", "valid", "other_enterprise", "missing", answers=["staff"])
def chief_supervisor_registration(application: Application) -> Finding:
    """注册监理工程师: is the chief supervising engineer registered with the supervising unit."""
    return _registration(application, CHIEF_SUPERVISOR, SUPERVISING_ENGINEER)


@fact("boolean", answers=["staff"])
def manager_safety_certificate(application: Application) -> Finding:
    """Whether the project manager has a safety certificate B 安全生产考核合格证书（B 类）."""
    rows = _staff(application, PROJECT_MANAGER)
    person = _person(application, rows[0]) if rows else None
    held = [c for c in people.post_certificates_on(person.id, application.day) if c.category == "B"] if person else []
    if not held:
        return Finding(False, message("The library has no safety certificate B in force for the project manager."))
    return Finding(
        True, message("%(number)s, valid until %(until)s.", number=held[0].number, until=held[0].valid_until)
    )


@fact("boolean", answers=["staff"])
def manager_free(application: Application) -> Finding:
    """Whether the project manager holds no such post on another project 在建锁定."""
    rows = _staff(application, PROJECT_MANAGER)
    person = _person(application, rows[0]) if rows else None
    held = projects.posts_held([person.id], PROJECT_MANAGER, application.day) if person else {}
    if not person or person.id not in held:
        return Finding(True, message("No other project under construction."))
    post = held[person.id]
    says = message(
        "%(name)s is project manager of %(project)s since %(day)s.",
        name=post.person_name,
        project=post.project.name,
        day=post.valid_from,
    )
    return Finding(False, says)

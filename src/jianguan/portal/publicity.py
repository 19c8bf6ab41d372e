"""What is public of enterprises, people and projects 公示页. Identity numbers, telephones and births never are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.errors import NotFound
from jianguan.platform.web.service import paginate
from jianguan.portal import face
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import KeyPost, Participation, PermittedWorks, Tree
from jianguan.sites.oversight import service as oversight
from jianguan.sites.oversight.service import SupervisionFile

HELD = 20  # newest certificates shown of a holder


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that takes part, with its key people."""

    participation: Participation
    posts: list[KeyPost]


@dataclass(frozen=True, slots=True)
class Permit:
    """Permitted works with who builds them and under which numbers they are supervised."""

    works: PermittedWorks
    units: list[Unit]
    supervision: SupervisionFile | None


def enterprise(request: HttpRequest, uscc: str) -> HttpResponse:
    """An enterprise: name, code, qualifications, safety licence, certificates held, track record."""
    found = enterprises.by_uscc(uscc)
    if found is None:
        raise NotFound
    today = clock.today()
    context = {
        "enterprise": found,
        "former_names": enterprises.papers(found).former_names,
        "qualifications": enterprises.qualifications_on(uscc, today),
        "licence": enterprises.safety_licence_on(uscc, today),
        "held": [(c, *face.standing(c)) for c in certificates.current().filter(holder_uscc=uscc)[:HELD]],
        "rows": paginate(request, projects.track_record(uscc), "-id"),
    }
    return render(request, "portal/enterprise.html", context)


def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A person: name, registrations, certificates, present posts, track record."""
    found = people.by_id(person_id)
    if found is None:
        raise NotFound
    today = clock.today()
    registrations = people.registrations_on(person_id, today)
    certified = people.post_certificates_on(person_id, today)
    posts = [post for post in projects.posts_now([person_id]).get(person_id, []) if post.permitted_works_id]
    built = projects.built_by(person_id)
    units = [one.enterprise_uscc for rows in (registrations, certified, posts, built) for one in rows]
    names = enterprises.names([found.employer_uscc, *units])
    context = {
        "person": found,
        "employer": names.get(found.employer_uscc, ""),
        "registrations": [(row, names.get(row.enterprise_uscc, "")) for row in registrations],
        "certified": [(row, names.get(row.enterprise_uscc, "")) for row in certified],
        "posts": [(row, names.get(row.enterprise_uscc, "")) for row in posts],
        "built": [(row, names.get(row.enterprise_uscc, "")) for row in built],
    }
    return render(request, "portal/person.html", context)


def project(request: HttpRequest, code: str) -> HttpResponse:
    """A project: its works, in which section and under which permit; units, key people, supervision numbers."""
    found = projects.public().filter(code=code).first()
    if found is None:
        raise NotFound
    tree = projects.tree(found)
    permits = permits_of(tree)
    standing = matters.line_standing(found.id)
    steps = [(line, matters.line_steps(links)) for line, links in standing]
    branches = projects.branches(tree.works, tree.through)
    context = {"project": found, "branches": branches, "permits": permits, "known": known(permits), "lines": steps}
    return render(request, "portal/project.html", context)


def permits_of(tree: Tree) -> list[Permit]:
    """The permits of a project, each with its units and supervision file."""
    files = {file.permit_number: file for file in oversight.file_of(tree.project.id)}
    return [Permit(works, _units(tree, works), files.get(works.permit_number)) for works in tree.permitted]


def _units(tree: Tree, works: PermittedWorks) -> list[Unit]:
    """Who takes part now, or took part until the works were completed."""
    posts: dict[str, list[KeyPost]] = {}
    for post in tree.key_posts:
        if post.permitted_works_id == works.pk and post.valid_until == works.completed_on:
            posts.setdefault(post.enterprise_uscc, []).append(post)
    return [
        Unit(row, posts.get(row.enterprise_uscc, []))
        for row in tree.participations
        if row.permitted_works_id == works.pk and row.valid_until == works.completed_on
    ]


def known(permits: Iterable[Permit]) -> set[str]:
    """Credit codes of the units that have a page of their own."""
    return set(enterprises.names([unit.participation.enterprise_uscc for permit in permits for unit in permit.units]))

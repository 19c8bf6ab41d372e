"""Loading the demonstration: everything is entered by the people of the demonstration, through the real actions."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from jianguan.config.demonstration import WORLD
from jianguan.config.demonstration.numbers import AUTHORITY, ENTERPRISE, identity, investment, uscc
from jianguan.config.packs_folder import pack_folders, shipped_packs
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Account, Actor, Organisation
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.regions import service as regions
from jianguan.platform.workdays import service as workdays
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

ROLES = Path(__file__).parents[1] / "data" / "roles.yaml"
BEFORE = timedelta(days=80)  # keys and records are older than the oldest case
log = logging.getLogger(__name__)


@dataclass(slots=True)
class World:
    """What was loaded, by the keys of the file."""

    document: Mapping[str, Any]
    organisations: dict[str, Organisation] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    enterprises: dict[str, str] = field(default_factory=dict)  # key → credit code
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    projects: dict[str, UUID] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        return accounts.actor_by_username(username)


def load_basics() -> None:
    """What every installation needs: places, calendar, dictionaries, roles, keys, published packs."""
    regions.load()
    workdays.load(workdays.shipped().known_until.year)
    dictionaries.load()
    accounts.load_roles(ROLES)
    certificates.prepare_authority()
    for folder in pack_folders(shipped_packs()):
        matters.publish(matters.from_directory(folder), date(2026, 1, 1))


def load_people_and_projects() -> World:
    """Organisations, accounts, the three libraries."""
    world = World(yaml.safe_load(WORLD.read_text()))
    _organisations(world)
    _accounts(world)
    registrar = world.actor("registrar")
    _enterprises(world, registrar)
    _people(world, registrar)
    _projects(world, registrar)
    return world


def long_ago() -> datetime:
    """An instant before everything the demonstration tells."""
    return clock.now() - BEFORE


def _organisations(world: World) -> None:
    for number, row in enumerate(world.document["organisations"], start=1):
        organisation = Organisation.objects.create(
            kind=row["kind"], name=row["zh"], name_en=row["en"], region=row["region"],
            uscc=uscc(AUTHORITY, row["region"], number),
        )  # fmt: skip
        world.organisations[row["key"]] = organisation
        if row["kind"] == "authority":
            certificates.prepare_seal(organisation)
    for number, row in enumerate(world.document["enterprises"], start=1):
        code = uscc(ENTERPRISE, row["region"], number)
        world.enterprises[row["key"]] = code
        if row.get("account"):
            world.organisations[row["key"]] = Organisation.objects.create(
                kind="enterprise", name=row["zh"], region=row["region"], uscc=code
            )


def _accounts(world: World) -> None:
    password = world.document["password"]
    for row in world.document["accounts"]:
        organisation = world.organisations[row["at"]]
        account = accounts.open_account(organisation, row["username"], row["name"], password, row["position"])
        for role in (row["role"], *row.get("also", [])):
            accounts.grant_at_installation(account, role, row.get("prefix", organisation.region))
        world.accounts[row["username"]] = account


def _enterprises(world: World, registrar: Actor) -> None:
    for number, row in enumerate(world.document["enterprises"], start=1):
        done = enterprises.register_enterprise(
            registrar,
            enterprises.RegisterEnterprise(
                new_command_id(), world.enterprises[row["key"]], row["zh"], row["region"],
                address=regions.full_name(row["region"]), legal_representative=row["legal"],
                established_on=date(2008, 3, 1) + timedelta(days=97 * number),
                registered_capital=Decimal(row["capital"]), roles=tuple(row["roles"]),
            ),
        )  # fmt: skip
        enterprise_id = UUID(done.id)
        if "qualification" in row:
            _qualify(registrar, enterprise_id, row["qualification"], number)
        if row.get("licence"):
            enterprises.record_safety_licence(
                registrar,
                enterprises.RecordSafetyLicence(
                    new_command_id(),
                    enterprise_id,
                    f"（琼）JZ安许证字〔2024〕{number:06d}",
                    date(2024, 5, 6),
                    date(2027, 5, 5),
                ),
            )


def _qualify(registrar: Actor, enterprise_id: UUID, qualification: Mapping[str, str], number: int) -> None:
    enterprises.record_qualification(
        registrar,
        enterprises.RecordQualification(
            new_command_id(), enterprise_id, f"D2460{number:05d}", qualification["category"], qualification["grade"],
            "海南省示例住房和城乡建设厅", date(2023, 12, 28), date(2028, 12, 27),
        ),
    )  # fmt: skip


def _people(world: World, registrar: Actor) -> None:
    for number, row in enumerate(world.document["people"], start=1):
        born, employer = row["born"], world.enterprises[row["at"]]
        person = {
            "name": row["name"],
            "identity": identity(born, 100 + number),
            "phone": f"1390000{number:04d}",
            "uscc": employer,
        }
        done = people.register_person(
            registrar,
            people.RegisterPerson(
                new_command_id(),
                row["name"],
                person["identity"],
                "460000",
                phone=person["phone"],
                employer_uscc=employer,
            ),
        )
        person["id"] = done.id
        if "registration" in row:
            person["certificate"] = f"琼{1 if row['registration'] == '13' else 2}4620{21:02d}{number:05d}"
            people.record_registration(
                registrar,
                people.RecordRegistration(
                    new_command_id(), UUID(done.id), row["registration"], person["certificate"], ("建筑工程",), employer,
                    date(2024, 1, 15), date(2028, 1, 14),
                ),
            )  # fmt: skip
        if "certificate" in row:
            certificate = f"琼建安{row['certificate']}(2024){number:07d}"
            person.setdefault("certificate", certificate)
            people.record_post_certificate(
                registrar,
                people.RecordPostCertificate(
                    new_command_id(),
                    UUID(done.id),
                    row["certificate"],
                    certificate,
                    employer,
                    date(2024, 3, 1),
                    date(2027, 2, 28),
                ),
            )
        world.people[row["key"]] = person


def _projects(world: World, registrar: Actor) -> None:
    for number, row in enumerate(world.document["projects"], start=1):
        add_project(world, registrar, number, row)


def add_project(world: World, registrar: Actor, number: int, row: Mapping[str, Any]) -> None:
    """Register a project with its works, its section and the records of earlier procedures; `number` is its own."""
    done = projects.register_project(
        registrar,
        projects.RegisterProject(
            new_command_id(), row["zh"], row.get("type", "01"), row.get("nature", "001"), row["use"], row["region"],
            row["address"], world.enterprises[row["owner"]], Decimal(row["investment"]),
            investment_code=investment(number % 9 + 1, row["region"], 38620 + number),
            total_area=_number(row.get("area")), total_length=_number(row.get("length")), scale=row["scale"],
            fund_source="03",
        ),
    )  # fmt: skip
    project_id = UUID(done.id)
    world.projects[row["key"]] = project_id
    works = [_works(registrar, project_id, item) for item in row["works"]]
    projects.form_section(registrar, projects.FormSection(new_command_id(), project_id, "施工一标段", tuple(works)))
    _records(world, registrar, project_id, done.code, number, row)


def _works(registrar: Actor, project_id: UUID, item: Mapping[str, Any]) -> UUID:
    done = projects.add_works(
        registrar,
        projects.AddWorks(
            new_command_id(), project_id, item["zh"], structure=item.get("structure", "005"),
            area_above=_number(item.get("above")), area_below=_number(item.get("below")), floors_above=item.get("floors"),
            floors_below=item.get("floors_below"), height=_number(item.get("height")), length=_number(item.get("length")),
        ),
    )  # fmt: skip
    return UUID(done.id)


def _records(world: World, registrar: Actor, project_id: UUID, code: str, number: int, row: Mapping[str, Any]) -> None:
    """What earlier procedures left behind."""
    price = next(
        (case["price"] for case in world.document["cases"] if case["project"] == row["key"] and "price" in case), None
    )
    day = clock.today()
    for kind, text, data in (
        ("land", f"琼({day.year})海口市不动产权第{20000 + number:07d}号", {}),
        ("planning", f"建字第{row['region'][:6]}{day.year}{number:05d}号", {}),
        ("drawing_review", f"琼Z-{386200 + number:06d}-1-{day.year}", {"violations": 0}),
        ("award_notice", f"{code}-BD-001", {"price": str(price) if price else None}),
        ("contract", f"{code}-HZ-001", {}),
    ):
        projects.record_stage(registrar, projects.RecordStage(new_command_id(), project_id, kind, text, day, data=data))


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a legal day."""
    return datetime.combine(day, time(hour, minute), clock.LEGAL_ZONE)

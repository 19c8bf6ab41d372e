"""A matter as data: what a pack says, in the words of the product.

A pack is a folder of files, or the same files out of the database:

    matter.yaml          names, legal basis, limits, materials, what is asked at each step, certificate
    form.schema.json     the form (licensing.forms)
    process.bpmn         the process (kernel.process)
    rules/*.table.json   decision tables (kernel.tables)
    certificate.typ      certificate template, where the product has none of the certificate's key
    tests/*.yaml         scenarios (scenarios.py)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jianguan.kernel.clock import Limit
from jianguan.kernel.process import Net
from jianguan.kernel.tables import Localized, Table
from jianguan.licensing.forms.service import Form
from jianguan.licensing.promises.service import Terms
from jianguan.licensing.rules.service import Derivation


@dataclass(frozen=True, slots=True)
class MatterLimit:
    """A time limit of the matter, what it rests on and how sure we are of it."""

    limit: Limit
    basis: Localized
    confidence: str


@dataclass(frozen=True, slots=True)
class Material:
    """A document asked for 申请材料.

    Attributes:
        source: `upload` by the applicant, `shared` if the project library has the record (then nobody uploads it),
            `commitment` made by submitting.
        record: kind of stage record that makes it shared.
        when: answers of the form, each one or a list, under which it is asked for.
    """

    key: str
    name: Localized
    source: str
    record: str
    required: bool
    when: Mapping[str, Any]

    def applies(self, record: Mapping[str, Any]) -> bool:
        """Whether the answers given ask for this document."""
        wanted = {key: value if isinstance(value, list) else [value] for key, value in self.when.items()}
        return all(record.get(key) in values for key, values in wanted.items())


@dataclass(frozen=True, slots=True)
class Assigns:
    """For what a step names people (such as supervising quality), and which role they must hold."""

    purpose: str
    role: str


@dataclass(frozen=True, slots=True)
class ActForm:
    """What the handling panel of a step shows: its title, suggested words, whom it names."""

    title: Localized
    phrases: tuple[Localized, ...]
    assigns: Assigns | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A way to finish a step: its label, its tone, what it needs besides, and the word for it afterwards."""

    code: str
    label: Localized
    tone: str
    needs: str
    done: Localized


@dataclass(frozen=True, slots=True)
class Clause(Localized):
    """A clause a refusal may rest on; of `outcomes` only, or of any where it names none."""

    outcomes: tuple[str, ...] = ()

    def fits(self, outcome: str) -> bool:
        """Whether an outcome may rest on it."""
        return not self.outcomes or outcome in self.outcomes


@dataclass(frozen=True, slots=True)
class CertificateForm:
    """What the certificate of the matter is called and says.

    Attributes:
        template: the design it is printed by; that of its own key where none is named.
        number, document: formats of its number and of the number written on the paper 文号 (`numbers.py`); empty where
            an effect gives the number, or the paper shows no other.
        years: how long it is valid; None: without end, or until the day the answer `until` says.
        holders: answers with the credit codes of those in whose wallet it stands besides.
    """

    key: str
    name: Localized
    type_code: str
    template: str
    number: str
    document: str
    years: int | None
    until: str
    holders: tuple[str, ...]
    statement: Localized
    notes: tuple[Localized, ...]
    face: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a matter is applied for.

    Attributes:
        kind: a `project`, the `enterprise` itself, a `person` it employs, or a `certificate` it holds.
        by: who may apply for a project: its `owner`, or any `participant`. For a certificate: who holds it, or with
            `number` also who names its number, its holder and their identity number (`naming.py`).
        certificates: kinds of certificates the matter is about.
        told_apart_by: answers of the form that tell two applications of the same applicant apart; one may be open each.
        title: the answer that names the application; what it is applied for names it where that is empty.
        region: the answer that says which place decides; otherwise what it is applied for says it.
    """

    kind: str
    by: str
    certificates: frozenset[str]
    told_apart_by: tuple[str, ...]
    title: str
    region: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What a matter 事项 is called, rests on and asks for.

    Attributes:
        statutory: the limit the law sets, where it sets one.
        level: where it is decided: the `place` of what it is about, or the `province`.
        derive: values its tables derive from the answers, by name.
        effects: what the effects of its process need to know, by their code (`effects.py`).
        clock: the event its limits run from: `receipt` of the application or its `acceptance`.
        promise: what may be promised 告知承诺 instead of being proved; `promised_by_promise`: the shorter time promised then.
        corrections: how many times correction may be asked for (一次性告知: once).
    """

    key: str
    version: int
    name: Localized
    short: Localized
    group: str
    group_name: Localized
    icon: str
    kind: Localized
    applicant: Localized
    authority: Localized
    number_prefix: str
    level: str
    subject: Subject
    fee: Localized
    basis: tuple[Localized, ...]
    summary: Localized
    statutory: MatterLimit | None
    promised: MatterLimit
    clock: str
    corrections: int
    materials: tuple[Material, ...]
    acts: Mapping[str, ActForm]
    outcomes: Mapping[str, Outcome]
    clauses: tuple[Clause, ...]
    derive: Mapping[str, Derivation]
    effects: Mapping[str, Mapping[str, Any]]
    certificate: CertificateForm | None
    promise: Terms | None = None
    promised_by_promise: MatterLimit | None = None

    @property
    def limits(self) -> tuple[MatterLimit, ...]:
        """What the law allows, where it sets a limit, and what is promised."""
        return (self.statutory, self.promised) if self.statutory else (self.promised,)

    def promised_to(self, *, by_promise: bool) -> MatterLimit:
        """The limit promised to an application, shorter where it is made by promise."""
        return (by_promise and self.promised_by_promise) or self.promised


@dataclass(frozen=True, slots=True)
class Pack:
    """A matter with its form, process, tables and scenarios; `digest` identifies exactly these files."""

    matter: Matter
    form: Form
    net: Net
    tables: Mapping[str, Table]
    files: Mapping[str, bytes]
    digest: str

    @property
    def definition(self) -> str:
        """Name of this version: `construction_permit/1`."""
        return f"{self.matter.key}/{self.matter.version}"


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and contents of a pack's files."""
    listing = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return hashlib.sha256(json.dumps(listing, sort_keys=True).encode()).hexdigest()

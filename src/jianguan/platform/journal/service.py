"""The journal's door: record facts, read them, react to them, prove and audit them."""

from jianguan.platform.journal.audit import Audit, audit
from jianguan.platform.journal.keys import verifier_key
from jianguan.platform.journal.models import Entry, TreeHead
from jianguan.platform.journal.queries import (
    Fact,
    InclusionProof,
    about,
    all_heads,
    consistency,
    data_of,
    facts,
    head,
    heads,
    inclusion,
    text,
    tile,
    visible,
)
from jianguan.platform.journal.reactions import reaction, run_all, standings
from jianguan.platform.journal.sequencing import CHANNEL, current_size, sequence
from jianguan.platform.journal.writing import SYSTEM, Acting, Kind, Subject, System, kind, kind_name, record

__all__ = [
    "CHANNEL", "SYSTEM", "Acting", "Audit", "Entry", "Fact", "InclusionProof", "Kind", "Subject", "System", "TreeHead", "about", "all_heads", "audit",
    "consistency", "current_size", "data_of", "facts", "head", "heads", "inclusion", "kind", "kind_name", "reaction", "record",
    "run_all", "sequence", "standings", "text", "tile", "verifier_key", "visible",
]  # fmt: skip

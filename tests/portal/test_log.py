"""A stranger checks the log with nothing but the published addresses."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from uuid6 import uuid7

from jianguan.kernel.transparency import tiles
from jianguan.kernel.transparency.checkpoint import VerifierKey, verify
from jianguan.kernel.transparency.merkle import HASH_SIZE, leaf_hash, verify_consistency, verify_inclusion
from jianguan.kernel.transparency.tiles import WIDTH, RootAccumulator, Tile
from jianguan.licensing.certificates import facts
from jianguan.licensing.certificates.models import Certificate
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.service import SYSTEM, Subject

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


class Stranger:
    """Someone with a web client: everything comes through public addresses."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, address: str) -> bytes:
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return answer.content

    def json(self, address: str):
        return json.loads(self.get(address))

    @property
    def key(self) -> VerifierKey:
        return VerifierKey.parse(self.json("/log/heads.json")["key"])

    def head(self):
        return verify(self.get("/log/checkpoint").decode(), self.key)


class PublishedTiles:
    """The tiles of a log of some size, as they are published."""

    def __init__(self, stranger: Stranger, size: int) -> None:
        self.stranger, self.size = stranger, size

    def get(self, level: int, index: int) -> bytes:
        width = min(WIDTH, (self.size >> (tiles.HEIGHT * level)) - index * WIDTH)
        return self.stranger.get(f"/log/{Tile(level, index, width).path}") if width > 0 else b""


@pytest.fixture
def stranger(client: Client) -> Stranger:
    return Stranger(client)


@pytest.fixture
def grown(permit: Certificate) -> None:
    """The log beyond its first full tile."""
    with transaction.atomic():
        for _ in range(WIDTH):
            journal.record(facts.STATUS_CHANGED, Subject("certificate", uuid7(), "460105"), SYSTEM, {"number": "x"})
    journal.sequence()


def b64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def test_the_signed_root_follows_from_the_published_tiles(stranger: Stranger, grown: None):
    head = stranger.head()
    published, tree = PublishedTiles(stranger, head.size), RootAccumulator()
    for index in range(-(-head.size // WIDTH)):
        leaves = published.get(0, index)
        tree.extend(leaves[at : at + HASH_SIZE] for at in range(0, len(leaves), HASH_SIZE))
    assert tree.size == head.size > WIDTH
    assert tree.root() == head.root
    assert tiles.root(published, head.size) == head.root  # by way of the upper levels


def test_a_certificate_stands_in_the_log_with_its_file(stranger: Stranger, permit: Certificate):
    proof, head = stranger.json(f"/log/proof/{permit.entry_id}.json"), stranger.head()
    leaf = leaf_hash(proof["text"].encode())
    assert leaf == b64(proof["leaf"])
    assert json.loads(proof["text"])["documents"] == [permit.sha256]
    hashes = [b64(one) for one in proof["hashes"]]
    assert verify(proof["checkpoint"], stranger.key) == head
    assert (proof["size"], b64(proof["root"])) == (head.size, head.root)
    assert verify_inclusion(leaf, proof["position"], head.size, hashes, head.root)


def test_every_later_head_extends_every_earlier_one(stranger: Stranger, grown: None):
    heads = stranger.json("/log/heads.json")["heads"]
    newest = verify(heads[-1]["checkpoint"], stranger.key)
    assert newest == stranger.head()
    for head in heads:
        old = verify(head["checkpoint"], stranger.key)
        told = stranger.json(f"/log/consistency.json?from={old.size}&to={newest.size}")
        hashes = [b64(one) for one in told["hashes"]]
        assert verify_consistency(old.size, newest.size, old.root, newest.root, hashes)
    assert stranger.json(f"/log/consistency.json?from={newest.size}")["hashes"] == []


def test_the_feed_brings_heads_out_of_the_house(stranger: Stranger, permit: Certificate):
    feed = ET.fromstring(stranger.get("/log/heads.atom"))
    entries = feed.findall(f"{ATOM}entry")
    newest = verify(entries[0].findtext(f"{ATOM}summary"), stranger.key)
    assert newest == stranger.head()
    address = entries[0].find(f"{ATOM}link").attrib["href"].removeprefix("http://testserver")
    assert verify(stranger.get(address).decode(), stranger.key) == newest


def test_the_export_goes_on_where_it_stopped(stranger: Stranger, permit: Certificate, monkeypatch):
    everything = stranger.json("/log/heads.json")
    assert everything["next"] is None
    monkeypatch.setattr("jianguan.portal.machine.PAGE", 2)
    collected, address = [], "/log/heads.json"
    while address:
        page = stranger.json(address)
        collected += page["heads"]
        address = page["next"]
    assert collected == everything["heads"]


def test_tiles_never_change_and_heads_do(client: Client, permit: Certificate):
    tile = client.get("/log/tile/0/000.p/5")
    assert "immutable" in tile["Cache-Control"]
    assert tile["Content-Type"] == "application/octet-stream"
    assert len(tile.content) == 5 * HASH_SIZE
    head = client.get("/log/checkpoint")
    assert head["Cache-Control"] == "public, max-age=5"
    assert head["Content-Type"] == "text/plain; charset=utf-8"
    assert head["Access-Control-Allow-Origin"] == "*"


def test_a_full_tile_can_still_be_had_in_part(stranger: Stranger, grown: None):
    assert stranger.get("/log/tile/0/000").startswith(stranger.get("/log/tile/0/000.p/17"))


@pytest.mark.parametrize(
    "address",
    [
        "tile/0/000.p/256", "tile/0/0", "tile/0/x000/000", "tile/1/000", "tile/0/999", "tile/64/000", "tile/0/000.p/0",
        "tile/entries/000", "tile/", "tile/0/x999/x999/x999/x999/x999/999", "checkpoint/1000000", "checkpoint/99999999999999999999",
        "proof/00000000-0000-0000-0000-000000000000.json", "proof/x.json",
    ],
)  # fmt: skip
def test_what_is_not_published_is_not_found(client: Client, permit: Certificate, address: str):
    assert client.get(f"/log/{address}").status_code == 404


@pytest.mark.parametrize(
    "asked", ["", "from=0", "from=9&to=3", "from=1&to=999999", "from=x", "from=-1", "from=²", "from=1&to=x"]
)
def test_sizes_that_lead_nowhere_are_refused_with_a_sentence(client: Client, permit: Certificate, asked: str):
    answer = client.get(f"/log/consistency.json?{asked}")
    assert answer.status_code == 400
    assert answer.json()["error"]


# --- the page


def test_an_entry_is_looked_up_by_certificate_or_id(client: Client, permit: Certificate):
    for wanted in (permit.number, permit.national_number, str(permit.entry_id)):
        page = client.get("/log/", {"entry": wanted})
        assert page.context["entry"].good
        assert permit.sha256 in page.text
    assert client.get("/log/", {"entry": "nothing"}).context["entry"] is None
    assert client.get("/log/", {"entry": str(uuid7())}).context["entry"] is None


def test_the_text_of_other_entries_stays_in_the_house(client: Client, stranger: Stranger, permit: Certificate):
    entry = journal.about("case", permit.case_id).first()
    assert client.get("/log/", {"entry": str(entry.id)}).context["entry"].good
    assert stranger.json(f"/log/proof/{entry.id}.json")["text"] is None


def test_an_entry_without_a_place_yet_says_so(client: Client, permit: Certificate):
    with transaction.atomic():
        entry = journal.record(facts.ISSUED, Subject("certificate", uuid7(), "460105"), SYSTEM, {"number": "x"})
    page = client.get("/log/", {"entry": str(entry)})
    assert page.context["entry"].inclusion is None
    assert "等待进入下一个签名树根" in page.text


def test_the_list_of_heads_turns_its_pages(client: Client, permit: Certificate):
    for _ in range(21):
        with transaction.atomic():
            journal.record(facts.ISSUED, Subject("certificate", uuid7(), "460105"), SYSTEM, {"number": "x"})
        journal.sequence()
    page = client.get("/log/")
    last = page.context["rows"].rows[-1].size
    after = re.search(r'rel="next" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert all(head.size < last for head in client.get(f"/log/{after}").context["rows"].rows)


def commands(page: str, name: str) -> str:
    return html.unescape(re.search(rf'id="{name}">(.*?)</pre>', page, re.DOTALL)[1])


def test_the_commands_on_the_page_verify_the_signature(client: Client, permit: Certificate, tmp_path: Path):
    script = commands(client.get("/log/").text, "check-head")
    for address in re.findall(r"curl -s http://testserver(\S+)", script):
        (tmp_path / address.rpartition("/")[2]).write_bytes(client.get(address).content)
    script = re.sub(r"curl -s http://testserver/log/(\S+) >", r"cat \1 >", script).replace(
        "cat checkpoint > checkpoint\n", ""
    )
    assert "curl" not in script
    said = subprocess.run(["bash", "-ec", script], cwd=tmp_path, capture_output=True, text=True)
    assert "Signature Verified Successfully" in said.stdout
    (tmp_path / "checkpoint").write_text((tmp_path / "checkpoint").read_text().replace("\n", "0\n", 2))
    said = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert "Signature Verified Successfully" not in said.stdout


def test_the_program_on_the_page_verifies_a_certificate(
    client: Client, permit: Certificate, sealed: bytes, tmp_path: Path
):
    program = commands(client.get("/log/").text, "check-entry")
    proof = client.get(f"/log/proof/{permit.entry_id}.json").json()
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    said = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert hashlib.sha256(sealed).hexdigest() in said.stdout
    (tmp_path / "proof.json").write_text(json.dumps(proof | {"text": proof["text"].replace("460105", "460106")}))
    said = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert "not in the log" in said.stderr


@pytest.mark.parametrize("position", [0, 1, 127, 200, 250])
def test_the_program_works_for_every_place_in_the_log(
    client: Client, permit: Certificate, tmp_path: Path, position: int
):
    """The path of a leaf at the right edge has gaps; of the others it has none."""
    program = commands(client.get("/log/").text, "check-entry").replace('proof["text"].encode()', 'b64(proof["body"])')
    place = journal.Entry.objects.get(place__position=min(position, journal.current_size() - 1))
    proof = client.get(f"/log/proof/{place.id}.json").json()
    body = bytes(place.body)
    document = proof | {"body": base64.b64encode(body).decode(), "text": body.decode()}
    (tmp_path / "proof.json").write_text(json.dumps(document))
    said = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert "in the log" in said.stdout, said.stderr

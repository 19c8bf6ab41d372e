"""The transparency log for programs, in the layout of C2SP tlog-tiles: checkpoint, tiles, proofs, feed of heads.

Everything here may be read from any site and needs nothing but the public key.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse, reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jianguan.kernel.messages import message
from jianguan.kernel.transparency.merkle import HASH_SIZE
from jianguan.kernel.transparency.tiles import Tile
from jianguan.licensing.certificates import service as certificates
from jianguan.platform.errors import NotFound
from jianguan.platform.journal import service as journal
from jianguan.platform.web.service import say
from jianguan.portal.transparency import PUBLISHED

FOR_EVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=5"
PAGE = 500  # heads in one answer
TEXT = "text/plain; charset=utf-8"


def checkpoint(_request: HttpRequest, size: int | None = None) -> HttpResponse:
    """The newest signed tree head, or the one of a size."""
    head = journal.head(size)
    if head is None:
        raise NotFound
    return _open(HttpResponse(head.checkpoint, content_type=TEXT), SHORTLY if size is None else FOR_EVER)


def tile(_request: HttpRequest, path: str) -> HttpResponse:
    """The hashes of a tile, `<level>/<index>` or `<level>/<index>.p/<width>`; they never change."""
    try:
        wanted = Tile.parse(f"tile/{path}")
    except ValueError:
        raise NotFound from None
    hashes = journal.tile(wanted.level, wanted.index)[: wanted.width * HASH_SIZE]
    if len(hashes) < wanted.width * HASH_SIZE:
        raise NotFound
    return _open(HttpResponse(hashes, content_type="application/octet-stream"), FOR_EVER)


def proof(_request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """That an entry stands in the log, against the newest head; with its text where that is public."""
    found = journal.inclusion(entry_id)
    if found is None:
        raise NotFound
    document = {
        "entry": str(entry_id),
        "position": found.position,
        "leaf": _base64(found.leaf),
        "text": journal.text(entry_id, PUBLISHED),
        "hashes": [_base64(one) for one in found.hashes],
        **_head(found.head),
    }
    return _json(document, SHORTLY)


def consistency(request: HttpRequest) -> HttpResponse:
    """That the log of `to` entries (the newest head, unless given) only extends that of `from` entries."""
    size = journal.current_size()
    old, new = _size(request, "from", 0), _size(request, "to", size)
    if not 0 < old <= new <= size:
        says = message("Give “from” and “to” as sizes from 1 to %(size)s, “to” not the smaller.", size=size)
        return JsonResponse({"error": say(says)}, status=400, json_dumps_params={"ensure_ascii": False})
    document = {"from": old, "to": new, "hashes": [_base64(one) for one in journal.consistency(old, new)]}
    return _json(document, SHORTLY)


def _size(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1 if text else otherwise


def heads(request: HttpRequest) -> HttpResponse:
    """Tree heads in the order of their size, for those who keep them elsewhere; `after` goes on behind a size."""
    after = max(0, _size(request, "after", 0))
    found = list(journal.all_heads().filter(size__gt=after).order_by("size")[:PAGE])
    more = f"{reverse('log-heads')}?after={found[-1].size}" if len(found) == PAGE else None
    document = {"key": str(journal.verifier_key()), "heads": [_head(head) for head in found], "next": more}
    return _json(document, SHORTLY)


def key(_request: HttpRequest) -> HttpResponse:
    """The public key that signs tree heads, for tools that read PEM."""
    public = Ed25519PublicKey.from_public_bytes(journal.verifier_key().public)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return _open(HttpResponse(pem, content_type=TEXT), SHORTLY)


def proof_keys(_request: HttpRequest) -> HttpResponse:
    """The keys that sign QR codes, by the four bytes a token names its key with: enough to check a code offline."""
    keys = [
        {"id": name.hex(), "algorithm": "Ed25519", "public_key": _base64(public.public_bytes_raw())}
        for name, public in certificates.proof_keys().items()
    ]
    return _json({"keys": keys}, SHORTLY)


def seal_certificates(_request: HttpRequest) -> HttpResponse:
    """The X.509 certificates of authority, seals and time stamps, for any PDF reader or validator."""
    return _open(HttpResponse(certificates.trusted_pem(), content_type=TEXT), SHORTLY)


class Heads(Feed):
    """Newly signed tree heads as an Atom feed: whoever subscribes holds copies we cannot take back."""

    feed_type = Atom1Feed
    title = gettext_lazy("Signed heads of the transparency log")
    link = reverse_lazy("log")

    def items(self) -> list[journal.TreeHead]:
        return journal.heads()

    def item_title(self, item: journal.TreeHead) -> str:
        return _("Tree head of %(size)s entries") % {"size": item.size}

    def item_description(self, item: journal.TreeHead) -> str:
        return item.checkpoint

    def item_link(self, item: journal.TreeHead) -> str:
        return reverse("log-checkpoint-of", args=[item.size])

    def item_updateddate(self, item: journal.TreeHead) -> datetime:
        return item.at


def _head(head: journal.TreeHead) -> dict[str, Any]:
    root = _base64(bytes(head.root))
    return {"size": head.size, "root": root, "at": head.at.isoformat(), "checkpoint": head.checkpoint}


def _json(document: Mapping[str, Any], kept: str) -> HttpResponse:
    return _open(JsonResponse(document, json_dumps_params={"ensure_ascii": False}), kept)


def _open(response: HttpResponse, kept: str) -> HttpResponse:
    response["Cache-Control"] = kept
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _base64(data: bytes) -> str:
    return b64encode(data).decode()

"""Addresses of the portal."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from jianguan.portal import (
    barred,
    guides,
    home,
    machine,
    permits,
    progress,
    publicity,
    searching,
    transparency,
    verification,
)


class Number(StringConverter):
    """A number or code as people write it, slashes included; nothing that no text column can hold."""

    regex = r"[^\x00-\x1f\x7f]*[^/\x00-\x1f\x7f]"


register_converter(Number, "number")

urlpatterns = [
    path("", home.home, name="portal"),
    path("search/", searching.search, name="public-search"),
    path("pub/ent/<number:uscc>/", publicity.enterprise, name="public-enterprise"),
    path("pub/person/<uuid:person_id>/", publicity.person, name="public-person"),
    path("pub/project/<number:code>/", publicity.project, name="public-project"),
    path("notices/", permits.notices, name="notices"),
    path("notices/<number:number>/file/", permits.file, name="notice-file"),
    path("notices/<number:number>/", permits.notice, name="notice"),
    path("barred/", barred.barred, name="barred"),
    path("guides/", guides.guides, name="guides"),
    path("guides/packages/<slug:key>/", guides.package_guide, name="package-guide"),
    path("guides/<slug:matter>/", guides.guide, name="guide"),
    path("progress/", progress.progress, name="progress"),
    path("verify/", verification.verify, name="verify"),
    path("verify/keys.json", machine.proof_keys, name="proof-keys"),
    path("verify/certificates.pem", machine.seal_certificates, name="seal-certificates"),
    path("V/<number:number>", verification.verified),  # as it stands in the QR code, upper case to keep the code small
    path("v/<number:number>/", verification.verified, name="verified"),
    path("log/", transparency.log, name="log"),
    path("log/checkpoint", machine.checkpoint, name="log-checkpoint"),
    path("log/checkpoint/<int:size>", machine.checkpoint, name="log-checkpoint-of"),
    path("log/tile/<path:path>", machine.tile, name="log-tile"),
    path("log/proof/<uuid:entry_id>.json", machine.proof, name="log-proof"),
    path("log/consistency.json", machine.consistency, name="log-consistency"),
    path("log/heads.json", machine.heads, name="log-heads"),
    path("log/heads.atom", machine.Heads(), name="log-feed"),
    path("log/key.pem", machine.key, name="log-key"),
]

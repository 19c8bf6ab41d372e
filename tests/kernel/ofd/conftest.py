"""The permit of the PDF tests, sealed as OFD once for all tests of a process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.kernel.certificates.conftest import (  # noqa: F401 - fixtures
    NOW,
    PERMIT,
    now,
    page,
    permit,
    proof_key,
    qr_for,
    template,
)

from jianguan.kernel.certificates import SealPicture, Template, seal_picture, seal_png
from jianguan.kernel.national import (
    NationalAuthority,
    NationalIdentity,
    NationalTrust,
    create_national_authority,
    make_seal,
)
from jianguan.kernel.national.seal import SealImage
from jianguan.kernel.ofd import LocalOfdSeal, pack, unpack

ORGANISATION = "某某市住房和城乡建设局"


@pytest.fixture(scope="session")
def picture() -> SealPicture:
    return seal_picture(ORGANISATION, number="3301000000001")


@pytest.fixture(scope="session")
def national() -> NationalAuthority:
    return create_national_authority("建管演示机构", at=NOW - timedelta(days=30))


@pytest.fixture(scope="session")
def maker(national: NationalAuthority) -> NationalIdentity:
    return national.new_maker("建管演示机构", at=NOW - timedelta(days=20))


@pytest.fixture(scope="session")
def signer(national: NationalAuthority) -> NationalIdentity:
    return national.new_signer(ORGANISATION, "电子证照专用章", at=NOW - timedelta(days=20))


@pytest.fixture(scope="session")
def new_seal(maker: NationalIdentity, signer: NationalIdentity, picture: SealPicture) -> Callable[..., bytes]:
    drawn = seal_png(picture, 42, resolution=300)

    def make(**changes: object) -> bytes:
        asked = {
            "maker": maker, "signers": [signer], "number": "3301000000001", "name": ORGANISATION,
            "image": SealImage("png", drawn, 42, 42), "valid": (NOW - timedelta(days=10), NOW + timedelta(days=900)),
        } | changes  # fmt: skip
        return make_seal(asked.pop("maker"), asked.pop("signers"), **asked)

    return make


@pytest.fixture(scope="session")
def electronic_seal(new_seal: Callable[..., bytes]) -> bytes:
    return new_seal()


@pytest.fixture(scope="session")
def seal(signer: NationalIdentity, electronic_seal: bytes) -> LocalOfdSeal:
    return LocalOfdSeal(signer, electronic_seal, lambda: NOW)


@pytest.fixture(scope="session")
def sealed(page: bytes, seal: LocalOfdSeal, template: Template) -> bytes:  # noqa: F811
    return seal.seal(page, template.seal)


def der(*identities: NationalIdentity) -> list[bytes]:
    return [each.certificate.dump() for each in identities]


@pytest.fixture(scope="session")
def trust(national: NationalAuthority, maker: NationalIdentity, signer: NationalIdentity) -> NationalTrust:
    return NationalTrust.of(der(national.root), der(maker), der(signer))


@pytest.fixture
def repacked(sealed: bytes) -> Callable[..., bytes]:
    """The package with files changed, added (by name) or left out (None): a whole package again."""

    def make(changes: dict[str, bytes | None]) -> bytes:
        files = {**unpack(sealed), **changes}
        return pack({name: content for name, content in files.items() if content is not None})

    return make


@pytest.fixture
def moment() -> datetime:
    return NOW

"""One small certification authority and one permit, sealed once for all tests of a process."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jianguan.kernel.certificates import (
    Authority,
    Identity,
    Link,
    LocalSeal,
    LocalTimeStamper,
    QrCode,
    Template,
    Trust,
    content_digest,
    create_authority,
    issue_proof,
    render,
    seal_picture,
    write_qr,
)

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PERMIT: dict[str, Any] = {
    "number": "330120260000010101",
    "identifier": "1.2.156.3005.2.11100000000013338W009.1146010000817TE53Q.460105202604150101.001.5",
    "demonstration": True,
    "authority": "某某市住房和城乡建设局",
    "issued_on": "2026-11-20",
    "developer": "某某市城市建设投资集团有限公司",
    "project": "某某市第 1 号地块迁建工程（一期）门诊医技综合楼、住院楼及地下室",
    "address": "某某省某某市高新区科技大道与滨河路交叉口东北侧 A-07 地块",
    "scale": "总建筑面积 128,650.42 ㎡（地上 92,310.00 ㎡，地下 36,340.42 ㎡）",
    "duration": "730 天",
    "price": "68,532.17 万元",
    "surveyors": [{"name": "某某省工程勘察设计研究院有限公司", "person": "娎龚"}],
    "designers": [{"name": "某某省建筑设计研究院股份有限公司", "person": "欧阳某某"}],
    "builders": [{"name": "某某建工集团第一建筑有限责任公司", "person": "王喆堃"}],
    "supervisors": [{"name": "某某工程咨询监理有限公司", "person": "李犇淼", "title": "总监理工程师"}],
    "remarks": "本工程为装配式建筑，装配率 62%。",
}


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture
def permit() -> dict[str, Any]:
    return dict(PERMIT)


@pytest.fixture(scope="session")
def template() -> Template:
    return Template.built_in("construction_permit")


@pytest.fixture(scope="session")
def proof_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture(scope="session")
def qr_for(proof_key: Ed25519PrivateKey) -> Callable[[dict[str, Any]], QrCode]:
    def make(data: dict[str, Any]) -> QrCode:
        token = issue_proof(
            proof_key,
            number=data["number"],
            kind=9,
            edition=1,
            issued_on=date.fromisoformat(data["issued_on"]),
            content_digest=content_digest(data),
        )
        return write_qr(str(Link("jianguan.example.gov.cn", data["number"], token)))

    return make


@pytest.fixture(scope="session")
def authority() -> Authority:
    return create_authority("建管演示机构", at=NOW - timedelta(days=30))


@pytest.fixture(scope="session")
def seal_identity(authority: Authority) -> Identity:
    return authority.new_seal("某某市住房和城乡建设局", "电子证照专用章", at=NOW - timedelta(days=20))


@pytest.fixture(scope="session")
def stamp_identity(authority: Authority) -> Identity:
    return authority.new_time_stamper("建管演示机构", at=NOW - timedelta(days=20))


@pytest.fixture(scope="session")
def seal(authority: Authority, seal_identity: Identity, stamp_identity: Identity) -> LocalSeal:
    return LocalSeal(
        identity=seal_identity,
        picture=seal_picture("某某市住房和城乡建设局", number="3301000000001"),
        stamper=LocalTimeStamper(stamp_identity, clock=lambda: NOW),
        revocation_lists=authority.revocation_lists(at=NOW - timedelta(hours=1)),
        clock=lambda: NOW,
    )


@pytest.fixture(scope="session")
def trust(authority: Authority, seal_identity: Identity, stamp_identity: Identity) -> Trust:
    known = [authority.root, authority.issuing, seal_identity, stamp_identity]
    return Trust.of(each.certificate for each in known)


@pytest.fixture(scope="session")
def page(template: Template, qr_for: Callable[[dict[str, Any]], QrCode]) -> bytes:
    return render(template, PERMIT, qr=qr_for(PERMIT), issued_at=NOW)


@pytest.fixture(scope="session")
def sealed(page: bytes, seal: LocalSeal, template: Template) -> bytes:
    return seal.seal(page, template.seal)


@pytest.fixture
def sealed_otherwise(page: bytes, seal: LocalSeal, template: Template) -> Callable[..., bytes]:
    """The page sealed by the same seal with some of its parts replaced."""
    return lambda **parts: dataclasses.replace(seal, **parts).seal(page, template.seal)

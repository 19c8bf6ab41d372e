"""Electronic seals and signatures with them: GB/T 38540-2020, version 4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto.core import (
    Boolean,
    GeneralizedTime,
    IA5String,
    Integer,
    ObjectIdentifier,
    OctetBitString,
    OctetString,
    Sequence,
    SequenceOf,
    UTF8String,
)

from .authority import SM2_WITH_SM3, NationalIdentity

VERSION = 4
MAKER = "JIANGUAN"  # Vid, the name of whoever makes the software
ORGANISATION_SEAL = 1  # the seal of an organisation, 单位印章
LISTED_CERTIFICATES = 1  # certListType: the certificates themselves, not their digests


# --- structures (clauses 6.1 and 7.1), fields in the order and with the names of the standard
class _Header(Sequence):
    """SES_Header."""

    _fields = [("ID", IA5String), ("version", Integer), ("Vid", IA5String)]


class _Certificates(SequenceOf):
    """CertInfoList, the first choice of SES_CertList."""

    _child_spec = OctetString


class _Properties(Sequence):
    """SES_ESPropertyInfo."""

    _fields = [
        ("type", Integer), ("name", UTF8String), ("certListType", Integer), ("certList", _Certificates),
        ("createDate", GeneralizedTime), ("validStart", GeneralizedTime), ("validEnd", GeneralizedTime),
    ]  # fmt: skip


class _Picture(Sequence):
    """SES_ESPictrueInfo (so spelled in the standard); width and height in mm."""

    _fields = [("type", IA5String), ("data", OctetString), ("width", Integer), ("height", Integer)]


class _Extension(Sequence):
    """ExtData."""

    _fields = [("extnID", ObjectIdentifier), ("critical", Boolean, {"default": False}), ("extnValue", OctetString)]


class _Extensions(SequenceOf):
    """ExtensionDatas."""

    _child_spec = _Extension


class _SealInfo(Sequence):
    """SES_SealInfo."""

    _fields = [
        ("header", _Header), ("esID", IA5String), ("property", _Properties), ("picture", _Picture),
        ("extDatas", _Extensions, {"explicit": 0, "optional": True}),
    ]  # fmt: skip


class _Seal(Sequence):
    """SESeal."""

    _fields = [
        ("eSealInfo", _SealInfo), ("cert", OctetString), ("signAlgID", ObjectIdentifier), ("signedValue", OctetBitString),
    ]  # fmt: skip


class _ToSign(Sequence):
    """TBS_Sign."""

    _fields = [
        ("version", Integer), ("eseal", _Seal), ("timeInfo", GeneralizedTime), ("dataHash", OctetBitString),
        ("propertyInfo", IA5String), ("extDatas", _Extensions, {"explicit": 0, "optional": True}),
    ]  # fmt: skip


class _Signature(Sequence):
    """SES_Signature."""

    _fields = [
        ("toSign", _ToSign), ("cert", OctetString), ("signatureAlgID", ObjectIdentifier), ("signature", OctetBitString),
        ("timeStamp", OctetBitString, {"explicit": 0, "optional": True}),
    ]  # fmt: skip


@dataclass(frozen=True)
class SealImage:
    """How a seal looks: `kind` as the standard names it, such as png; its size in whole mm."""

    kind: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True)
class ElectronicSeal:
    """A seal read back. Everything but `raw` is only what it claims until its maker's signature is verified."""

    raw: bytes
    number: str
    name: str
    signers: tuple[bytes, ...]
    valid: tuple[datetime, datetime]
    image: SealImage
    maker: bytes
    covered: bytes
    signature: bytes

    @classmethod
    def load(cls, raw: bytes) -> ElectronicSeal:
        """Read a seal.

        Raises:
            ValueError: it is not such a seal, or not in the one form `make_seal` gives it.
        """
        seal = _Seal.load(raw, strict=True)
        return _read(seal, raw)


@dataclass(frozen=True)
class SealSignature:
    """A signature with a seal, read back; what it claims, until it is verified."""

    seal: ElectronicSeal
    sealed_at: datetime
    digest: bytes
    location: str
    signer: bytes
    covered: bytes
    signature: bytes

    @classmethod
    def load(cls, raw: bytes) -> SealSignature:
        """Read a signature.

        Raises:
            ValueError: it is not such a signature, or not in the one form `sign_with_seal` gives it.
        """
        found = _Signature.load(raw, strict=True)
        body, seal = found["toSign"], found["toSign"]["eseal"]
        read = cls(
            seal=_read(seal, seal.dump()),
            sealed_at=body["timeInfo"].native,
            digest=body["dataHash"].native,
            location=body["propertyInfo"].native,
            signer=found["cert"].native,
            covered=body.dump(),
            signature=found["signature"].native,
        )
        _same(raw, _signature(_to_sign(read.seal.raw, read.sealed_at, read.digest, read.location), read.signer, read.signature))  # fmt: skip
        return read


def make_seal(
    maker: NationalIdentity,
    signers: Iterable[NationalIdentity],
    *,
    number: str,
    name: str,
    image: SealImage,
    valid: tuple[datetime, datetime],
) -> bytes:
    """A seal that `signers` may stamp between two moments: an SESeal in DER, signed by its maker (制章).

    Args:
        maker: the maker of seals.
        signers: whoever may stamp it, by their certificates.
        number: the seal's own number (esID), ASCII.
        name: what the seal is called, as a rule the organisation's name.
        image: how it looks.
        valid: from when, which is also when it is made, until when.
    """
    start, end = (moment.replace(microsecond=0) for moment in valid)
    info = _info(number, name, [each.certificate.dump() for each in signers], (start, end), image)
    return _whole(info, maker.certificate.dump(), maker.key.sign(info.dump()))


def sign_with_seal(signer: NationalIdentity, seal: bytes, *, at: datetime, digest: bytes, location: str) -> bytes:
    """Stamp a seal: an SES_Signature in DER over the SM3 `digest` of what stands at `location` in the document (签章)."""
    body = _to_sign(seal, at.replace(microsecond=0), digest, location)
    return _signature(body, signer.certificate.dump(), signer.key.sign(body.dump()))


def _read(seal: _Seal, raw: bytes) -> ElectronicSeal:
    info = seal["eSealInfo"]
    properties, picture = info["property"], info["picture"]
    read = ElectronicSeal(
        raw=raw,
        number=info["esID"].native,
        name=properties["name"].native,
        signers=tuple(properties["certList"].native),
        valid=(properties["validStart"].native, properties["validEnd"].native),
        image=SealImage(picture["type"].native, picture["data"].native, picture["width"].native, picture["height"].native),
        maker=seal["cert"].native,
        covered=info.dump(),
        signature=seal["signedValue"].native,
    )  # fmt: skip
    rebuilt = _info(read.number, read.name, read.signers, read.valid, read.image)
    _same(raw, _whole(rebuilt, read.maker, read.signature))
    return read


def _same(raw: bytes, rebuilt: bytes) -> None:
    """BER has many forms of one value, and fields that are optional: accepted is only the form made here."""
    if raw != rebuilt:
        raise ValueError("not in its canonical form")


def _info(
    number: str, name: str, signers: Iterable[bytes], valid: tuple[datetime, datetime], image: SealImage
) -> _SealInfo:
    properties = {
        "type": ORGANISATION_SEAL, "name": name, "certListType": LISTED_CERTIFICATES, "certList": list(signers),
        "createDate": valid[0], "validStart": valid[0], "validEnd": valid[1],
    }  # fmt: skip
    picture = {"type": image.kind, "data": image.data, "width": image.width, "height": image.height}
    header = {"ID": "ES", "version": VERSION, "Vid": MAKER}
    return _SealInfo({"header": header, "esID": number, "property": properties, "picture": picture})


def _whole(info: _SealInfo, maker: bytes, signature: bytes) -> bytes:
    seal: bytes = _Seal({"eSealInfo": info, "cert": maker, "signAlgID": SM2_WITH_SM3, "signedValue": signature}).dump()
    return seal


def _to_sign(seal: bytes, at: datetime, digest: bytes, location: str) -> _ToSign:
    parts = {"version": VERSION, "eseal": _Seal.load(seal), "timeInfo": at, "dataHash": digest}
    return _ToSign({**parts, "propertyInfo": location})


def _signature(body: _ToSign, signer: bytes, signature: bytes) -> bytes:
    whole: bytes = _Signature(
        {"toSign": body, "cert": signer, "signatureAlgID": SM2_WITH_SM3, "signature": signature}
    ).dump()
    return whole

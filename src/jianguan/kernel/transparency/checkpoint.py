"""Signed tree heads as text that any C2SP tool can check (C2SP tlog-checkpoint, signed-note; Ed25519).

    jianguan.example/journal
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — jianguan.example/journal Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+…

A text is accepted only if writing it again gives the same bytes: nobody can alter a checkpoint without breaking it.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jianguan.kernel.messages import Message, message
from jianguan.kernel.transparency.merkle import HASH_SIZE, MAX_SIZE

MAX_LENGTH = 256 * 1024
"""Longest text that is read, in characters: dozens of signatures, post-quantum ones included."""

_ED25519 = b"\x01"
_KEY_ID_SIZE = 4
_UNWRITABLE = re.compile("[\x00-\x1f\ud800-\udfff]")


class CheckpointError(ValueError):
    """Why a checkpoint, a signature or a key is not accepted."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: the `root` hash of the first `size` leaves of the log named `origin`.

    Extension lines are opaque; the specification advises against them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(map(_is_line, (self.origin, *self.extensions))):
            raise CheckpointError(message("A checkpoint line is empty or holds characters that cannot be written."))
        if not 0 <= self.size <= MAX_SIZE:
            raise CheckpointError(message("A tree cannot have %(size)s leaves.", size=self.size))
        if len(self.root) != HASH_SIZE:
            raise CheckpointError(message("The root hash of a checkpoint must have 32 bytes."))

    @property
    def body(self) -> str:
        """The text that is signed (C2SP tlog-checkpoint, "Note text")."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, _base64(self.root), *self.extensions))


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, by a key of any type."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line without its newline (C2SP signed-note, "Signatures")."""
        return f"— {self.name} {_base64(self.key_id + self.value)}"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with signatures that nobody has verified yet."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]

    @property
    def text(self) -> str:
        """The signed note."""
        return f"{self.checkpoint.body}\n" + "".join(f"{signature.line}\n" for signature in self.signatures)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named Ed25519 public key (32 bytes); as text `name+hash+base64`, the way C2SP tools exchange it."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not _is_key_name(self.name):
            raise CheckpointError(message("A key name must not be empty nor hold spaces, plus or control characters."))
        if len(self.public) != 32:
            raise CheckpointError(message("An Ed25519 public key must have 32 bytes."))

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)[:4] (C2SP signed-note, "Ed25519 signatures")."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_KEY_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of a text `name+hash+base64`; `CheckpointError` unless the hash is that of name and key."""
        try:
            name, _, encoded = text.split("+", 2)
            public = b64decode(encoded, validate=True)[1:]
        except ValueError as error:
            raise CheckpointError(message("A verifier key reads name+hash+base64 of an Ed25519 key.")) from error
        key = cls(name, public)
        if str(key) != text:
            raise CheckpointError(message("The hash in the verifier key is not that of its name and Ed25519 key."))
        return key

    def verify(self, body: str, signature: Signature) -> None:
        """Raise `CheckpointError` unless `signature` was made over `body` with this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature.value, body.encode())
        except InvalidSignature as error:
            raise CheckpointError(
                message("The signature of %(name)s does not belong to this checkpoint.", name=self.name)
            ) from error


@dataclass(frozen=True, slots=True)
class Signer:
    """A named Ed25519 private key."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier_key(self) -> VerifierKey:
        """What others need to verify the signatures of this signer."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, body: str) -> Signature:
        """Sign the text of a note."""
        return Signature(self.name, self.verifier_key.key_id, self.private.sign(body.encode()))


def sign(checkpoint: Checkpoint, *signers: Signer) -> str:
    """The checkpoint as a note signed by each signer; the log itself, named as its origin, comes first."""
    if not signers:
        raise CheckpointError(message("A checkpoint needs at least one signature."))
    return SignedCheckpoint(checkpoint, tuple(signer.sign(checkpoint.body) for signer in signers)).text


def verify(text: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint of a note that `key` signed; else `CheckpointError`.

    Signatures by other keys are ignored, as C2SP signed-note demands. The caller compares the origin with the log it
    asked for.
    """
    signed = parse(text)
    own = [one for one in signed.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
    if not own:
        raise CheckpointError(message("The checkpoint is not signed with the key of %(name)s.", name=key.name))
    for signature in own:
        key.verify(signed.checkpoint.body, signature)
    return signed.checkpoint


def parse(text: str) -> SignedCheckpoint:
    """Read a signed note without trusting it: call `verify` before believing what it says."""
    if len(text) > MAX_LENGTH:
        raise CheckpointError(message("A checkpoint must not be longer than %(length)s characters.", length=MAX_LENGTH))
    body, _, signatures = text.partition("\n\n")
    signed = SignedCheckpoint(_parse_body(body), tuple(map(_parse_signature, signatures.split("\n")[:-1])))
    if not signed.signatures:
        raise CheckpointError(message("A checkpoint needs at least one signature."))
    if signed.text != text:
        raise CheckpointError(message("The checkpoint is not written in the one way that C2SP tlog-checkpoint allows."))
    return signed


def _parse_body(body: str) -> Checkpoint:
    try:
        origin, size, root, *extensions = body.split("\n")
        head = int(size), b64decode(root, validate=True)
    except ValueError as error:
        raise CheckpointError(
            message("A checkpoint begins with three lines: origin, tree size, root hash in base64.")
        ) from error
    return Checkpoint(origin, *head, tuple(extensions))


def _parse_signature(line: str) -> Signature:
    try:
        _, name, encoded = line.split(" ")
        signature = b64decode(encoded, validate=True)
    except ValueError as error:
        raise CheckpointError(
            message("A signature line reads: em dash, space, key name, space, signature in base64.")
        ) from error
    if not _is_key_name(name) or len(signature) <= _KEY_ID_SIZE:
        raise CheckpointError(message("A signature line has no proper key name or no signature."))
    return Signature(name, signature[:_KEY_ID_SIZE], signature[_KEY_ID_SIZE:])


def _is_line(text: str) -> bool:
    return bool(text) and not _UNWRITABLE.search(text)


def _is_key_name(name: str) -> bool:
    return _is_line(name) and "+" not in name and not any(map(str.isspace, name))


def _base64(data: bytes) -> str:
    return b64encode(data).decode()

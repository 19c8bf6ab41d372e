"""Content streams of PDF pages (ISO 32000-1, 7.8.2) as operators with their operands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.messages import message

Operand = float | bytes | list["Operand"]
PATH = b"PATH"
NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)"
TOKEN = re.compile(
    rb"""\s*(?:
      (?P<path>(?:(?:%(number)s\s+)*(?:re|[mlch])(?:\s+|\Z))+)
    | (?P<number>%(number)s)
    | (?P<string>\()
    | (?P<mark><<|>>)
    | <(?P<hex>[0-9A-Fa-f]*)>
    | (?P<name>/[^\s/\[\]()<>]*)
    | (?P<open>\[)
    | (?P<close>\])
    | (?P<operator>[A-Za-z'"][A-Za-z0-9*]*)
    )"""
    % {b"number": NUMBER},
    re.VERBOSE,
)
STEP = re.compile(rb"((?:%b\s+)*)(re|[mlch])(?:\s+|\Z)" % NUMBER)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b""}


def operations(content: bytes) -> Iterator[tuple[bytes, list[Operand]]]:
    """Every operator with its operands; a run of path construction (8.5.2) comes as one, `PATH`, as it is written.

    Raises:
        CertificateError: the stream ends in something that is not an operator.
    """
    at, operands, arrays = 0, list[Operand](), list[list[Operand]]()
    while found := TOKEN.match(content, at):
        kind, at = found.lastgroup or "", found.end()
        token = found[kind]
        if kind == "path":
            yield PATH, [token]
        elif kind == "operator":
            yield token, operands
            operands = []
        elif kind == "open":
            arrays.append([])
        elif kind != "mark":
            value: Operand = arrays.pop() if kind == "close" else _plain(kind, token)
            if kind == "string":
                value, at = _string(content, at)
            (arrays[-1] if arrays else operands).append(value)
    if content[at:].strip():
        raise CertificateError(message("The page cannot be made as OFD: its content cannot be read to the end."))


def steps(path: bytes) -> Iterator[tuple[bytes, list[float]]]:
    """The single steps of a run of path construction."""
    for numbers, operator in STEP.findall(path):
        yield operator, [float(each) for each in numbers.split()]


def _plain(kind: str, token: bytes) -> Operand:
    if kind == "number":
        return float(token)
    return bytes.fromhex(token.decode("ascii")) if kind == "hex" else token


def _string(content: bytes, at: int) -> tuple[bytes, int]:
    """A literal string (7.3.4.2) from behind its opening bracket, and where it ends."""
    start, depth = at, 1
    while depth:
        byte = content[at]
        depth += (byte == ord("(")) - (byte == ord(")"))
        at += 2 if byte == ord("\\") else 1
    return ESCAPED.sub(_unescaped, content[start : at - 1]), at


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign[:1].isdigit() else ESCAPES.get(sign, sign)

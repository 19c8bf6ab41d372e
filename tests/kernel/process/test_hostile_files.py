"""Files that want to harm the reader are refused before they can do anything."""

from __future__ import annotations

from collections.abc import Iterator
from resource import RUSAGE_SELF, getrusage

import pytest
from tests.kernel.process.drawing import HEAD, TAIL, document, end, flows, start

from jianguan.kernel.process import NetError, read_net
from jianguan.kernel.process.document import MAX_BYTES

LAUGHS = '<!DOCTYPE lolz [<!ENTITY lol "lol">' + "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 10)
) + "]>"  # fmt: skip
GOOD = document(start(), end(), flows("begin -> end"))


@pytest.fixture(autouse=True)
def no_memory_is_eaten() -> Iterator[None]:
    before = getrusage(RUSAGE_SELF).ru_maxrss
    yield
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (LAUGHS.encode() + HEAD.encode() + b"<documentation>&lol9;</documentation>" + TAIL.encode(), "document type"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + GOOD, "document type"),
        (b'<!DOCTYPE d SYSTEM "http://localhost:1/x.dtd">' + GOOD, "document type"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE d>' + GOOD, "document type"),
        (GOOD.decode().encode("utf-16"), "UTF-8"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + GOOD, "UTF-8"),
        (('<?xml version="1.0" encoding="cp037"?>' + GOOD.decode()).encode("cp037"), "UTF-8"),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + GOOD.replace(b'name="P"', b'name="\xff"'), "not well-formed"),
        (b" " * (MAX_BYTES + 1) + GOOD, "larger than 2 MB"),
        (HEAD.encode() + b"<documentation>" * 600 + b"</documentation>" * 600 + TAIL.encode(), "not well-formed"),
        (GOOD[:-20], "not well-formed"),
        (GOOD.replace(b"<startEvent", b"<startEvent name='&undefined;'"), "not well-formed"),
        (b"", "UTF-8"),
        (b"PK\x03\x04", "UTF-8"),
        (b"<html/>", "not BPMN 2.0"),
        (b"<definitions/>", "not BPMN 2.0"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_hostile_or_broken_file_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(NetError) as error:
        read_net(data)
    (problem,) = error.value.problems
    assert sentence in str(problem.message)
    assert "root:" not in str(problem)


def test_ten_megabytes_are_refused_unread() -> None:
    with pytest.raises(NetError, match="larger than 2 MB"):
        read_net(HEAD.encode() + b"<documentation>x</documentation>" * 330_000 + TAIL.encode())


def test_subprocesses_too_deep_in_each_other_are_refused() -> None:
    deep = "".join(f'<subProcess id="s{n}">' for n in range(100)) + "</subProcess>" * 100
    with pytest.raises(NetError, match="more than 10 deep"):
        read_net(document(deep))


def test_a_byte_order_mark_and_a_declaration_do_no_harm() -> None:
    assert read_net(b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>' + GOOD).id == "p"

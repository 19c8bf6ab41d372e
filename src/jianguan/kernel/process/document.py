"""Opening an XML file from outside without letting it do anything: no entities, no network, no size."""

from __future__ import annotations

import re

from lxml import etree

from jianguan.kernel.messages import Message, message
from jianguan.kernel.process.problems import NetError, Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OWN = "urn:jianguan:process:1"

MAX_BYTES = 2_000_000
"""Ten times the largest real process with coordinates seen so far."""

_ENCODINGS = frozenset({b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1"})
"""Those in which `<!DOCTYPE` is written with the same bytes, so that it cannot hide."""

_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']""")


def open_document(data: bytes) -> etree._Element:
    """The root element `<definitions>` of a BPMN 2.0 file, or `NetError`."""
    if len(data) > MAX_BYTES:
        raise _refused(message("The file is larger than %(megabytes)s MB.", megabytes=MAX_BYTES // 1_000_000))
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _ENCODING.match(text)
    foreign = declared and declared[1].lower() not in _ENCODINGS
    if foreign or b"\0" in data or not text.startswith(b"<"):
        raise _refused(message("The file must be in UTF-8."))
    # Entities live in a document type declaration, which BPMN never needs: without one there is nothing to expand.
    if b"<!DOCTYPE" in data:
        raise _refused(message("The file must not have a document type declaration (DOCTYPE)."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(
            message("The file is not well-formed XML: %(problem)s", problem=error.msg), error.lineno
        ) from error
    if root.tag != f"{{{BPMN}}}definitions":
        raise _refused(message("The file is not BPMN 2.0: it must begin with <definitions> of %(space)s.", space=BPMN))
    return root


def split_tag(element: etree._Element) -> tuple[str, str]:
    """Namespace and local name of an element; two empty texts for comments and the like."""
    tag: object = element.tag  # a function where it is a comment
    if not isinstance(tag, str):
        return "", ""
    name = etree.QName(element)
    return name.namespace or "", name.localname


def line_of(element: etree._Element) -> int:
    """The line of the file on which an element begins."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _refused(problem: Message, line: int | None = 0) -> NetError:
    return NetError([Problem("definitions", "", line or 0, problem)])

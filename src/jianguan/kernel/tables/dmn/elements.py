"""Opening a DMN file and taking it apart, so that nothing in it is overlooked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from lxml import etree

from jianguan.kernel.messages import message
from jianguan.kernel.tables.dmn.names import MODELS
from jianguan.kernel.tables.errors import DmnError

Element = etree._Element  # noqa: SLF001  # the only name lxml gives to the type of its elements

LIMIT: Final = 5_000_000
"""The largest DMN file, in bytes."""

DOCUMENTATION: Final = frozenset({"description", "extensionElements"})


def open_file(data: bytes) -> Element:
    """The root of a DMN file; document types, entities and the network are out of reach. Raises `DmnError`."""
    if len(data) > LIMIT:
        raise DmnError(message("the file is larger than %(limit)s bytes.", limit=LIMIT))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise DmnError(message("the file is not XML.")) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise DmnError(message("a document type is declared, which is not allowed."))
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in MODELS:
        raise DmnError(message("the file is not DMN 1.1 to 1.5."), place_of(root))
    _require_feel(root)
    return root


def parts(
    element: Element, known: Collection[str], ignored: Collection[str] = DOCUMENTATION
) -> dict[str, list[Element]]:
    """The children of `element` by name; text between them and a child neither `known` nor `ignored` is refused."""
    if "".join([element.text or "", *(child.tail or "" for child in element)]).strip():
        raise DmnError(message("text stands where only elements may stand."), place_of(element))
    found: dict[str, list[Element]] = {name: [] for name in known}
    for child in element:
        name = etree.QName(child)
        if name.localname in found and name.namespace in MODELS:
            found[name.localname].append(child)
        elif name.localname not in ignored:
            raise DmnError(message("“%(name)s” cannot be expressed here.", name=name.localname), place_of(child))
    return found


def sole(elements: Sequence[Element]) -> Element | None:
    """The one element there is at most."""
    if len(elements) > 1:
        raise DmnError(message("the element occurs more than once."), place_of(elements[1]))
    return elements[0] if elements else None


def text_of(element: Element | None) -> str:
    """The text of a FEEL expression without the space around it; empty where there is no expression."""
    return prose_of(sole(parts(element, {"text"})["text"])) if element is not None else ""


def prose_of(element: Element | None) -> str:
    """The text in an element without the space around it."""
    if element is None:
        return ""
    if len(element):
        raise DmnError(message("elements stand where only text may stand."), place_of(element))
    return (element.text or "").strip()


def place_of(element: Element) -> str:
    """The nearest element with an id or a name, for a sentence."""
    for candidate in (element, *element.iterancestors()):
        label = candidate.get("id") or candidate.get("name")
        if label:
            return f"{etree.QName(candidate).localname} {label}"
    return etree.QName(element).localname


def _require_feel(root: Element) -> None:
    for element in root.iter():
        language = element.get("expressionLanguage")
        if language and "feel" not in language.lower():
            raise DmnError(message("the language “%(language)s” is not FEEL.", language=language), place_of(element))

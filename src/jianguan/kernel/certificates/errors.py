"""Why a certificate could not be made or read, as a sentence a clerk understands."""

from __future__ import annotations

from collections.abc import Iterable

from jianguan.kernel.messages import Message, message


class CertificateError(ValueError):
    """The input is refused; `says` is the sentence that says what is wrong and what is expected."""

    def __init__(self, says: Message) -> None:
        super().__init__(says)
        self.says = says

    def __str__(self) -> str:
        return str(self.says)


class MissingGlyph(CertificateError):  # noqa: N818 - what is missing is the name
    """The typefaces have no picture of some `characters`; a certificate never shows an empty box for a name."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = "".join(sorted(set(characters)))
        shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in self.characters)
        super().__init__(
            message(
                "These characters cannot be printed: %(characters)s. Please write them in another way.",
                characters=shown,
            )
        )

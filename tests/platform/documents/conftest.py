"""Files as people upload them, good and bad."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def pdf() -> Callable[..., bytes]:
    """Makes a PDF of one blank page; `mark` makes it different from others."""

    def make(mark: str = "", password: str | None = None) -> bytes:
        writer, buffer = PdfWriter(), io.BytesIO()
        writer.add_blank_page(100, 100)
        writer.add_metadata({"/Title": mark})
        if password is not None:
            writer.encrypt(user_password=password, owner_password="owner")
        writer.write(buffer)
        return buffer.getvalue()

    return make


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    def make(kind: str, size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: Any) -> bytes:
        buffer = io.BytesIO()
        Image.effect_noise(size, 60).convert(mode).save(buffer, kind, **options) if mode == "RGB" else Image.new(
            mode, size
        ).save(buffer, kind, **options)
        return buffer.getvalue()

    return make


@pytest.fixture(scope="session")
def package() -> Callable[..., bytes]:
    """Makes a ZIP package of named contents."""

    def make(**contents: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(name.replace("_", "."), content)
        return buffer.getvalue()

    return make

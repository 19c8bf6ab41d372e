"""Settings of one installation, read from the environment and checked before anything starts.

Every variable is named `JIANGUAN_<NAME>`; `DATABASE_URL` keeps the name hosting platforms use. `jianguan init` writes
a file with fresh secrets for a new installation; nothing secret has a default.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

KEY_BYTES = 32


def _is_key(value: SecretStr) -> SecretStr:
    try:
        raw = base64.urlsafe_b64decode(value.get_secret_value())
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise ValueError(f"must be {KEY_BYTES} random bytes in URL-safe base64 (jianguan init makes one)")
    return value


def check_address(value: str) -> str:
    """The address of an installation as it is; raises ValueError with what it must be."""
    found = urlsplit(value)
    if found.scheme not in ("http", "https") or not found.hostname or value != f"{found.scheme}://{found.netloc}":
        raise ValueError("must be an http(s) address of a host, like https://permits.example.gov.cn, without a path")
    return value


def _is_database(value: str) -> str:
    try:
        conninfo_to_dict(value)
    except ProgrammingError:
        raise ValueError(
            "must be the address of a PostgreSQL database: postgresql://user:password@host:port/name"
        ) from None
    return value


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Key = Annotated[SecretStr, AfterValidator(_is_key)]


class Environment(BaseSettings):
    """All settings of an installation. See `docs/operations.md` for what each is for."""

    model_config = SettingsConfigDict(env_prefix="JIANGUAN_", extra="ignore")

    mode: Literal["production", "demo", "test"] = "production"
    secret_key: Key = Field(description="signs sessions and forms")
    field_key: Key = Field(description="encrypts personal data in the database and keys its blind index")
    key_password: SecretStr = Field(min_length=16, description="opens the key files (seals, journal) in var/keys")
    database_url: Annotated[str, AfterValidator(_is_database)] = Field(
        alias="DATABASE_URL", description="postgresql://user:password@host:port/name"
    )
    base_url: Annotated[str, AfterValidator(check_address)] = Field(description="public address, stands in QR codes")
    allowed_hosts: Annotated[list[str], NoDecode, BeforeValidator(_split)] = Field(
        default=[], description="further host names the web process answers to, separated by commas"
    )
    var: Path = Field(default=Path("var"), description="directory of documents and keys")
    province: str = Field(default="46", pattern=r"^\d{2}$", description="GB/T 2260 province this installation serves")
    journal_origin: str = Field(
        default="jianguan.local/journal", pattern=r"^[^\s+]+$", description="name of the transparency log"
    )
    packs: Path | None = Field(default=None, description="directory of matter packs, default: those of the product")
    ofd_kinds: Annotated[list[str], NoDecode, BeforeValidator(_split)] = Field(
        default=[],
        description="kinds of certificates that are made as OFD files, too, separated by commas; all: every kind",
    )
    upload_limit_mb: int = Field(default=30, ge=1, le=2048)
    proxies: int = Field(
        default=0, ge=0, le=5, description="reverse proxies before the web process that tell the visitor's address"
    )

    @property
    def secure(self) -> bool:
        """Whether people reach this installation by HTTPS."""
        return self.base_url.startswith("https://")


class UnfitEnvironment(SystemExit):
    """The environment is not fit to start with; the text lists what is wrong, a line each."""


def load() -> Environment:
    """Read and check the environment.

    Raises:
        UnfitEnvironment: with one line per wrong or missing setting (exit status 2 of the command line).
    """
    try:
        return Environment()  # type: ignore[call-arg]  # values come from the environment
    except ValidationError as error:
        lines = [f"  {_variable(item['loc'])}: {_reason(item)}" for item in error.errors()]
        raise UnfitEnvironment("The settings of this installation are not complete:\n" + "\n".join(lines)) from None


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return name if name == "DATABASE_URL" else f"JIANGUAN_{name.upper()}"


def _reason(item: object) -> str:
    assert isinstance(item, dict)
    return "is not set" if item["type"] == "missing" else str(item["msg"]).removeprefix("Value error, ")

"""People beside those of the demonstration, so that two hold the same role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor


@pytest.fixture
def colleague(world: Any) -> Callable[..., Actor]:
    """Opens an account of the Haikou bureau with a role: `colleague("li", "李某")`."""

    def opened(username: str, name: str, role: str = "window_clerk", prefix: str = "4601", at: str = "haikou") -> Actor:
        account = accounts.open_account(world.organisations[at], username, name, "a-password-of-tests")
        accounts.grant_at_installation(account, role, prefix)
        return accounts.actor(account)

    return opened

"""A demonstration: invented organisations, people and projects, entered through the real actions."""

from pathlib import Path

import yaml

WORLD = Path(__file__).with_name("world.yaml")


def password() -> str:
    """The password of every account of the demonstration; its sign-in page offers them."""
    return str(yaml.safe_load(WORLD.read_text())["password"])

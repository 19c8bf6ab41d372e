"""The door of packages of matters."""

from jianguan.licensing.packages.actions import OpenPackage, SubmitPackage, attach, open_package, save_draft, submit
from jianguan.licensing.packages.catalogue import Offer, offer, offers, questions
from jianguan.licensing.packages.desk import Desk, desk_of
from jianguan.licensing.packages.gate import gate
from jianguan.licensing.packages.models import Package
from jianguan.licensing.packages.queries import Overview, Statistics, by_receipt, members_of, overview, statistics
from jianguan.licensing.packages.timeline import draw, draw_offer

__all__ = [
    "Desk", "Offer", "OpenPackage", "Overview", "Package", "Statistics", "SubmitPackage", "attach", "by_receipt", "desk_of",
    "draw", "draw_offer", "gate", "members_of", "offer", "offers", "open_package", "overview", "questions", "save_draft", "statistics", "submit",
]  # fmt: skip

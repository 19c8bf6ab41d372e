"""What packs may not do: point at files, leave scenarios empty, derive from nothing, number from free text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from jianguan.config.packs_folder import shipped_packs
from jianguan.licensing.matters import numbers
from jianguan.licensing.matters.examining import examine
from jianguan.licensing.matters.reading import files_in, stencils_of
from jianguan.licensing.matters.stencils import AssemblyError, assemble

AWARD = shipped_packs() / "award_notice" / "1"
STENCILS = stencils_of(AWARD)


def said(*changes: tuple[str, str], name: str = "matter.yaml", files: Mapping[str, bytes] | None = None) -> list[str]:
    """What the examination says of a pack with a file changed."""
    whole = dict(files or files_in(AWARD))
    for old, new in changes:
        assert old.encode() in whole[name], old
        whole[name] = whole[name].replace(old.encode(), new.encode())
    return [str(problem) for problem in examine(whole, STENCILS).problems]


@pytest.mark.parametrize("name", ["../award_notice/1", "/etc", "a/b", "Licence", ""])
def test_a_stencil_is_named_and_never_pointed_at(name: str) -> None:
    for matter in (f"extends: '{name}'", f"include: {{form: ['{name}']}}", f"include: {{rules: ['{name}']}}"):
        with pytest.raises(AssemblyError, match="names no stencil or part"):
            assemble({"matter.yaml": matter.encode()}, STENCILS)


def test_a_stencil_gives_the_placeholders_that_a_pack_need_not(tmp_path: Path) -> None:
    (tmp_path / "short").mkdir()
    (tmp_path / "short" / "matter.yaml").write_text("title: ${word} ${key}")
    (tmp_path / "short" / "defaults.yaml").write_text("word: refused")
    assert assemble({"matter.yaml": b"extends: short\nkey: k"}, tmp_path) == {
        "matter.yaml": b"title: refused k\nkey: k\n"
    }
    own = assemble({"matter.yaml": b"extends: short\nkey: k\nwith: {word: denied}"}, tmp_path)
    assert own == {"matter.yaml": b"title: denied k\nkey: k\n"}


@pytest.mark.parametrize("content", [b"", b"[]", b"# nothing left"])
def test_an_emptied_file_of_scenarios_is_a_fault(content: bytes) -> None:
    files = {**files_in(AWARD), "tests/conditions.yaml": content}
    assert said(files=files) == ["tests/conditions.yaml: There are no scenarios in this file."]


@pytest.mark.parametrize("name", ["tests/more/conditions.yaml", "tests/notes.txt"])
def test_what_is_no_file_of_scenarios_has_no_place_among_them(name: str) -> None:
    files = {**files_in(AWARD), name: files_in(AWARD)["tests/conditions.yaml"]}
    assert said(files=files) == [f"{name}: There are no scenarios in this file."]


DERIVED = "published_days: {days: [published_from, published_until]}"


@pytest.mark.parametrize(
    ("derivation", "says"),
    [
        ("published_days: {days: [published_from, nothing]}", "nothing is neither an answer, nor a day, nor derived further up."),
        ("published_days: {days: [published_from, bid_price]}", "bid_price cannot be used for days."),
        ("published_days: {days: [further_down, today]}", "further_down is neither an answer"),
        ("published_days: {count: bid_price}", "The form has no group of rows called bid_price."),
        ("published_days: {guess: [published_from, today]}", "is not valid under any of the given schemas"),
        ("published_days: {days: [published_from]}", "is not valid under any of the given schemas"),
        (DERIVED + "\n  bid_price: {sum: [control_price, bid_price]}", "Something else is called bid_price already."),
        (DERIVED + "\n  draw: {sum: [control_price, bid_price]}", "Something else is called draw already."),
        (DERIVED + "\n  unused: {sum: [control_price, bid_price]}", "Nothing asks for unused."),
        ("published_days: {at_most: [control_price, bid_price]}", "published_days must be a number, but true or false is offered"),
    ],
)  # fmt: skip
def test_what_cannot_be_derived_is_a_fault_with_its_line(derivation: str, says: str) -> None:
    lines = (AWARD / "matter.yaml").read_text("utf-8").splitlines()
    derive = lines.index("derive:") + 1
    found = said((DERIVED, derivation))
    assert any(says in one for one in found), found
    named = [one for one in found if one.startswith((f"matter.yaml:{derive + 1}:", f"matter.yaml:{derive + 2}:"))]
    assert named or all(one.startswith("rules/") for one in found if says in one), found


ROWS = shipped_packs() / "drawing_review" / "1"


@pytest.mark.parametrize(
    ("derivation", "says"),
    [
        ("{count: violations, where: {closing: lost}}", "lost is no answer of the column closing."),
        ("{count: violations, where: {closed: open}}", "The rows of violations have no column closed."),
        ("{sum: violations.clause}", "clause cannot be used for sum."),
    ],
)
def test_rows_are_counted_by_what_their_columns_can_say(derivation: str, says: str) -> None:
    old = "violations_open: {count: violations, where: {closing: open}}"
    assert any(says in one for one in said((old, f"violations_open: {derivation}"), files=files_in(ROWS)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('number: "ZBT{division}', 'number: "ZBT{tender_class}'), ""),
        (('number: "ZBT{division}', 'number: "ZBT{project}'), ""),
        (('number: "ZBT{division}', 'number: "ZBT{winner_name}'), "No number knows the part {winner_name}."),
        (
            ("  holders: [winner_uscc]", "  holders: [winner_name]"),
            "certificate/holders: winner_name is no such answer",
        ),
        (("  holders: [winner_uscc]", "  until: awarded_on"), ""),
        (("  holders: [winner_uscc]", "  until: bid_price"), "certificate/until: bid_price is no such answer"),
        (("  holders: [winner_uscc]", "  until: awarded_on\n  years: 3"), "not both"),
    ],
)
def test_a_certificate_takes_from_answers_what_they_can_say(change: tuple[str, str], says: str) -> None:
    found = said(change)
    assert any(says in one for one in found) if says else found == []


def test_an_edition_takes_over_only_what_the_certificate_has() -> None:
    extension = files_in(shipped_packs() / "permit_extend" / "1")
    assert said(files=extension) == []
    assert any(
        "the certificate has no scales" in one for one in said(("{held: scale}", "{held: scales}"), files=extension)
    )


@pytest.mark.django_db
def test_numbers_take_answers_and_the_code_of_the_project() -> None:
    further = {"category": "B", "project": "4601052604150103"}
    issue = [
        numbers.issue("test", "琼建安{category}（{year}）{serial:07}", "460105", date(2026, 4, 15), further)
        for _ in "ab"
    ]
    assert issue == ["琼建安B（2026）0000001", "琼建安B（2026）0000002"]
    other = numbers.issue(
        "test", "琼建安{category}（{year}）{serial:07}", "460105", date(2026, 4, 15), {"category": "A"}
    )
    assert other == "琼建安A（2026）0000001"  # each category counts by itself
    assert (
        numbers.issue("test", "{project}-BD-{serial:03}", "460105", date(2026, 4, 15), further)
        == "4601052604150103-BD-001"
    )

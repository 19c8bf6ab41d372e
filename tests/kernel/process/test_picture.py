"""The drawing of a case: from the file's coordinates, safe under a strict policy, readable without seeing it."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from tests.kernel.process.drawing import Case, end, flows, net, start
from tests.kernel.process.test_progress import PASSED, log, played

from jianguan.kernel.process import Net, Wording, draw, read_net

CHINESE = {"done": "已完成", "in progress": "办理中", "clock stopped": "已停表", "not yet": "未开始"}
SVG = "{http://www.w3.org/2000/svg}"


def in_chinese() -> Wording:
    return Wording("zh", lambda text: CHINESE.get(text, text))


@pytest.fixture
def case(permit: Net) -> Case:
    return played(permit, ("accept", "accept"), *PASSED)


def parsed(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def boxes(svg: str) -> dict[str, tuple[str, str]]:
    """Name → classes and small text of each node that has a name in it."""
    found = {}
    for group in parsed(svg).iter(f"{SVG}g"):
        texts = [text.text or "" for text in group.iter(f"{SVG}text")]
        if texts:
            found[texts[0]] = (group.get("class", ""), texts[-1])
    return found


def test_every_node_shows_how_far_it_is(permit: Net, case: Case) -> None:
    found = boxes(draw(permit, log(case), in_chinese()))
    assert found["窗口受理"] == ("fn done", "06-04 10:12")
    assert found["科室审核"] == ("fn now", "办理中")
    assert found["批准"] == ("fn next", "—")
    assert found["再次核验"] == ("fn next", "再次核验")
    assert found["申请人补正"] == ("fn next loop", "—")


def test_what_is_faulty_is_marked(permit: Net) -> None:
    drawn = draw(permit, [], in_chinese(), faulty={"accept", "check_to_accept"})
    assert boxes(drawn)["窗口受理"][0] == "fn next bad"
    assert boxes(drawn)["批准"][0] == "fn next"
    assert [path.get("class") for path in parsed(drawn) if path.tag == f"{SVG}path"].count("fe bad") == 1


def test_a_stopped_clock_is_shown(permit: Net) -> None:
    stopped = played(permit, ("accept", "correct"))
    assert boxes(draw(permit, log(stopped), in_chinese()))["申请人补正"] == ("fn now stopped loop", "已停表")


def test_the_way_taken_lies_on_top(permit: Net, case: Case) -> None:
    lines = [path.get("class") for path in parsed(draw(permit, log(case))) if path.tag == f"{SVG}path"]
    assert len(lines) == len(permit.flows)
    assert lines == sorted(lines)
    assert lines.count("fe done") == 12


def test_the_drawing_stands_where_the_file_says(permit: Net) -> None:
    root = parsed(draw(permit, []))
    rects = [rect for rect in root.iter(f"{SVG}rect") if rect.get("transform") is None]
    assert ("220", "147", "116", "46") in [
        tuple(rect.get(key) for key in ("x", "y", "width", "height")) for rect in rects
    ]
    left, top, width, height = map(float, root.get("viewBox", "").split())
    for rect in rects:
        assert left < float(rect.get("x")) < left + width
        assert top < float(rect.get("y")) < top + height


def test_the_title_and_the_steps_are_told_in_the_language_of_the_reader(permit: Net, case: Case) -> None:
    root = parsed(draw(permit, log(case), in_chinese()))
    title, steps = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {steps.get('id')}"
    assert title.text == "建筑工程施工许可"
    assert steps.text.splitlines()[1:4] == [
        "2. 受理: 已完成 06-04 10:12",
        "3. 业务审查: 已完成 06-04 13:12",
        "4. 科室审核: 办理中 06-04 13:12",
    ]
    english = parsed(draw(permit, log(case), Wording("en")))
    assert english.find(f"{SVG}title").text == "Construction permit"
    assert english.find(f"{SVG}desc").text.splitlines()[-1] == "6. Certificate: not yet"


def test_nothing_in_it_breaks_a_strict_content_policy(permit: Net, case: Case) -> None:
    root = parsed(draw(permit, log(case)))
    assert {etree.QName(element).localname for element in root.iter()} <= {
        "svg", "title", "desc", "defs", "marker", "path", "g", "rect", "text", "circle",
    }  # fmt: skip
    for element in root.iter():
        assert not {name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name}


def test_names_from_the_file_cannot_become_markup(permit_file: bytes) -> None:
    evil = permit_file.replace("窗口受理".encode(), b"&lt;script&gt;&amp;&quot;")
    svg = draw(read_net(evil.replace(b'id="permit"', b'id="permit-x.y"')), [])
    assert "<script" not in svg
    assert '<script>&"' in boxes(svg)
    assert set(re.findall(r'id="([^"]*)"', svg)) == {
        "flow-permit-x-y-title",
        "flow-permit-x-y-desc",
        "flow-permit-x-y-arrow",
    }


def test_long_names_are_wrapped_within_their_box(permit_file: bytes) -> None:
    long = permit_file.replace("窗口受理".encode(), "建设工程消防设计审查窗口受理".encode())
    assert "建设工程消防设计" in boxes(draw(read_net(long), []))


def test_a_process_without_coordinates_has_no_drawing() -> None:
    assert draw(net(start(), end(), flows("begin -> end")), []) == ""

"""Places: their names in two languages, the areas the standard lacks, and codes as jurisdictions."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from django.db import IntegrityError, connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import undone

from jianguan.platform.accounts.models import Organisation
from jianguan.platform.regions import queries
from jianguan.platform.regions import service as regions
from jianguan.platform.regions.lookups import in_jurisdiction
from jianguan.platform.regions.models import Region
from jianguan.platform.regions.rules import containing, jurisdiction

HAINAN, HAIKOU, XIUYING, BONDED_ZONE = "460000", "460100", "460105", "460100801"
GROUP = "469000"  # 省直辖县级行政区划
codes = st.one_of(
    st.from_regex(r"[1-9][0-9]0000", fullmatch=True),
    st.from_regex(r"[1-9][0-9][0-9][1-9]00", fullmatch=True),
    st.from_regex(r"[1-9][0-9][0-9][1-9][0-9][1-9]", fullmatch=True),
    st.from_regex(r"[1-9][0-9][0-9][1-9][0-9]{2}[0-9]{3}", fullmatch=True),
)


@pytest.fixture(autouse=True)
def _read_afresh():
    yield
    queries.forget()


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
class TestNames:
    @pytest.mark.parametrize(
        ("language", "short", "full"),
        [("zh-hans", "秀英区", "海南省海口市秀英区"), ("en", "Xiuying District", "Xiuying District, Haikou, Hainan")],
    )
    def test_a_place_has_a_name_in_each_language(self, language, short, full):
        with translation.override(language):
            assert (regions.name(XIUYING), regions.full_name(XIUYING)) == (short, full)

    def test_a_management_area_is_named_within_its_city(self):
        assert regions.full_name(BONDED_ZONE) == "海南省海口市海口综合保税区"

    def test_the_group_of_counties_without_a_city_is_not_spoken(self):
        county = Region.objects.filter(parent=GROUP).first()
        assert regions.full_name(county.code) == f"海南省{county.name}"

    def test_an_unknown_code_stands_for_itself(self):
        assert (regions.name("999999"), regions.full_name("999999"), regions.exists("999999")) == (
            "999999",
            "999999",
            False,
        )

    def test_every_place_is_named_and_knows_its_confidence(self):
        assert not Region.objects.filter(name="").exists()
        assert not Region.objects.filter(name_en="").exists()
        assert set(Region.objects.values_list("confidence", flat=True)) <= {
            "sourced",
            "recalled",
            "observed",
            "proposal",
        }


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
class TestBelonging:
    def test_places_within_a_city_include_its_management_areas(self):
        found = [place.code for place in regions.within(jurisdiction(HAIKOU))]
        assert {HAIKOU, XIUYING, BONDED_ZONE} <= set(found)
        assert all(code.startswith("4601") for code in found)
        assert found == sorted(found)

    def test_cities_are_what_people_call_them(self):
        found = {place.code for place in regions.cities("46")}
        counties_without_a_city = set(Region.objects.filter(parent=GROUP).values_list("code", flat=True))
        assert {HAIKOU, "460200"} | counties_without_a_city <= found
        assert not found & {HAINAN, GROUP, XIUYING, BONDED_ZONE}

    def test_every_place_lies_in_the_jurisdiction_of_what_it_belongs_to(self):
        for place in Region.objects.exclude(parent=None).exclude(parent=GROUP):
            assert place.code.startswith(jurisdiction(place.parent_id)), place.code

    @pytest.mark.parametrize(
        ("prefix", "found"),
        [
            ("", {HAINAN, HAIKOU, XIUYING, BONDED_ZONE, "460200"}),
            ("46", {HAINAN, HAIKOU, XIUYING, BONDED_ZONE, "460200"}),
            ("4601", {HAIKOU, XIUYING, BONDED_ZONE}),
            ("460105", {XIUYING}),
            ("460100801", {BONDED_ZONE}),
            ("99", set()),
        ],
    )
    def test_a_jurisdiction_is_a_condition_of_the_database(self, prefix, found):
        Organisation.objects.all().update(region="310000")
        for number, code in enumerate((HAINAN, HAIKOU, XIUYING, BONDED_ZONE, "460200")):
            Organisation.objects.create(kind="authority", name=f"o{number}", region=code)
        rows = Organisation.objects.filter(in_jurisdiction(prefix)).exclude(region="310000")
        assert {row.region for row in rows} == found


class TestCodes:
    @pytest.mark.parametrize(
        ("code", "prefix"),
        [(HAINAN, "46"), (HAIKOU, "4601"), (XIUYING, XIUYING), (BONDED_ZONE, BONDED_ZONE), ("460400", "4604")],
    )
    def test_the_jurisdiction_of_a_place(self, code, prefix):
        assert jurisdiction(code) == prefix

    @pytest.mark.parametrize(
        ("code", "around"),
        [
            (XIUYING, [XIUYING, HAIKOU, HAINAN]),
            (BONDED_ZONE, [BONDED_ZONE, HAIKOU, HAINAN]),
            (HAIKOU, [HAIKOU, HAINAN]),
            (HAINAN, [HAINAN]),
        ],
    )
    def test_the_places_around_a_place(self, code, around):
        assert containing(code) == around

    @given(codes)
    def test_whatever_contains_a_place_has_it_in_its_jurisdiction(self, code):
        assert containing(code)[0] == code
        assert all(code.startswith(jurisdiction(outer)) for outer in containing(code))


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
class TestLoading:
    def write(self, folder, **changes):
        island = {"code": "460399001", "zh": "新岛", "en": "New Island", "kind": "management_area", **changes}
        document = {
            "confidence": "sourced",
            "provinces": [{"code": HAINAN, "zh": "海南省", "en": "Hainan", "parts": [island]}],
        }
        file = folder / "regions.yaml"
        file.write_text(yaml.safe_dump(document, allow_unicode=True))
        return file

    def test_loading_again_changes_nothing(self):
        before = list(Region.objects.order_by("code").values())
        assert regions.load() == len(before)
        assert list(Region.objects.order_by("code").values()) == before

    def test_a_new_place_is_known_at_once_and_others_stay(self, tmp_path):
        count = Region.objects.count()
        assert not regions.exists("460399001")
        regions.load(self.write(tmp_path))
        assert regions.name("460399001") == "新岛"
        assert Region.objects.count() == count + 1

    def test_a_place_that_ended_keeps_its_name(self, tmp_path):
        regions.load(self.write(tmp_path))
        regions.load(self.write(tmp_path, to=date(2026, 6, 30), replaced_by=HAIKOU))
        ended = Region.objects.get(pk="460399001")
        assert (ended.valid_to, ended.replaced_by_id) == (date(2026, 6, 30), HAIKOU)
        assert regions.name("460399001") == "新岛"

    def test_a_file_that_names_an_unknown_successor_changes_nothing(self, tmp_path):
        file = self.write(tmp_path, replaced_by="999999")
        with undone():
            regions.load(file)
            with pytest.raises(IntegrityError):
                connection.check_constraints()
        assert not Region.objects.filter(pk="460399001").exists()

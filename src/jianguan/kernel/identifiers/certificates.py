"""Certificate numbers of enterprises and people.

The forms are sourced from samples and handbooks, not from the standards, and newer rules exist whose text was not at
hand (C0293-2024, C0304-2022). So a number in another form is accepted with a warning wherever it still could be one.
"""

from __future__ import annotations

import re

from jianguan.kernel.identifiers.hygiene import tidy
from jianguan.kernel.identifiers.shape import HAN, LOCAL, YEAR, Form, known, tolerant
from jianguan.kernel.messages import message

# Of the 2008 rule for special workers (sourced): from 01 electrician to 11 gondola fitter, 99 other.
_TRADES = "0[1-9]|1[01]|99"
_PROVINCE_NAMES = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵军]"
_PROVINCE_CODES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[12]|99"
_COPY = r"(?:-(?P<copy>\d{1,2}(?:/\d{1,2})?))?"

_province = known(
    "province", _PROVINCE_NAMES, lambda name: message("%(name)s is not the short name of a province.", name=name)
)
_province_code = known(
    "region", _PROVINCE_CODES, lambda code: message("%(code)s is not the code of a province.", code=code)
)


def _safety_licence_brackets(text: str) -> str:
    """Round brackets about the province, square ones about the year."""
    return re.sub(r"^[\[(](.)[\])]JZ安许证字[\[(](\d{4})[\])]", r"(\1)JZ安许证字[\2]", tidy(text))


def _round_brackets(text: str) -> str:
    return tidy(text).replace("[", "(").replace("]", ")")


SAFETY_LICENCE = tolerant(
    "safety_licence",
    message("A safety licence number is written like %(example)s.", example="(琼)JZ安许证字[2020]000001"),
    Form(rf"\((?P<province>{HAN})\)JZ安许证字\[{YEAR}\](?P<serial>\d{{6}}){_COPY}", soft=(_province,)),
    otherwise=rf"(?=.*安许证){LOCAL}",
    clean=_safety_licence_brackets,
)
"""Work safety licence of construction enterprises 安全生产许可证. The year is that of the first issue."""

BUILDER = tolerant(
    "builder",
    message(
        "A builder's registration number is the province's short name, the grade 1 or 2 and eleven digits, like %(example)s.",
        example="琼246202100001",
    ),
    Form(
        rf"(?P<province>{HAN})(?P<grade>[12])(?P<region>\d\d)(?P<qualified>\d\d)(?P<registered>\d\d)(?P<serial>\d{{5}})",
        soft=(_province, _province_code),
    ),
    otherwise=rf"{HAN}[12]\d{{7,18}}",
)
"""Registered builder 注册建造师: the province is today's, `region` that of the first registration; years have two digits."""

SAFETY_OFFICER = tolerant(
    "safety_officer",
    message(
        "A safety assessment certificate number is written like %(example)s, with A, B, C1, C2 or C3.",
        example="琼建安B(2026)0000001",
    ),
    Form(rf"(?P<province>{HAN})建安(?P<category>A|B|C[123])\({YEAR}\)(?P<serial>\d{{7}})", soft=(_province,)),
    otherwise=rf"(?=.*建安){LOCAL}",
    clean=_round_brackets,
)
"""Safety assessment certificate 安全生产考核合格证书 of managers (A), project leaders (B) and safety officers (C1-C3)."""

SPECIAL_WORKER = tolerant(
    "special_worker",
    message(
        "A special worker's certificate number is the province's short name, the city's letter, two digits of the trade, "
        "the year and six digits, like %(example)s.",
        example="琼A032026000001",
    ),
    Form(
        rf"(?P<province>{HAN})(?P<city>[A-Z])(?P<trade>\d\d){YEAR}(?P<serial>\d{{6}})",
        soft=(
            _province,
            known("trade", _TRADES, lambda code: message("%(code)s is not a known trade.", code=code)),
        ),
    ),
    otherwise=rf"(?={HAN}?[0-9A-Z]+$){LOCAL}",
)
"""Special worker's certificate 建筑施工特种作业操作资格证书, rule of 2008; newer numbers have no known rule."""

QUALIFICATION = tolerant(
    "qualification",
    message(
        "A qualification certificate number is a letter A to F, W for foreign enterprises, the level 1 to 3 and eight "
        "digits, like %(example)s.",
        example="D246000017",
    ),
    Form(
        rf"(?P<type>[A-F])(?P<foreign>W)?(?P<level>[123])(?P<region>\d\d)(?P<serial>\d{{5}})(?P<check>\d){_COPY}",
        soft=(_province_code,),
    ),
    otherwise=rf"(?=[A-Z]){LOCAL}",
    clean=tidy,
)
"""Enterprise qualification certificate 建设工程企业资质证书; how its check digit is computed is not public."""

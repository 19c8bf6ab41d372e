"""What the design guide shows. Data is Chinese in both languages, as it is in the libraries; words of ours are translated."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jianguan.platform import clock
from jianguan.platform.web.components import (
    Check,
    Event,
    Field,
    Figure,
    Material,
    Mistake,
    Options,
    Outcome,
    Step,
    Tab,
)
from jianguan.platform.web.menus import MenuItem, MenuSection

STATE = _("State")
SEARCH_CASES = _("Number or project")

COLOURS = [
    ("selected", "#EEF4FB"), ("blue line", "#C3D8F1"), ("accent", "#2A6BBF"), ("primary", "#1A55A6"),
    ("bar", "#0F2F5E"), ("ink", "#1C2736"), ("ink 3", "#5A697D"), ("ground", "#F3F5F9"),
]  # fmt: skip
TAGS = [
    ("草稿", "neutral"), ("待受理", "blue"), ("审查中", "teal"), ("待补正", "orange"), ("待批准", "purple"),
    ("特别程序", "brown"), ("已办结", "green"), ("不予许可", "red"), ("预警", "yellow"), ("督办", "solid"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a lamp shows."""

    level: str
    days: int = 0
    working: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the list."""

    number: str
    matter: str
    project: str
    applicant: str
    place: str
    state: str
    tone: str
    stage: str
    check: Check
    accepted: datetime
    deadline: Deadline
    urged: bool = False


_PASSED = Check("passed", "通过")
_REMARK = Check("remark", "1 项提示")


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=clock.LEGAL_ZONE)


NOW = _at(6, 11, 9, 42)
LAMPS = [Deadline("overdue", 2), Deadline("today"), Deadline("soon", 1), Deadline("ok", 6), Deadline("stopped")]
CASES = [
    Case("SG202506030294", "建设工程质量安全监督手续", "城北污水处理厂提质扩容工程", "洞庭水务工程有限公司", "张家界市",
         "待审核", "teal", "科室审核", _PASSED, _at(6, 3, 15, 29), Deadline("overdue", 2)),
    Case("SG202506068182", "二级建造师执业资格注册", "滨江新城二期A3地块住宅项目", "橘洲建设监理有限公司", "常德市",
         "待批准", "purple", "分管领导批准", _PASSED, _at(6, 6, 8, 54), Deadline("overdue", 2)),
    Case("SG202506040217", "建筑工程施工许可证核发", "滨江新城二期A3地块住宅项目", "浏阳河置业有限公司", "长沙市",
         "待审核", "teal", "科室审核", _REMARK, _at(6, 8, 12, 36), Deadline("today")),
    Case("SG202506064595", "施工合同信息归集", "云龙示范区标准厂房（一标段）", "洞庭水务工程有限公司", "湘西州",
         "审查中", "teal", "业务审查", _PASSED, _at(6, 6, 15, 7), Deadline("today")),
    Case("SG202506040278", "建设工程消防设计审查", "城北污水处理厂提质扩容工程", "沅澧机械租赁有限公司", "衡阳市",
         "审查中", "teal", "业务审查", _PASSED, _at(6, 4, 12, 13), Deadline("soon", 1), urged=True),
    Case("SG202506076503", "建设工程竣工验收备案", "桃花仑保障性租赁住房", "芙蓉勘察设计研究院有限公司", "郴州市",
         "待受理", "blue", "窗口受理", _REMARK, _at(6, 7, 9, 31), Deadline("ok", 4)),
    Case("SG202506107656", "建设工程消防验收", "会展中心二期钢结构屋面", "浏阳河置业有限公司", "常德市",
         "待补正", "orange", "申请人补正", _PASSED, _at(6, 10, 13, 39), Deadline("stopped")),
]  # fmt: skip

STATES: Options = [("", _("All states")), *((state, state) for state in dict.fromkeys(case.state for case in CASES))]

_STEPS = [
    Step("申请", "done", "06-04 09:12"), Step("受理", "done", "06-04 15:40"), Step("业务审查", "done", "06-09 17:02"),
    Step("科室审核", "now", "办理中"), Step("批准"), Step("制证"), Step("送达办结"),
]  # fmt: skip
_CHECKS = [
    Check("passed", "施工企业资质满足承包范围", "企业库 · 建筑工程施工总承包特级，有效期至 2028-11-06", "#checks"),
    Check("passed", "安全生产许可证在有效期内", "企业库 · （湘）JZ 安许证字〔2005〕000012，至 2026-09-30", "#checks"),
    Check("remark", "项目经理尚有在建工程",
          "人员库 · 马国庆在「云龙示范区标准厂房」任项目经理，变更手续 06-10 已受理未办结", "#checks"),
    Check("waiting", "参建各方无限制承接记录", "信用库 · 正在查询"),
]  # fmt: skip
_TERMS = [
    ("项目编码", "2504-430104-04-01-386215"), ("建设单位", "浏阳河置业有限公司"),
    ("统一社会信用代码", "91430104MA4PXXXX7K"), ("建设地点", "长沙市岳麓区滨江大道以西、银杉路以南"),
    ("工程类别", "房屋建筑 / 住宅"), ("建设规模", "地上 98,640.52 ㎡，地下 21,305.18 ㎡，11 栋"),
    ("合同价格", "42,386.55 万元"), ("合同工期", "2025-06-20 至 2027-08-31（802 日历天）"),
]  # fmt: skip
_EVENTS = [
    Event("科室审核", _at(6, 10, 8, 31), "周敏", "审核科", "签收，办理中", "now"),
    Event("一次性告知补正", _at(6, 5, 11, 47), "陈思远", "建筑市场监管科",
          "资金落实证明未加盖公章，请于 06-12 前补正。补正期间不计入承诺时限。", "warn"),
    Event("窗口受理", _at(6, 4, 15, 40), "李佳", "政务服务中心"),
]  # fmt: skip
_MATERIALS = [
    Material("planning", "建设工程规划许可证", "shared", "建字第430104202500187号"),
    Material("contract", "施工合同", "uploaded", "施工合同（盖章版）.pdf · 2.4 MB"),
    Material("photos", "现场照片", required=False),
]
_YES_NO = [("yes", _("Yes")), ("no", _("No"))]
_FROM_PROJECT = "项目库带出"
_CODE = Field("code", "项目编码", "2504-430104-04-01-386215", required=True, fill=True,
              hint="国家投资项目在线审批监管平台代码")  # fmt: skip
_RATE = Field("rate", "装配率", "152", required=True, unit="%", error="不得大于 100",
              show=json.dumps([["prefabricated", ["yes"]]]))  # fmt: skip
_PREFABRICATED = Field("prefabricated", "是否装配式建筑", "yes", "radio", _YES_NO, required=True)


def components() -> dict[str, Any]:
    """The context of the components page but for its list."""
    return {
        "menu_sections": menu("design"),
        "colours": COLOURS,
        "tags": TAGS,
        "lamps": LAMPS,
        "fields": [_CODE, _PREFABRICATED, _RATE],
        "mistakes": [Mistake("rate", "装配率", "不得大于 100")],
        "steps": _STEPS,
        "checks": _CHECKS,
        "terms": _TERMS,
        "events": _EVENTS,
        "materials": _MATERIALS,
        "outcomes": [
            Outcome("pass", "同意，报批"),
            Outcome("back", "退回补正", "mid"),
            Outcome("deny", "不予许可", "neg"),
        ],
        "phrases": ["符合《建筑工程施工许可管理办法》第四条", "项目经理变更手续办结后制证"],
        "opinion": "经核，材料齐全、符合法定条件。",
        "remark": "尚有 1 项提示。同意时须写明处理意见，将随档留痕。",
        "figures": _figures(),
        "tabs": [Tab("我的待办", "?", 86, current=True), Tab("本科室", "?", 128), Tab("补正与中止", "?", 14)],
        "heads": ["事项", "法定 / 承诺时限", "材料"],
        "matters": [("建筑工程施工许可证核发", "7 / 5 个工作日", "规划许可证、中标通知书、施工合同、资金落实证明"),
                    ("建设工程消防验收", "15 / 8 个工作日", "竣工验收报告、竣工图纸、检测报告"),
                    ("安全生产许可证延期", "10 / 5 个工作日", "延期申请表")],
        "now": NOW,
    }  # fmt: skip


def _figures() -> list[Figure]:
    unit = _("cases")
    return [
        Figure("全部待办", 86, unit, "?", current=True),
        Figure("待受理", 16, unit, "?state=待受理"),
        Figure("审查中", 26, unit, "?state=审查中"),
        Figure("待审核", 10, unit, "?state=待审核"),
        Figure("今日到期", 3, unit, "?", tone="orange"),
        Figure("已超期", 4, unit, "?", tone="red"),
    ]


def menu(current: str) -> list[MenuSection]:
    """The pages of the guide, and the parts of its first one."""
    pages = [
        MenuItem(_("Components"), icon="components", url=reverse("design")),
        MenuItem(_("Application form"), icon="forms", url=reverse("design-form")),
        MenuItem(_("Portal"), icon="world", url=reverse("design-portal")),
        MenuItem(_("Verified certificate"), icon="qrcode", url=reverse("design-verified")),
    ]
    parts = [
        MenuItem(_("Colours and type"), icon="palette", url="#colours"),
        MenuItem(_("Forms"), icon="edit", url="#forms"),
        MenuItem(_("Course of a case"), icon="route", url="#course"),
        MenuItem(_("Lists"), icon="table", url="#lists", count=len(CASES)),
        MenuItem(_("Objects"), icon="file-text", url="#objects"),
    ]
    return [
        MenuSection(_("Design guide"), [replace(item, current=item.url == reverse(current)) for item in pages]),
        MenuSection(_("On this page"), parts),
    ]


def form() -> dict[str, Any]:
    """An application as the applicant sees it after a check that found mistakes."""
    housing = json.dumps([["category", ["housing"]]])
    basics = [
        _CODE,
        Field("name", "工程名称", "滨江新城二期A3地块住宅项目", span=8, required=True, source=_FROM_PROJECT),
        Field("city", "所在市州", "长沙市", "select", [("长沙市", "长沙市"), ("株洲市", "株洲市")], required=True,
              source=_FROM_PROJECT),
        Field("address", "建设地址", "长沙市岳麓区滨江大道以西、银杉路以南", span=8, required=True,
              source=_FROM_PROJECT),
        Field("category", "工程类别", "housing", "radio", [("housing", "房屋建筑"), ("municipal", "市政基础设施"),
              ("fitting", "装饰装修"), ("other", "其他")], span=8, required=True),
        Field("structure", "结构类型", "剪力墙结构", "select", [("剪力墙结构", "剪力墙结构"), ("框架结构", "框架结构")],
              required=True, source=_FROM_PROJECT, show=housing),
        Field("length", "道路（管线）长度", unit="米", show=json.dumps([["category", ["municipal"]]]), shown=False),
        Field("above", "地上建筑面积", "98640.52", required=True, unit="㎡", source=_FROM_PROJECT, show=housing),
        Field("below", "地下建筑面积", "21305.18", unit="㎡", source=_FROM_PROJECT, show=housing),
        Field("price", "合同价格", "42386.55", required=True, unit="万元", source=_FROM_PROJECT),
    ]  # fmt: skip
    schedule = [
        Field("begin", "计划开工日期", "2025-06-20", "date", required=True),
        Field("end", "计划竣工日期", "2025-06-01", "date", required=True, error="应晚于计划开工日期"),
        Field("award", "发包方式", "open", "radio", [("open", "公开招标"), ("invited", "邀请招标"),
              ("direct", "直接发包")], required=True),
        _PREFABRICATED,
        _RATE,
        Field("remarks", "其他说明", kind="textarea", span=12),
    ]  # fmt: skip
    mistakes = [Mistake("end", "计划竣工日期", "应晚于计划开工日期"), Mistake("rate", "装配率", "不得大于 100")]
    return {
        "tabs_sections": [MenuSection("", menu("design-form")[0].items)],
        "crumbs": [("办事大厅", reverse("design")), ("建筑工程施工许可证核发", "")],
        "parts": [("basics", "工程基本信息", basics, 0), ("schedule", "工期与发包", schedule, len(mistakes))],
        "mistakes": mistakes,
        "dangers": [("基坑工程", "开挖深度 9.8 m", "2025-05-22"), ("起重吊装及拆卸", "塔机 4 台", "")],
        "materials": _MATERIALS,
        "advice": [Check("passed", "企业资质、安许证有效"), Check("passed", "施工图审查已合格"),
                   Check("remark", "项目经理尚有在建工程，请先办理变更或上传承诺书")],
        "course": [Event("网上申请", words="当前步骤", tone="now"), Event("窗口受理", words="1 个工作日内"),
                   Event("审查与审核", words="四库自动核验 + 人工审查"), Event("批准制证", words="电子证照，扫码可验")],
    }  # fmt: skip


def portal() -> dict[str, Any]:
    """The first page the public sees."""
    stages = [
        ("立项用地", ["项目编码赋码", "工程规划许可（共享）", "超限高层抗震审批"]),
        ("招标投标", ["招标公告备案", "中标通知书备案", "合同信息归集"]),
        ("勘察设计", ["施工图审查备案", "消防设计审查", "勘察设计资质"]),
        ("施工许可", ["施工许可证核发", "质量安全监督手续", "许可变更、延期"]),
        ("施工过程", ["起重机械使用登记", "危大工程专家论证", "安全生产许可证"]),
        ("竣工验收", ["消防验收", "竣工验收备案", "节能专项备案"]),
    ]
    return {
        "kinds": [("enterprise", "企业"), ("person", "人员"), ("project", "项目"), ("certificate", "证书核验")],
        "figures": [(78371, "受理工程总量（个）"), (40148, "办理图审（件）"), (11494, "施工许可证（个）"),
                    (18115, "安全生产许可证（个）"), (10681, "中标通知书（份）"), (6284, "在建项目（个）")],
        "stages": stages,
        "exposed": [("严重失信", "red", "某某建筑劳务有限公司：拖欠农民工工资被列入名单", date(2025, 6, 10)),
                    ("不良行为", "orange", "某某监理有限公司：总监理工程师未到岗履职", date(2025, 6, 9)),
                    ("行政处罚", "orange", "某某置业有限公司：未取得施工许可擅自施工", date(2025, 6, 9)),
                    ("良好行为", "green", "某某建工集团：获评 2024 年度优质建设工程奖", date(2025, 6, 4))],
        "published": [("滨江新城二期A3地块住宅项目施工许可公示", date(2025, 6, 11)),
                      ("2025 年第 11 批建筑业企业资质审查意见公示", date(2025, 6, 10)),
                      ("第 23 批二级建造师初始注册公告", date(2025, 6, 10)),
                      ("关于公布 2025 年第二批建筑起重机械一体化企业名单的公告", date(2025, 6, 4))],
    }  # fmt: skip


def verified() -> dict[str, Any]:
    """A valid certificate."""
    return {
        "checked_at": NOW,
        "terms": [("证书编号", "430104202506040101"), ("工程名称", "滨江新城二期A3地块住宅项目"),
                  ("建设单位", "浏阳河置业有限公司"), ("施工单位", "湘江建工集团有限公司"), ("项目经理", "马国庆"),
                  ("建设规模", "119,945.70 ㎡"), ("合同价格", "42,386.55 万元"), ("发证日期", "2025-06-11")],
        "proofs": [Check("passed", "电子印章签名有效", "长沙市住房和城乡建设局"),
                   Check("passed", "文件摘要与存档一致", "SHA-256 9f2c…e71b"), Check("passed", "未被变更、注销或撤销")],
    }  # fmt: skip

"""What 模擬市 is: its units and people, its maps, and what it measures.

Names and figures are invented; no unit, person or plan of a real city is meant.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

CITY = "sim-city"
# Figures of so many years go the whole way; older ones are only known.
YEARS = 3
YEARS_KNOWN = 2


class UnitPlan(NamedTuple):
    code: str
    parent: str
    name: str
    short_name: str
    kind: str


class PersonPlan(NamedTuple):
    username: str
    name: str
    role: str
    unit: str


class ThemePlan(NamedTuple):
    """A theme of a card, with its lead and its members, by the codes of units."""

    code: str
    name: str
    members: tuple[str, ...]


class ObjectivePlan(NamedTuple):
    """An objective: `supports` is one of the city's, `helps` are of the same card."""

    code: str
    name: str
    factor: str
    supports: str = ""
    helps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiPlan:
    """A KPI and its story.

    `owners` are codes of units; of several the first enters and the others sign.
    `targets` are those of the three years, `known` the figures of the two before; a
    target without digits is one in words. `outcomes` has a letter a year: E excellent,
    G good, M good although missed, F fair, P poor, U no figure. `ways` says how each
    year's figure went its way. `inputs` are numerator and denominator of the formula,
    `base` about what the denominator counts.
    """

    code: str
    name: str
    measure: str
    owners: tuple[str, ...]
    targets: tuple[str, str, str]
    outcomes: str
    ways: tuple[str, str, str]
    known: tuple[str, str] = ("", "")
    is_negative: bool = False
    decimals: int = 1
    inputs: tuple[str, ...] = ()
    base: int = 0
    formula: str = ""
    source: str = ""
    is_outside: bool = False
    cause: str = ""
    remedy: str = ""
    plan: str = ""
    budget: int = 0
    exemption: str = ""

    @property
    def objective(self) -> str:
        return self.code.partition(".")[0]

    @property
    def formula_text(self) -> str:
        """The formula as a card prints it."""
        if self.inputs:
            return f"({self.inputs[0]}/{self.inputs[1]})*100%"
        return self.formula

    @property
    def is_in_words(self) -> bool:
        return not any(digit.isdigit() for digit in self.targets[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlan:
    """The card of one unit, alike in all years but for its targets."""

    unit: str
    mission: str
    vision: str
    values: tuple[str, ...]
    themes: tuple[ThemePlan, ...]
    objectives: tuple[ObjectivePlan, ...]
    kpis: tuple[KpiPlan, ...]
    parent_theme: str = ""
    top: frozenset[str] = field(default_factory=frozenset)


PERSPECTIVES = (
    ("C", "顧客"),
    ("P", "內部流程"),
    ("L", "學習成長"),
    ("F", "財務"),
)

UNITS = (
    UnitPlan(CITY, "", "模擬市", "模擬市", "city"),
    UnitPlan("sim-social", CITY, "模擬市社會福利局", "社福局", "bureau"),
    UnitPlan("sim-care", "sim-social", "模擬市長青照顧中心", "長照中心", "centre"),
    UnitPlan("sim-care-home", "sim-care", "居家服務組", "居服組", "section"),
    UnitPlan("sim-care-day", "sim-care", "日間照顧組", "日照組", "section"),
    UnitPlan("sim-care-plan", "sim-care", "照顧規劃組", "照規組", "section"),
    UnitPlan("sim-child", "sim-social", "兒少支持科", "兒少科", "section"),
    UnitPlan("sim-env", CITY, "模擬市環境品質局", "環品局", "bureau"),
    UnitPlan("sim-waste", "sim-env", "資源循環科", "循環科", "section"),
    UnitPlan("sim-air", "sim-env", "空氣品質科", "空品科", "section"),
    UnitPlan("sim-works", CITY, "模擬市公共建設局", "公建局", "bureau"),
    UnitPlan("sim-road", "sim-works", "道路維護科", "道路科", "section"),
    UnitPlan("sim-park", "sim-works", "公園綠地科", "公園科", "section"),
)

# The first four are the accounts one can log in with, under DEBUG.
PEOPLE = (
    PersonPlan("sim-staff", "何家瑜", "staff", "sim-care-home"),
    PersonPlan("sim-head", "彭雅文", "manager", "sim-care-home"),
    PersonPlan("sim-manager", "江承翰", "manager", CITY),
    PersonPlan("sim-planner", "魏思穎", "planner", CITY),
    PersonPlan("sim-care-day-staff", "邱品妤", "staff", "sim-care-day"),
    PersonPlan("sim-care-day-head", "簡志豪", "manager", "sim-care-day"),
    PersonPlan("sim-care-plan-staff", "溫子晴", "staff", "sim-care-plan"),
    PersonPlan("sim-care-plan-head", "范宇軒", "manager", "sim-care-plan"),
    PersonPlan("sim-child-staff", "柯沛珊", "staff", "sim-child"),
    PersonPlan("sim-child-head", "馮冠廷", "manager", "sim-child"),
    PersonPlan("sim-waste-staff", "傅詠晴", "staff", "sim-waste"),
    PersonPlan("sim-waste-head", "涂柏宏", "manager", "sim-waste"),
    PersonPlan("sim-air-staff", "連芷萱", "staff", "sim-air"),
    PersonPlan("sim-air-head", "湯秉睿", "manager", "sim-air"),
    PersonPlan("sim-road-staff", "尤思敏", "staff", "sim-road"),
    PersonPlan("sim-road-head", "古振維", "manager", "sim-road"),
    PersonPlan("sim-park-staff", "童郁婷", "staff", "sim-park"),
    PersonPlan("sim-park-head", "伍建成", "manager", "sim-park"),
    PersonPlan("sim-care-manager", "卓惠玲", "manager", "sim-care"),
    PersonPlan("sim-social-manager", "藍文彬", "manager", "sim-social"),
    PersonPlan("sim-env-manager", "康淑貞", "manager", "sim-env"),
    PersonPlan("sim-works-manager", "紀明哲", "manager", "sim-works"),
)
ACCOUNTS = PEOPLE[:4]

"""Numbers and days as Excel displays them in the cells of its formats."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.grid.formats import number_format


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("General", "91.6", "91.6"),
        ("General", "0", "0"),
        ("General", "-1.50", "-1.5"),
        ("General", "0.333333333333333", "0.333333333"),
        ("General", "33.3333333333333", "33.33333333"),
        ("General", "12345678901", "12345678901"),
        ("General", "123456789012", "1.23457E+11"),
        ("General", "0.00012345678", "0.000123457"),
        ("General", "0.30000000000000004", "0.3"),
        ('General"人"', "56", "56人"),
        ("0", "56", "56"),
        ("0", "2.5", "3"),
        ("0", "-2.5", "-3"),
        ("0.00", "91.6", "91.60"),
        ("0.00", "1.005", "1.01"),
        ("0.00", "-29.4117", "-29.41"),
        ("0.0", "60", "60.0"),
        ("0.0", "90.25", "90.3"),
        ("#,##0", "803500", "803,500"),
        ("#,##0", "-1900000", "-1,900,000"),
        ("#,##0", "0", "0"),
        ("#,##0.00", "1234.5", "1,234.50"),
        ("#,###", "0", ""),
        ("#.##", "0.5", ".5"),
        ("#.##", "5", "5."),
        ("0.0##", "5.25", "5.25"),
        ("00000", "42", "00042"),
        ("0%", "0.916", "92%"),
        ("0.00%", "0.9160", "91.60%"),
        ('0"人"', "56", "56人"),
        ("0人", "56", "56人"),
        ('"約"0', "-5", "-約5"),
        ('"NT$"#,##0', "75000", "NT$75,000"),
        ("[$NT$-404]#,##0", "75000", "NT$75,000"),
        ("#,##0,", "1900000", "1,900"),
        ('0.0,,"百萬"', "1900000", "1.9百萬"),
        ("000-0000", "7201234", "720-1234"),
        ("0_);(0)", "-5", "(5)"),
        ("0_);(0)", "5", "5"),
        ("#,##0;[Red]-#,##0", "-1234", "-1,234"),
        ('0;-0;"無"', "0", "無"),
        ("0;;", "-5", ""),
        (";;;", "5", ""),
        ('[>=100]0"以上";0.0', "120", "120以上"),
        ('[>=100]0"以上";0.0', "88", "88.0"),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "1234", "1,234"),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "0", "-"),
        ("0.00E+00", "12345", "1.23E+04"),
        ("##0.0E+0", "12345", "12.3E+3"),
        ("# ?/?", "1.5", "1 1/2"),
        ("?/8", "0.25", "2/8"),
        ("@", "111", "111"),
        ("yyyy/m/d", "44621", "2022/3/1"),
        ('yyyy"年"m"月"d"日"', "44621", "2022年3月1日"),
        ('m"月"d"日"', "44197", "1月1日"),
        ("d-mmm", "44197", "1-Jan"),
        ("[$-404]e/m/d", "44621", "111/3/1"),
        ('[$-404]ggge"年"m"月"d"日"', "44621", "中華民國111年3月1日"),
        ("[$-404]aaaa", "44621", "星期二"),
        ("yyyy/mm/dd hh:mm", "44621.75", "2022/03/01 18:00"),
        ("h:mm AM/PM", "0.75", "6:00 PM"),
        ('上午/下午h"時"mm"分"', "0.25", '上午6時00分'),
        ("[h]:mm", "1.5", "36:00"),
        ("mm:ss.0", "0.00001", "00:00.9"),
        ("yyyy/m/d", "-5", "-5"),
        ("m/d/yyyy", "1", "1/1/1900"),
    ],
)  # fmt: skip
def test_a_number_is_displayed_as_excel_displays_it(code: str, number: str, text: str):
    assert number_format(code).number_text(Decimal(number)) == text


@pytest.mark.parametrize(
    ("code", "stored", "text"),
    [
        ("@", "1-1", "1-1"),
        ("0.00", "無", "無"),
        ('0;0;0;"第"@"號"', "5", "第5號"),
        (";;;", "secret", ""),
    ],
)
def test_a_text_is_displayed_as_excel_displays_it(code: str, stored: str, text: str):
    assert number_format(code).shown_text(stored) == text


def test_any_format_code_displays_something_or_nothing_but_never_fails():
    signs = st.sampled_from('0#?.,%/@EeGgyYmdhsab[];"\\_*+-()年人$ 19<>=')

    @given(st.text(signs, max_size=20), st.decimals(-1_000_000, 1_000_000, places=3))
    def displays(code: str, number: Decimal) -> None:
        shown = number_format(code)
        assert isinstance(shown.number_text(number), str)
        assert isinstance(shown.shown_text("text"), str)

    displays()

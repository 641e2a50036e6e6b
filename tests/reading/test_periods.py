from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reading.periods.dates import find_time_mentions
from pipelines.reading.periods.relative_dates import TimeContext

TODAY = date(2025, 11, 20)  # a Thursday


def resolve(text: str, fiscal_year_ends: int = 9, today: date | None = TODAY) -> list[tuple[str, str, str]]:
    context = TimeContext(today, lambda _: fiscal_year_ends)
    return [
        (str(mention.first), str(mention.last), mention.kind)
        for mention in find_time_mentions(text, 0, len(text), context)
    ]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024年", "2024-01-01", "2024-12-31"), ("二〇二四年", "2024-01-01", "2024-12-31"), ("民国113年", "2024-01-01", "2024-12-31"),
        ("2024年3月", "2024-03-01", "2024-03-31"), ("2024 年 3 月 5 日", "2024-03-05", "2024-03-05"), ("2024-03-05", "2024-03-05", "2024-03-05"),
        ("2024年2月底", "2024-02-29", "2024-02-29"), ("2024年7月初", "2024-07-01", "2024-07-01"), ("2024年7月中旬", "2024-07-11", "2024-07-20"),
        ("2024年上半年", "2024-01-01", "2024-06-30"), ("2024年第三季度", "2024-07-01", "2024-09-30"), ("2024年q2", "2024-04-01", "2024-06-30"),
        ("2024年前10个月", "2024-01-01", "2024-10-31"), ("2024年前三季度", "2024-01-01", "2024-09-30"), ("2024年1-5月", "2024-01-01", "2024-05-31"),
        ("2024年底", "2024-12-31", "2024-12-31"), ("2024年初", "2024-01-01", "2024-01-01"), ("2022至2024年", "2022-01-01", "2024-12-31"),
        ("2022年8月至2023年2月", "2022-08-01", "2023-02-28"), ("从2013年到2024年", "2013-01-01", "2024-12-31"),
        ("2025财年", "2024-10-01", "2025-09-30"), ("2025财政年度第一季度", "2024-10-01", "2024-12-31"), ("fy2025", "2024-10-01", "2025-09-30"),
        ("上一财年", "2024-10-01", "2025-09-30"), ("本财年前两个月", "2025-10-01", "2025-11-30"), ("20世纪90年代", "1990-01-01", "1999-12-31"),
        ("上世纪七十年代", "1970-01-01", "1979-12-31"), ("今年", "2025-01-01", "2025-12-31"), ("去年底", "2024-12-31", "2024-12-31"),
        ("去年12月", "2024-12-01", "2024-12-31"), ("上个月", "2025-10-01", "2025-10-31"), ("上上个月", "2025-09-01", "2025-09-30"),
        ("9月", "2025-09-01", "2025-09-30"), ("12月", "2024-12-01", "2024-12-31"), ("7月至9月", "2025-07-01", "2025-09-30"),
        ("三季度", "2025-07-01", "2025-09-30"), ("上季度", "2025-07-01", "2025-09-30"), ("昨天", "2025-11-19", "2025-11-19"),
        ("周二", "2025-11-18", "2025-11-18"), ("上周五", "2025-11-14", "2025-11-14"), ("上周", "2025-11-10", "2025-11-16"),
        ("12日", "2025-11-12", "2025-11-12"), ("25日", "2025-10-25", "2025-10-25"), ("21日", "2025-11-20", "2025-11-20"),
        ("截至10月25日当周", "2025-10-19", "2025-10-25"), ("近三年来", "2022-11-01", "2025-11-20"), ("march 2024", "2024-03-01", "2024-03-31"),
        ("明年", "2026-01-01", "2026-12-31"), ("目前", "2025-11-20", "2025-11-20"), ("自2022年以来", "2022-01-01", "2025-11-20"),
    ],
)  # fmt: skip
def test_expression_of_time(text, first, last):
    assert resolve(text)[0][:2] == (first, last)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024年9月为4.1%,当月", ("2024-09-01", "2024-09-30")),
        ("2024年9月为4.1%,前一个月", ("2024-08-01", "2024-08-31")),
        ("2022年8月至2023年2月下降,在2月份", ("2023-02-01", "2023-02-28")),
        ("2023财年结束时(截至9月30日)", ("2023-09-30", "2023-09-30")),
        ("2025财年为1.78万亿美元。10月", ("2025-10-01", "2025-10-31")),
        ("2025财年为1.78万亿美元,10月", ("2025-10-01", "2025-10-31")),
        ("2019财年为9840亿美元,10月", ("2018-10-01", "2018-10-31")),
        ("2024年为4.1%,10月", ("2024-10-01", "2024-10-31")),
        ("7月初到月底", ("2025-07-01", "2025-07-31")),
        ("2023年增长,次年", ("2024-01-01", "2024-12-31")),
    ],
)
def test_expression_that_leans_on_one_before(text, days):
    assert resolve(text)[-1][:2] == days


@pytest.mark.parametrize("text", ["过去一年", "近年来", "早前", "第一任期内", "20年前", "未来十年"])
def test_undated_past_or_future_stays_open(text):
    assert resolve(text)[0][2] == "open"


@pytest.mark.parametrize("text", ["2008年9月以来最高", "1996年来首次", "自2020年3月疫情爆发后,首次"])
def test_record_is_no_period(text):
    assert resolve(text)[0][2] == "record"


def test_what_a_figure_is_compared_with_is_no_period():
    assert resolve("较2019年增长")[0][2] == "base"


@pytest.mark.parametrize("text", ["5个月", "一年中", "3.5日元", "当初", "中国"])
def test_no_expression_of_time(text):
    assert not [mention for mention in resolve(text) if mention[2] == "dated"]


def test_previous_value_is_of_the_stretch_before_and_of_nothing_after_it():
    found = {mention[2]: mention[:2] for mention in resolve("9月同比升3.0%,前值2.9%;环比升")}
    assert found["dated"] == ("2025-09-01", "2025-09-30")
    assert found["previous"] == ("2025-08-01", "2025-08-31")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("全年", ("2025-01-01", "2025-12-31")),
        ("三季度末", ("2025-09-30", "2025-09-30")),
        ("上周(至9月6日)", ("2025-08-31", "2025-09-06")),
        ("截至11月8日的四周内", ("2025-10-12", "2025-11-08")),
    ],
)
def test_stretch_that_ends_on_a_day(text, days):
    assert resolve(text)[-1][:2] == days


@pytest.mark.parametrize("text", ["12月期货收跌", "成本月增", "中美元首10月会晤"])
def test_part_of_another_word_is_no_month_of_its_own(text):
    assert ("2025-12-01", "2025-12-31", "dated") not in resolve(text)
    assert all(mention[0] != "2025-01-01" for mention in resolve(text))


def test_fiscal_year_of_a_company_ends_when_its_own_does():
    assert resolve("2025财年", fiscal_year_ends=6)[0][:2] == ("2024-07-01", "2025-06-30")


def test_fiscal_quarter_is_the_newest_that_has_ended():
    assert resolve("第三财季", fiscal_year_ends=1)[0][:2] == ("2025-08-01", "2025-10-31")


def test_nothing_is_resolved_against_an_unknown_day():
    assert resolve("去年底", today=None)[0][:2] == ("None", "None")


@settings(max_examples=300)
@given(
    st.text(
        alphabet="年月日季度财前上下半去今明后至到自以来0123456789二〇十三初底末中旬周个的,。第q世纪代", max_size=40
    ),
    st.dates(date(1900, 1, 1), date(2200, 12, 31)),
)
def test_no_combination_raises_and_no_stretch_is_inside_out(text, today):
    context = TimeContext(today, lambda _: 9)
    for mention in find_time_mentions(text, 0, len(text), context):
        if mention.first is not None and mention.last is not None:
            assert mention.first <= mention.last or mention.kind == "record"

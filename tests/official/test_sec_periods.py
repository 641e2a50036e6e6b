import pytest

from pipelines.official.catalogue import Series
from pipelines.official.sec.concepts import parse_concept
from pipelines.official.sec.periods import read_figures
from tests.official.conftest import TODAY
from tests.official.one_source import series_of
from tests.official.sec_facts import NVDA, TAG, concept_answer, fact

ANNUAL = series_of("SEC.NVDA.capex.annual")
QUARTERLY = series_of("SEC.NVDA.capex.quarter")
# What NVIDIA has filed: it used the tag in some filings only, so that some periods appear a year late.
NVDA_FILINGS = """
2020-01-27 2020-10-25  845 2020-11-18 10-Q
2021-02-01 2021-05-02  298 2021-05-26 10-Q
2020-01-27 2020-04-26  155 2021-05-26 10-Q
2021-02-01 2021-08-01  481 2021-08-20 10-Q
2020-01-27 2020-07-26  372 2021-08-20 10-Q
2021-02-01 2021-10-31  703 2021-11-22 10-Q
2020-01-27 2020-10-25  845 2021-11-22 10-Q
2023-01-30 2023-10-29  815 2023-11-21 10-Q
2022-01-31 2022-10-30 1324 2023-11-21 10-Q
2023-01-30 2024-01-28 1069 2024-02-21 10-K
2022-01-31 2023-01-29 1833 2024-02-21 10-K
2021-02-01 2022-01-30  976 2024-02-21 10-K
2023-01-30 2023-04-30  248 2024-05-29 10-Q
2023-01-30 2023-07-30  537 2024-08-28 10-Q
"""


def figures_of(series: Series, *filings: str) -> list[tuple[str, float, str, str | None, str]]:
    """Read filings, one text of lines a tag: period, millions, known from, known until, basis."""
    concepts = [
        parse_concept(concept_answer(*(fact(line) for line in lines.split("\n") if line.strip())), NVDA, TAG, TODAY)
        for lines in filings
    ]
    return [
        (
            f"{seen.period_start} {seen.period_end}",
            seen.value / 1e6,
            str(seen.known_from),
            str(seen.known_until) if seen.known_until else None,
            seen.known_basis,
        )
        for seen in read_figures(series, concepts)
    ]


class TestYears:
    def test_a_year_is_known_from_its_first_filing_on(self) -> None:
        filings = """
            2023-01-30 2024-01-28 1069 2024-02-21 10-K
            2023-01-30 2024-01-28 1069 2025-02-26 10-K
            2024-01-29 2025-01-26 3236 2025-02-26 10-K"""
        assert figures_of(ANNUAL, filings) == [
            ("2023-01-30 2024-01-28", 1069, "2024-02-21", None, "vintage"),
            ("2024-01-29 2025-01-26", 3236, "2025-02-26", None, "vintage"),
        ]

    def test_a_restatement_closes_it_and_one_back_makes_a_third_row(self) -> None:
        filings = """
            2023-01-30 2024-01-28 1069 2024-02-21 10-K
            2023-01-30 2024-01-28 1100 2025-02-26 10-K
            2023-01-30 2024-01-28 1069 2026-02-25 10-K"""
        assert [row[1:4] for row in figures_of(ANNUAL, filings)] == [
            (1069, "2024-02-21", "2025-02-25"),
            (1100, "2025-02-26", "2026-02-24"),
            (1069, "2026-02-25", None),
        ]

    def test_an_amendment_counts_from_its_own_day(self) -> None:
        filings = """
            2023-01-30 2024-01-28 1069 2024-02-21 10-K
            2023-01-30 2024-01-28 1070 2024-05-02 10-K/A"""
        assert [row[1:3] for row in figures_of(ANNUAL, filings)] == [(1069, "2024-02-21"), (1070, "2024-05-02")]

    def test_an_amendment_of_the_same_day_counts_instead(self) -> None:
        filings = """
            2023-01-30 2024-01-28 1070 2024-02-21 10-K/A 0001045810-24-000001
            2023-01-30 2024-01-28 1069 2024-02-21 10-K   0001045810-24-000002"""
        assert figures_of(ANNUAL, filings) == [("2023-01-30 2024-01-28", 1070, "2024-02-21", None, "vintage")]

    def test_twelve_months_up_to_a_quarter_are_no_year(self) -> None:
        filings = """
            2023-04-01 2024-03-31 50 2024-05-01 10-Q
            2023-01-01 2023-12-31 40 2024-02-02 10-K"""
        assert [row[0] for row in figures_of(ANNUAL, filings)] == ["2023-01-01 2023-12-31"]

    @pytest.mark.parametrize(("end", "is_year"), [("2023-11-30", False), ("2023-12-01", True), ("2024-01-30", True), ("2024-01-31", False)])  # fmt: skip
    def test_a_year_has_365_days_30_more_or_less(self, end: str, *, is_year: bool) -> None:
        assert bool(figures_of(ANNUAL, f"2023-01-01 {end} 40 2024-03-01 10-K")) == is_year

    def test_a_year_first_stated_long_after_its_end_was_in_an_earlier_report(self) -> None:
        assert figures_of(ANNUAL, "2021-02-01 2022-01-30 976 2024-02-21 10-K") == [
            ("2021-02-01 2022-01-30", 976, "2022-03-21", None, "release_lag")
        ]

    def test_a_figure_that_may_contradict_a_claim_is_never_dated_by_guess(self) -> None:
        series = series_of("SEC.NVDA.revenue.annual")
        assert (series.is_proxy, series.is_revised) == (False, False)
        assert figures_of(series, "2021-02-01 2022-01-30 26914 2024-02-21 10-K") == [
            ("2021-02-01 2022-01-30", 26914, "2024-02-21", None, "vintage")
        ]


class TestQuarters:
    def test_a_quarter_is_what_was_paid_so_far_less_what_was_before(self) -> None:
        filings = """
            2024-01-01 2024-03-31 10 2024-05-01 10-Q
            2024-01-01 2024-06-30 30 2024-08-01 10-Q
            2024-01-01 2024-09-30 60 2024-11-01 10-Q
            2024-01-01 2024-12-31 99 2025-02-05 10-K"""
        assert figures_of(QUARTERLY, filings) == [
            ("2024-01-01 2024-03-31", 10, "2024-05-01", None, "vintage"),
            ("2024-04-01 2024-06-30", 20, "2024-08-01", None, "vintage"),
            ("2024-07-01 2024-09-30", 30, "2024-11-01", None, "vintage"),
            ("2024-10-01 2024-12-31", 39, "2025-02-05", None, "vintage"),
        ]

    def test_a_missing_report_leaves_two_quarters_out(self) -> None:
        filings = """
            2024-01-01 2024-03-31 10 2024-05-01 10-Q
            2024-01-01 2024-09-30 60 2024-11-01 10-Q
            2024-01-01 2024-12-31 99 2025-02-05 10-K"""
        assert [row[0] for row in figures_of(QUARTERLY, filings)] == ["2024-01-01 2024-03-31", "2024-10-01 2024-12-31"]

    def test_a_quarter_that_is_stated_as_such_is_taken_so(self) -> None:
        filings = """
            2024-01-01 2024-03-31 10 2024-05-01 10-Q
            2024-01-01 2024-06-30 30 2024-08-01 10-Q
            2024-04-01 2024-06-30 21 2024-08-01 10-Q"""
        assert [row[:2] for row in figures_of(QUARTERLY, filings)][1:] == [("2024-04-01 2024-06-30", 21)]

    def test_a_quarter_first_computed_and_stated_a_year_later_keeps_its_day(self) -> None:
        filings = """
            2024-01-01 2024-03-31 10 2024-05-01 10-Q
            2024-01-01 2024-06-30 30 2024-08-01 10-Q
            2024-04-01 2024-06-30 21 2025-08-01 10-Q"""
        assert figures_of(QUARTERLY, filings)[1:] == [
            ("2024-04-01 2024-06-30", 20, "2024-08-01", "2025-07-31", "vintage"),
            ("2024-04-01 2024-06-30", 21, "2025-08-01", None, "vintage"),
        ]

    def test_restating_the_first_quarter_alone_moves_nothing_into_the_second(self) -> None:
        filings = """
            2024-01-01 2024-03-31 10 2024-05-01 10-Q
            2024-01-01 2024-06-30 30 2024-08-01 10-Q
            2024-01-01 2024-03-31 12 2025-05-01 10-Q
            2024-01-01 2024-06-30 32 2025-08-01 10-Q"""
        assert [row[1:4] for row in figures_of(QUARTERLY, filings)] == [
            (10, "2024-05-01", "2025-04-30"),
            (12, "2025-05-01", None),
            (20, "2024-08-01", None),
        ]

    def test_twelve_months_up_to_a_quarter_make_no_quarter(self) -> None:
        filings = """
            2023-04-01 2024-03-31 50 2024-05-01 10-Q
            2023-04-01 2023-06-30 12 2024-08-01 10-Q"""
        assert [row[0] for row in figures_of(QUARTERLY, filings)] == ["2023-04-01 2023-06-30"]

    def test_fourteen_weeks_are_a_quarter(self) -> None:
        filings = """
            2016-02-01 2016-10-30 100 2016-11-22 10-Q
            2016-02-01 2017-02-05 176 2017-03-01 10-K"""
        assert figures_of(QUARTERLY, filings) == [("2016-10-31 2017-02-05", 76, "2017-03-01", None, "vintage")]

    def test_a_company_that_used_its_tag_now_and_then_is_read_as_it_was_known(self) -> None:
        assert figures_of(QUARTERLY, NVDA_FILINGS) == [
            ("2020-01-27 2020-04-26", 155, "2020-05-31", None, "release_lag"),
            ("2020-04-27 2020-07-26", 217, "2020-08-30", None, "release_lag"),
            ("2020-07-27 2020-10-25", 473, "2020-11-18", None, "vintage"),
            ("2021-02-01 2021-05-02", 298, "2021-05-26", None, "vintage"),
            ("2021-05-03 2021-08-01", 183, "2021-08-20", None, "vintage"),
            ("2021-08-02 2021-10-31", 222, "2021-11-22", None, "vintage"),
            ("2021-11-01 2022-01-30", 273, "2022-03-06", None, "release_lag"),
            ("2022-10-31 2023-01-29", 509, "2023-03-05", None, "release_lag"),
            ("2023-01-30 2023-04-30", 248, "2023-06-04", None, "release_lag"),
            ("2023-05-01 2023-07-30", 289, "2023-09-03", None, "release_lag"),
            ("2023-07-31 2023-10-29", 278, "2023-11-21", None, "vintage"),
            ("2023-10-30 2024-01-28", 254, "2024-02-21", None, "vintage"),
        ]


class TestSeveralTags:
    OLDER = """
        2016-01-01 2016-12-31 67 2017-02-10 10-K
        2017-01-01 2017-12-31 119 2018-02-02 10-K"""

    def test_the_newer_tag_counts_from_the_day_on_which_it_is_used(self) -> None:
        newer = """
            2016-01-01 2016-12-31 78 2019-02-01 10-K
            2018-01-01 2018-12-31 134 2019-02-01 10-K"""
        assert figures_of(ANNUAL, self.OLDER, newer) == [
            ("2016-01-01 2016-12-31", 67, "2017-02-10", "2019-01-31", "vintage"),
            ("2016-01-01 2016-12-31", 78, "2019-02-01", None, "vintage"),
            ("2017-01-01 2017-12-31", 119, "2018-02-02", None, "vintage"),
            ("2018-01-01 2018-12-31", 134, "2019-02-01", None, "vintage"),
        ]

    def test_of_two_that_are_used_at_the_same_time_the_newer_counts(self) -> None:
        newer = "2017-01-01 2017-12-31 120 2018-02-02 10-K"
        assert [row[1] for row in figures_of(ANNUAL, self.OLDER, newer)] == [67, 120]

    def test_what_the_older_tag_says_later_does_not_count(self) -> None:
        older = self.OLDER + "\n2017-01-01 2017-12-31 118 2019-02-01 10-K"
        newer = "2017-01-01 2017-12-31 120 2018-02-02 10-K"
        assert [row[1] for row in figures_of(ANNUAL, older, newer)] == [67, 120]

    def test_a_quarter_is_never_computed_across_tags(self) -> None:
        older = "2018-01-01 2018-03-31 25 2018-04-27 10-Q"
        newer = "2018-01-01 2018-06-30 63 2018-07-27 10-Q"
        assert [row[0] for row in figures_of(QUARTERLY, older, newer)] == ["2018-01-01 2018-03-31"]

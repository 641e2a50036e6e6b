"""Weeks of refreshes of CBO and the SEC, with news and faults in between, built again from the kept answers alone."""

from datetime import date
from pathlib import Path

from tests.official.local_services import LocalServices, answers
from tests.official.local_services.cbo import ACTUALS, BASELINES
from tests.official.one_source import OneSource


def test_what_cbo_published_in_three_weeks_is_built_again(tmp_path: Path) -> None:
    with LocalServices() as services:
        cbo = OneSource("cbo", services, tmp_path)
        cbo.gather(date(2027, 1, 18))
        services.cbo.publish("2027-01", "revenue/Total/Total", 2027, ["5900.5", "6100.25"])
        cbo.gather(date(2027, 1, 20))
        services.fail(BASELINES, answers(200, "<!DOCTYPE html>", "text/html"))
        services.cbo.revise(ACTUALS, "990.1", subcategory="Medicare", fiscal_year="2025")
        cbo.gather(date(2027, 1, 21))
        services.cbo.revise(ACTUALS, "987.657", subcategory="Medicare", fiscal_year="2025")
        cbo.gather(date(2027, 2, 8))
    assert cbo.rows("CBO.revenues", date(2027, 9, 30))[-2:] == [
        (5_885_198_000_000.0, date(2026, 2, 11), date(2027, 1, 19), "vintage"),
        (5_900_500_000_000.0, date(2027, 1, 20), None, "retrieved"),
    ]
    assert cbo.rows("CBO_ACTUAL.medicare", date(2025, 9, 30)) == [
        (987_657_000_000.0, date(2026, 1, 28), date(2027, 1, 20), "release_lag"),
        (990_100_000_000.0, date(2027, 1, 21), date(2027, 2, 7), "retrieved"),
        (987_657_000_000.0, date(2027, 2, 8), None, "retrieved"),
    ]
    assert cbo.replay().equals(cbo.observations)


def test_what_companies_filed_in_three_weeks_is_built_again(tmp_path: Path) -> None:
    key = "CIK0000789019", "us-gaap", "NetIncomeLoss"
    with LocalServices() as services:
        sec = OneSource("sec", services, tmp_path, "MSFT")
        sec.gather(date(2026, 11, 22))
        services.sec.file(key, ("2025-07-01", "2026-06-30"), 120_000_000_000, "2026-11-23", "10-K/A")
        services.fail("NetIncomeLoss", answers(500, ""), answers(500, ""), answers(500, ""))
        sec.gather(date(2026, 11, 23))
        sec.gather(date(2026, 11, 24))
        services.sec.file(key, ("2026-07-01", "2026-09-30"), 31_000_000_000, "2026-12-01")
        sec.gather(date(2026, 12, 2))
        sec.gather(date(2026, 12, 14))
    first, second = sec.rows("SEC.MSFT.net_income.annual", date(2026, 6, 30))
    assert first[2] == date(2026, 11, 22)
    assert second == (120_000_000_000.0, date(2026, 11, 23), None, "vintage")
    assert sec.rows("SEC.MSFT.net_income.quarter", date(2026, 9, 30)) == [
        (31_000_000_000.0, date(2026, 12, 1), None, "vintage")
    ]
    assert sec.replay().equals(sec.observations)

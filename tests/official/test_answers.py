from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.errors import ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import read_catalogue
from pipelines.official.records import OBSERVATION_SCHEMA, Observation, Reading, Sighting, to_frame

SERIES = {series.series_id: series for series in read_catalogue()}
MONTHS = [(date(2026, month, 1), date(2026, month, 28)) for month in (1, 2, 3, 4)]


def answers_with(series_id: str, *values: float) -> Answers:
    held = [
        Observation(series_id, start, end, value, end, None, "retrieved", "x")
        for (start, end), value in zip(MONTHS, values, strict=False)
    ]
    frame = to_frame(held, origin="live", retrieved_at=datetime(2026, 5, 1, tzinfo=UTC))
    return Answers({series_id: SERIES[series_id]}, frame, datetime(2026, 6, 1, tzinfo=UTC))


def sighted(series_id: str, *values: float) -> Reading:
    return Reading(
        sightings=tuple(
            Sighting(series_id, start, end, value, "y") for (start, end), value in zip(MONTHS, values, strict=False)
        )
    )


def test_a_provider_that_turns_a_sign_is_not_believed():
    answers = answers_with("BOPGSTB", -70e9, -68e9, -72e9)
    with pytest.raises(ParseError, match="opposite sign"):
        answers.take(sighted("BOPGSTB", 70e9, 68e9, 72e9), [SERIES["BOPGSTB"]])
    assert answers.held["value"].to_list() == [-70e9, -68e9, -72e9]


def test_a_single_surplus_after_a_deficit_is_believed():
    answers = answers_with("BOPGSTB", -70e9, -68e9, -2e9)
    answers.take(sighted("BOPGSTB", -70e9, -68e9, 1e9), [SERIES["BOPGSTB"]])
    assert answers.held.filter(pl.col("known_until").is_null())["value"].to_list() == [-70e9, -68e9, 1e9]


def test_a_baseline_may_differ_from_the_one_before_by_as_much_as_a_unit():
    answers = answers_with("CBO.customs_duties", 80e9, 80e9, 80e9)
    answers.take(sighted("CBO.customs_duties", 420e9, 420e9, 420e9), [SERIES["CBO.customs_duties"]])
    assert set(answers.held.filter(pl.col("known_until").is_null())["value"]) == {420e9}


def test_the_frame_keeps_its_schema():
    assert answers_with("BOPGSTB", 1.0).held.schema == OBSERVATION_SCHEMA

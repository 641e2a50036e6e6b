"""Measures the judging: a million claims against 200 series with five million vintage rows, and whether time grows with the claims alone.

python benchmarks/judging.py [--claims 250000 500000 1000000] [--statements 25000 100000] [--memory 6GB] [--folder DIR]

The world is made up: daily stocks, monthly and quarterly rates, flows and stocks, each period with as many vintages as real series have; claims
of twenty an article, over ten years of articles, half of them with a stated period, the others on the present. Time is that of the two queries
that judge (sql/comparisons.sql, or sql/statement_comparisons.sql for statements without a figure, and sql/verdicts.sql), explanations in three
languages and evidence queries included, into tables without keys; the store checks keys and contracts when it writes. Of the statements a quarter
each are directions, streaks and records, the rest signs and comparisons. Processor time counts both cores.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.orchestration.assets.judging import read_policy
from pipelines.warehouse.contracts import Contract, create_statement, name_of
from pipelines.warehouse.queries import fill_table
from pipelines.warehouse.store import Warehouse, Work
from pipelines.warehouse.tables import CONTRACTS, Comparison, StatementComparison, Verdict

# a million claims, a hundred thousand statements
SECONDS, STATEMENT_SECONDS, MEMORY = 60.0, 120.0, "6GB"

_SERIES = """
INSERT INTO series BY NAME
SELECT 'S' || lpad(i::VARCHAR, 3, '0') AS series_id, 'fred' AS provider, 'metric ' || i // 2 AS metric,
    CASE i % 2 WHEN 0 THEN 'gross' ELSE 'net' END AS definition, 'Title of series ' || i AS title, '序列之名' || i AS title_zh,
    CASE WHEN i < 50 THEN 'USD' ELSE 'percent' END AS unit, 1.0 AS scale,
    CASE WHEN i < 50 THEN 'daily' WHEN i < 150 THEN 'monthly' ELSE 'quarterly' END AS frequency,
    CASE WHEN i < 50 THEN 'stock' WHEN i < 150 THEN ['rate', 'flow', 'stock'][i // 2 % 3 + 1] ELSE ['rate', 'flow'][i // 2 % 2 + 1] END AS kind,
    false AS is_projection, i >= 50 AS is_revised, false AS is_proxy, 7 AS release_lag_days, 'public domain' AS licence, true AS redistributable,
    'https://example.org' AS url, -1e15 AS sane_low, 1e15 AS sane_high
FROM range(200) numbers(i)
"""
_OBSERVATIONS = """
INSERT INTO observations BY NAME
WITH periods AS (
    SELECT series_id, first_day::DATE AS period_start, first_day::DATE AS period_end, 1 AS vintages
    FROM series, range(DATE '1993-01-01', DATE '2026-01-01', INTERVAL 1 DAY) days(first_day)
    WHERE frequency = 'daily'
    UNION ALL
    SELECT series_id, first_day::DATE, last_day(first_day::DATE), 65
    FROM series, range(DATE '1990-01-01', DATE '2026-01-01', INTERVAL 1 MONTH) months(first_day)
    WHERE frequency = 'monthly'
    UNION ALL
    SELECT series_id, first_day::DATE, (first_day + INTERVAL 3 MONTH - INTERVAL 1 DAY)::DATE, 222
    FROM series, range(DATE '1990-01-01', DATE '2026-01-01', INTERVAL 3 MONTH) quarters(first_day)
    WHERE frequency = 'quarterly'
)
SELECT series_id, period_start, period_end, 100 + hash(series_id, period_start) % 1000 / 100.0 + vintage * 0.001 AS value,
    period_end + (7 + vintage * 30)::INTEGER AS known_from,
    CASE WHEN vintage < vintages - 1 THEN period_end + (36 + vintage * 30)::INTEGER END AS known_until, 'vintage' AS known_basis, 'snapshot' AS origin
FROM periods, range(222) numbers(vintage)
WHERE vintage < vintages
"""
_ARTICLES = """
INSERT INTO articles BY NAME
SELECT 'article ' || i AS article_id, 'article.txt' AS path, repeat('0', 64) AS sha256, DATE '2015-06-01' + (hash(i) % 3650)::INTEGER AS published_on,
    'given' AS published_on_basis, 'hans' AS script, 'zh' AS language, '' AS text, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS ingested_at
FROM range($claims // 20) numbers(i)
"""
_CLAIMS = """
INSERT INTO claims BY NAME
WITH made AS (
    SELECT i, 'article ' || i // 20 AS article_id, s.metric, s.unit, s.frequency, a.published_on, 100 + hash(i, 'value') % 1000 / 100.0 AS value_low,
        a.published_on - (100 + hash(i, 'day') % 1500)::INTEGER AS a_day, hash(i, 'period') % 2 = 0 AS is_stated
    FROM range($claims) numbers(i)
    JOIN series s ON s.series_id = 'S' || lpad((hash(i, 'series') % 100 * 2)::VARCHAR, 3, '0')
    JOIN articles a ON a.article_id = 'article ' || i // 20
)
SELECT i::VARCHAR AS claim_id, article_id, 'quantity' AS kind, '官方公布的第' || i || '个读数为' || value_low || '，比上次公布的略有变化。' AS sentence,
    value_low::VARCHAR AS quote, 0 AS quote_start, 5 AS quote_end, metric, [] AS metric_candidates, value_low, value_low AS value_high, unit,
    0.005 AS half_width, i % 10 = 0 AS significant_zeros, ['eq', 'approx', 'above', 'below'][i % 4 + 1] AS bound,
    CASE i % 4 WHEN 1 THEN '约' WHEN 2 THEN '突破' WHEN 3 THEN '近' END AS hedge, 'actual' AS modality, false AS vague,
    CASE WHEN NOT is_stated THEN published_on WHEN frequency = 'daily' AND i % 3 > 0 THEN a_day WHEN frequency = 'quarterly'
        THEN date_trunc('quarter', a_day)::DATE ELSE date_trunc('month', a_day)::DATE END AS period_start,
    CASE WHEN NOT is_stated THEN published_on WHEN frequency = 'daily' AND i % 3 > 0 THEN a_day WHEN frequency = 'quarterly'
        THEN (date_trunc('quarter', a_day) + INTERVAL 3 MONTH - INTERVAL 1 DAY)::DATE ELSE last_day(a_day) END AS period_end,
    CASE WHEN is_stated THEN 'stated' ELSE 'article_date' END AS period_basis, '1' AS reader_version
FROM made
"""
_STATEMENTS = """
INSERT INTO claims BY NAME
WITH made AS (
    SELECT i, i % 8 AS form, 'article ' || i // 20 AS article_id, s.metric, s.frequency, a.published_on, hash(i, 'period') % 2 = 0 AS is_stated,
        a.published_on - (100 + hash(i, 'day') % 1500)::INTEGER AS a_day, o.metric AS next_metric
    FROM range($claims) numbers(i)
    JOIN series s ON s.series_id = 'S' || lpad((hash(i, 'series') % 100 * 2)::VARCHAR, 3, '0')
    JOIN articles a ON a.article_id = 'article ' || i // 20
    LEFT JOIN series o ON o.series_id = 'S' || lpad((hash(i, 'series') % 100 * 2 + 2)::VARCHAR, 3, '0') AND o.frequency = s.frequency
)
SELECT i::VARCHAR AS claim_id, article_id,
    CASE WHEN form < 3 THEN 'direction' WHEN form = 3 THEN 'comparison' WHEN form < 6 THEN 'streak' ELSE 'record' END AS kind,
    ['rises', 'falls', 'negative', 'exceeds', 'consecutive_rises', 'consecutive_falls', 'highest', 'lowest'][form + 1] AS relation,
    '据第' || i || '份报告，这一指标目前仍在变化。' AS sentence, CASE form WHEN 7 THEN '历史新低' ELSE '目前仍在变化' END AS quote, 0 AS quote_start,
    5 AS quote_end, metric, CASE form WHEN 3 THEN next_metric END AS compared_metric, [] AS metric_candidates, false AS significant_zeros, 'eq' AS bound,
    'actual' AS modality, false AS vague, CASE WHEN form IN (4, 5) THEN 3 END AS streak_length,
    CASE WHEN form IN (4, 5) THEN CASE frequency WHEN 'quarterly' THEN 'quarter' ELSE 'month' END END AS streak_unit,
    CASE form WHEN 6 THEN date_trunc('year', published_on - 3000)::DATE END AS since,
    CASE WHEN is_stated THEN date_trunc('quarter', a_day)::DATE ELSE published_on END AS period_start,
    CASE WHEN is_stated THEN (date_trunc('quarter', a_day) + INTERVAL 3 MONTH - INTERVAL 1 DAY)::DATE ELSE published_on END AS period_end,
    CASE WHEN is_stated THEN 'stated' ELSE 'article_date' END AS period_basis, '1' AS reader_version
FROM made
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """How long the judging of so many claims took, in seconds, and what came out."""

    claims: int
    comparing: float
    deciding: float
    processor: float
    comparisons: int
    verdicts: dict[str, int]

    @property
    def seconds(self) -> float:
        """Both queries together."""
        return self.comparing + self.deciding


def make_world(work: Work) -> int:
    """Put the policy, the series and their vintages into a work file; gives the number of vintage rows."""
    for contract, rows in read_policy().items():
        work.connection.register("incoming", rows)
        work.connection.execute(
            f'DELETE FROM "{name_of(contract)}"; INSERT INTO "{name_of(contract)}" BY NAME FROM incoming'
        )
        work.connection.unregister("incoming")
    work.connection.execute(_SERIES)
    work.connection.execute(_OBSERVATIONS)
    return int(work.connection.execute("SELECT count(*) FROM observations").fetchall()[0][0])


def judge(work: Work, claims: int, make_claims: str, compared: type[Contract]) -> Judged:
    """Make so many claims and judge them; `compared` is the table in which they are held against the figures."""
    for table in ("claims", "articles", "comparisons", "statement_comparisons"):
        work.connection.execute(f'DELETE FROM "{table}"')
    for statement in (_ARTICLES, make_claims):
        work.connection.execute(statement, {"claims": claims})
    begun = time.process_time()
    comparing, deciding = (_make(work.connection, name_of(contract)) for contract in (compared, Verdict))
    processor = time.process_time() - begun
    verdicts = work.connection.execute(
        "SELECT verdict_today, count(*) FROM verdicts GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    ((comparisons,),) = work.connection.execute(f'SELECT count(*) FROM "{name_of(compared)}"').fetchall()
    return Judged(claims, comparing, deciding, processor, comparisons, dict(verdicts))


def _make(connection: duckdb.DuckDBPyConnection, table: str) -> float:
    started = time.perf_counter()
    connection.execute(f'DROP TABLE "{table}"')
    connection.execute(create_statement(CONTRACTS[table], keyed=False))
    fill_table(connection, table)
    return time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each number of claims and of statements; 1 if a million, or a hundred thousand, took longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--claims", type=int, nargs="+", default=[250_000, 500_000, 1_000_000], help="how many claims, one run each"
    )
    parser.add_argument(
        "--statements",
        type=int,
        nargs="*",
        default=[25_000, 100_000],
        help="how many statements without a figure, one run each",
    )
    parser.add_argument("--memory", default=MEMORY, help="what DuckDB may use")
    parser.add_argument("--folder", type=Path, help="where the work file is made (default: a temporary folder)")
    options = parser.parse_args(arguments)
    slow = False
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, Warehouse(Path(folder)).open_work() as work:
        # the store sorts what it writes, so no row needs to wait here for those before it
        work.connection.execute(f"SET memory_limit = '{options.memory}'; SET preserve_insertion_order = false")
        print(f"{make_world(work):,} vintage rows of 200 series, DuckDB with at most {options.memory}", flush=True)
        runs: list[tuple[int, str, str, type[Contract], float]] = [
            (claims, "claims", _CLAIMS, Comparison, SECONDS * max(claims / 1e6, 0.1)) for claims in options.claims
        ]
        runs += [
            (claims, "statements", _STATEMENTS, StatementComparison, STATEMENT_SECONDS * max(claims / 1e5, 0.25))
            for claims in options.statements
        ]
        for claims, name, make_claims, compared, seconds in runs:
            judged = judge(work, claims, make_claims, compared)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(
                f"{claims:>9,} {name}: {judged.seconds:6.1f} s ({judged.comparing:.1f} comparing, {judged.deciding:.1f} deciding), "
                f"{judged.processor:.0f} s of processor, {1e6 * judged.seconds / claims:.0f} µs each, {judged.comparisons:,} comparisons, {judged.verdicts}, {peak:.1f} GiB at most",
                flush=True,
            )
            slow |= judged.seconds > seconds
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())

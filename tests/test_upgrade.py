import lzma
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse.contracts import columns_of, is_view
from pipelines.warehouse.tables import CONTRACTS
from tests.conftest import hedui

RELEASES = sorted((Path(__file__).parent / "releases").glob("warehouse-*.duckdb.xz"))


@pytest.fixture(params=RELEASES, ids=lambda path: path.name.split("-")[1].removesuffix(".duckdb.xz"))
def upgraded(request: pytest.FixtureRequest, tmp_path: Path, article_folder: Path) -> Path:
    """A data folder whose warehouse was made by an earlier release, after a refresh by this one."""
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "warehouse.duckdb").write_bytes(lzma.decompress(request.param.read_bytes()))
    done = hedui("refresh", "--offline", "--quiet", "--articles", article_folder, "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_first_release_is_among_them():
    assert "warehouse-0.1.0.duckdb.xz" in [path.name for path in RELEASES]


def test_a_warehouse_of_an_earlier_release_refreshes_and_keeps_its_history(upgraded):
    with duckdb.connect(str(upgraded / "warehouse.duckdb"), read_only=True) as warehouse:
        versions = warehouse.execute("SELECT hedui_version, claims FROM refreshes ORDER BY started_at").fetchall()
        assert len(versions) == 2
        assert versions[0] == ("0.1.0", 3)
        for name, contract in CONTRACTS.items():
            found = warehouse.execute(
                f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{name}' AND schema_name = 'main' ORDER BY column_index"
            ).fetchall()
            assert [column for (column,) in found] == [column.name for column in columns_of(contract)], name
            if not is_view(contract):
                warehouse.execute(f'SELECT count(*) FROM "{name}"')


def test_an_old_warehouse_is_queried_before_it_is_refreshed(tmp_path):
    (tmp_path / "warehouse.duckdb").write_bytes(lzma.decompress(RELEASES[0].read_bytes()))
    done = hedui("sql", "SELECT count(*) AS n FROM claim_checks", "--format", "csv", "--data-dir", tmp_path)
    assert done.stdout.splitlines() == ["n", "3"]


def test_judging_a_text_by_an_old_warehouse_names_the_cure(tmp_path):
    (tmp_path / "warehouse.duckdb").write_bytes(lzma.decompress(RELEASES[0].read_bytes()))
    done = hedui("check", "美国国债已突破36万亿美元", "--data-dir", tmp_path)
    assert done.returncode == 1
    assert "another release of hedui made it; run `hedui refresh`" in done.stderr

import duckdb
import pytest

from pipelines.errors import WarehouseError
from pipelines.orchestration.checks import answer
from pipelines.warehouse.queries import Question


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("CREATE SEQUENCE looks")
        connection.execute("CREATE VIEW claim_checks AS SELECT nextval('looks') AS look")
        yield connection


def ask_of_checks(name: str, rest: str = "") -> Question:
    return Question(name, name, {}, f"SELECT look FROM claim_checks {rest}")


def test_a_view_that_several_checks_read_is_computed_once_for_all(connection):
    answers = answer(connection, [ask_of_checks("a"), ask_of_checks("b"), ask_of_checks("c", "WHERE look > 1")])
    assert answers == [(["look"], [(1,)]), (["look"], [(1,)]), (["look"], [])]
    assert connection.execute("FROM claim_checks").fetchall() == [(2,)]  # and stays a view


def test_a_view_that_one_check_reads_is_left_alone(connection):
    assert answer(connection, [ask_of_checks("a")]) == [(["look"], [(1,)])]


def test_a_check_that_does_not_run_leaves_nothing_behind(connection):
    with pytest.raises(WarehouseError, match="nonsense"):
        answer(connection, [ask_of_checks("a"), ask_of_checks("b", "WHERE nonsense")])
    assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == []

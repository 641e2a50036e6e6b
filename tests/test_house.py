import ast
import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import duckdb
import pytest

from pipelines.places import ROOT, SQL
from pipelines.warehouse.contracts import columns_of, description_of, is_view
from pipelines.warehouse.dictionary import PATH, write_dictionary
from pipelines.warehouse.queries import read_questions
from pipelines.warehouse.tables import CONTRACTS

WINGS = ("reading", "official", "warehouse")
MODULES = sorted((ROOT / "pipelines").rglob("*.py"))


def tracked_files() -> list[Path]:
    """The files of the repository: as git lists them, or, in a copy without git, all but what running makes."""
    listed = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
        .stdout.decode()
        .split("\0")
    )
    made = {"data", "__pycache__", "node_modules"}
    walked = (
        file
        for file in ROOT.rglob("*")
        if not any(part in made or part.startswith(".") for part in file.relative_to(ROOT).parts)
    )
    return [file for file in ([ROOT / name for name in listed if name] or walked) if file.is_file()]


def imports_of(module: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def room_of(module: Path) -> str:
    return module.relative_to(ROOT / "pipelines").parts[0]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_wing_imports_no_other_wing_and_not_the_hall(module):
    room = room_of(module)
    if room not in WINGS:
        return
    foreign = {
        f"pipelines.{other}" for other in (*WINGS, "orchestration", "definitions", "cli", "terminal") if other != room
    }
    assert not [
        name for name in imports_of(module) if any(name == other or name.startswith(other + ".") for other in foreign)
    ]


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("dagster", lambda module: room_of(module) in ("orchestration", "definitions.py")),
        ("duckdb", lambda module: room_of(module) in ("warehouse", "cli")),
        ("requests", lambda module: module.name in ("downloads.py", "alerts.py")),
    ],
)
def test_each_library_has_its_one_place(library, allowed):
    users = [module for module in MODULES if any(name.split(".")[0] == library for name in imports_of(module))]
    assert users
    assert [module.relative_to(ROOT) for module in users if not allowed(module)] == []


@pytest.mark.parametrize(
    "door",
    [
        "pipelines.reading.claims",
        "pipelines.reading.articles",
        "pipelines.official.fred",
        "pipelines.official.fred.api",
        "pipelines.official.treasury",
        "pipelines.official.offline",
    ],
)
def test_readers_and_parsers_load_neither_dagster_nor_a_database_nor_the_network(door):
    code = f"import sys, {door}; print(sorted(set(sys.modules) & {{'dagster', 'duckdb', 'requests', 'urllib3'}}))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize(
    "module", [module for module in MODULES if room_of(module) in ("reading", "official")], ids=lambda path: path.name
)
def test_pure_modules_read_no_clock_and_no_environment(module):
    if module.name == "downloads.py":
        return
    text = module.read_text(encoding="utf-8")
    assert not re.search(r"\.now\(|\.today\(|os\.environ|getenv|time\.(time|monotonic)\(", text)


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_table_and_column_is_described(name):
    contract = CONTRACTS[name]
    assert len(description_of(contract)) > 20
    assert [column.name for column in columns_of(contract) if len(column.description) < 8] == []


def test_every_query_of_a_table_has_its_contract_and_every_view_its_query():
    queries = {path.stem for path in SQL.glob("*.sql")}
    assert queries <= set(CONTRACTS)
    assert {name for name, contract in CONTRACTS.items() if is_view(contract)} <= queries


@pytest.mark.parametrize("path", sorted(SQL.rglob("*.sql")), ids=lambda path: path.stem)
def test_every_query_file_is_one_statement(path):
    assert len(duckdb.extract_statements(path.read_text(encoding="utf-8"))) == 1


def test_every_check_names_its_asset():
    assert [
        check.name for check in read_questions(SQL / "checks") if check.settings.get("asset") not in CONTRACTS
    ] == []


def test_the_data_dictionary_is_fresh():
    assert PATH.read_text(encoding="utf-8") == write_dictionary(), "run `make docs`"


def test_no_file_names_a_package_index_or_a_path_of_some_machine():
    hosts = "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.org", "deb" + r"ian\.org"])
    forbidden = re.compile(rf"{hosts}|(?<![\w.])/(?:home|root|work|Users)/\w")
    culprits = []
    for file in tracked_files():
        if file.suffix in (".png", ".pyc"):
            continue
        if forbidden.search(file.read_text(encoding="utf-8", errors="ignore")) and file.name != "test_house.py":
            culprits.append(str(file.relative_to(ROOT)))
    assert culprits == []


def test_the_lock_has_a_hash_for_every_package_and_holds_every_dependency():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==", lock, re.MULTILINE)
    assert lock.count("--hash=sha256:") >= len(pins)
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *declared["project"]["dependencies"],
        *(
            name
            for group, names in declared["dependency-groups"].items()
            if group not in ("peers", "clients")
            for name in names
        ),
    ]
    assert {re.split(r"[\[>=<]", name)[0] for name in wanted} <= set(pins)


def test_the_articles_are_the_users_own_to_the_byte():
    listed = (ROOT / "tests" / "articles.sha256").read_text(encoding="utf-8").split()
    expected = dict(zip(listed[1::2], listed[::2], strict=True))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds" / "articles").glob("*.txt")
    }
    assert found == expected

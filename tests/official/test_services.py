import re
import subprocess
import sys
import urllib.request
from urllib.error import HTTPError

import pytest

from pipelines.places import ROOT
from tests.official.local_services import LocalServices


def test_the_command_prints_what_points_a_refresh_to_it_and_answers() -> None:
    command = [sys.executable, "-m", "tests.official.local_services", "--port", "0", "--revise"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        exports: dict[str, str] = {}
        for line in process.stdout:
            if found := re.fullmatch(r"export (\w+)=(\S+)\n", line):
                exports[found[1]] = found[2]
            if "FRED_API_KEY" in exports:
                break
        query = f"series_id=UNRATE&file_type=json&api_key={exports['FRED_API_KEY']}"
        with urllib.request.urlopen(f"{exports['HEDUI_FRED_URL']}/fred/series?{query}") as answer:
            assert b'"seriess"' in answer.read()
        process.terminate()
        try:
            ending, complaints = process.communicate(timeout=20)
        finally:
            process.kill()
    assert "1 requests were answered" in ending
    assert complaints == ""
    with LocalServices() as services:
        assert set(exports) == set(services.environment)


@pytest.mark.parametrize("path", ["/", "/fred", "/nothing/here", "/../etc/passwd"])
def test_what_no_service_serves_is_not_found(path: str) -> None:
    with LocalServices() as services, pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(services.url + path)


def test_what_carries_an_etag_is_not_sent_twice() -> None:
    with LocalServices() as services:
        url = f"{services.cbo_url}/input_data/actuals.csv"
        with urllib.request.urlopen(url) as answer:
            etag = answer.headers["ETag"]
        again = urllib.request.Request(url, headers={"If-None-Match": etag})
        with pytest.raises(HTTPError, match="304"):
            urllib.request.urlopen(again)

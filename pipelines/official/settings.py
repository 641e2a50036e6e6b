"""Where the services are and how they are talked to."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much, how often.

    Attributes:
        reach_seconds: To find the names and open a first connection, for all sources together.
        connect_seconds: To open any further connection.
        read_seconds: Between two pieces of an answer, and until its first.
        failure_seconds: What a source may cost without giving an answer, since its last one; then it is passed over.
        trouble_seconds: What a source may cost in a run in failures and in waits that it asks for.
        total_seconds: For a request with all its repetitions.
        least_bytes_per_second: A slower answer counts as none.
        max_bytes: Largest answer, content encoding undone.
        attempts: How often a request is sent at most.
        first_wait_seconds: Wait before the first repetition; each further one waits twice as long.
        max_wait_seconds: Longest wait; where the service asks for more, it is not asked again in this run's request.
        pace_seconds: Least time between two requests to a host, by host name.
    """

    reach_seconds: float = 4.0
    connect_seconds: float = 4.0
    read_seconds: float = 9.0
    failure_seconds: float = 10.0
    trouble_seconds: float = 90.0
    total_seconds: float = 90.0
    least_bytes_per_second: float = 2_000.0
    max_bytes: int = 200_000_000
    attempts: int = 4
    first_wait_seconds: float = 2.0
    max_wait_seconds: float = 30.0
    # FRED allows two requests a second and a key, its websites are as patient; the SEC allows ten.
    pace_seconds: Mapping[str, float] = field(
        default_factory=lambda: {
            "api.stlouisfed.org": 0.6,
            "fred.stlouisfed.org": 0.6,
            "alfred.stlouisfed.org": 0.6,
            "data.sec.gov": 0.12,
        }
    )


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where the services are and how to talk to them.

    Attributes:
        fred_url: Address of the FRED API.
        fred_key: The user's key to it; without one its CSV files are read, which need none.
        fred_keyless: Whether FRED's and ALFRED's CSV files may be asked for where there is no key.
        fredgraph_url: Address of FRED's website, which has today's figures as CSV.
        alfred_url: Address of ALFRED's website, which has those of an earlier day as CSV.
        fiscaldata_url: Address of Treasury FiscalData.
        cbo_url: Where the files of the CBO's repository of projections are.
        sec_url: Address of the SEC's XBRL API.
        contact: Who asks, such as an e-mail address; the SEC wants to know it of every program.
        limits: How long, how much, how often.
    """

    fred_url: str = "https://api.stlouisfed.org"
    fred_key: str | None = field(default=None, repr=False)
    fred_keyless: bool = True
    fredgraph_url: str = "https://fred.stlouisfed.org"
    alfred_url: str = "https://alfred.stlouisfed.org"
    fiscaldata_url: str = "https://api.fiscaldata.treasury.gov/services/api/fiscal_service"
    cbo_url: str = "https://raw.githubusercontent.com/US-CBO/eval-projections/main"
    sec_url: str = "https://data.sec.gov"
    contact: str | None = None
    limits: Limits = field(default_factory=Limits)

    def address_of(self, source: str) -> str | None:
        """The address that a source is asked at first; `None` for one without a service."""
        return {
            "fred": self.fred_url if self.fred_key else self.fredgraph_url,
            "treasury": self.fiscaldata_url,
            "cbo": self.cbo_url,
            "sec": self.sec_url,
        }.get(source)

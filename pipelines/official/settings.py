"""Where the services are and how they are talked to."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much, how often.

    Attributes:
        reach_seconds: To find the name and open a connection, once a source and run.
        connect_seconds: To open any further connection.
        read_seconds: Between two pieces of an answer.
        total_seconds: For a request with all its repetitions.
        max_bytes: Largest answer, content encoding undone.
        attempts: How often a request is sent at most.
        first_wait_seconds: Wait before the first repetition; each further one waits twice as long.
        max_wait_seconds: Longest wait; where the service asks for more, it is not asked again in this run's request.
        pace_seconds: Least time between two requests to a host, by host name.
    """

    reach_seconds: float = 5.0
    connect_seconds: float = 4.0
    read_seconds: float = 20.0
    total_seconds: float = 90.0
    max_bytes: int = 200_000_000
    attempts: int = 4
    first_wait_seconds: float = 2.0
    max_wait_seconds: float = 30.0
    # The service allows two requests a second and a key.
    pace_seconds: Mapping[str, float] = field(default_factory=lambda: {"api.stlouisfed.org": 0.6})


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where the services are and how to talk to them.

    Attributes:
        fred_url: Address of the FRED API.
        fred_key: The user's key; without one FRED is not asked.
        fiscaldata_url: Address of Treasury FiscalData.
        limits: How long, how much, how often.
    """

    fred_url: str = "https://api.stlouisfed.org"
    fred_key: str | None = field(default=None, repr=False)
    fiscaldata_url: str = "https://api.fiscaldata.treasury.gov/services/api/fiscal_service"
    limits: Limits = field(default_factory=Limits)

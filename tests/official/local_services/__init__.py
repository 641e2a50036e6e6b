"""The official services on this machine, as their documentation says, fed from the offline figures.

    with LocalServices() as services:
        ... services.settings(), services.environment ...

Figures can be revised and faults put in the way while it runs. Each service is a module; `server.py` says how one registers.
"""

from tests.official.local_services.exchange import Asked, Reply, Service
from tests.official.local_services.faults import (
    Fault,
    answers,
    breaks_off,
    drips,
    edits,
    hangs_up,
    keeps_silent,
    redirects_to_itself,
    rewrites,
)
from tests.official.local_services.fred import FRED_KEY
from tests.official.local_services.server import LocalServices

__all__ = [
    "FRED_KEY",
    "Asked",
    "Fault",
    "LocalServices",
    "Reply",
    "Service",
    "answers",
    "breaks_off",
    "drips",
    "edits",
    "hangs_up",
    "keeps_silent",
    "redirects_to_itself",
    "rewrites",
]

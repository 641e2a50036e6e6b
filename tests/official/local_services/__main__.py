"""`make services`: the official services on this machine, to try the live way without a network or a key."""

import argparse
import signal
import sys
import threading
from datetime import date

from pipelines.official.catalogue import read_catalogue
from tests.official.local_services import LocalServices


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="the port on 127.0.0.1 (8765)")
    parser.add_argument("--today", type=date.fromisoformat, default=None, help="the day it is for the services")
    parser.add_argument(
        "--revise", action="store_true", help="publish a revision of every monthly series of FRED, today"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    with LocalServices(port=options.port, today=options.today) as services:
        if options.revise:
            services.publish_revisions()
        exports = "\n".join(f"export {name}={value}" for name, value in services.environment.items())
        without = [
            series.series_id
            for series in read_catalogue()
            if series.provider == "fred" and series.provider_code and series.provider_code not in services.fred.series
        ]
        sys.stdout.write(
            f"# FRED, ALFRED, FiscalData, CBO and SEC answer at {services.url} until Ctrl-C, from the figures of seeds/official.\n"
            f"# {len(without)} series of FRED are not among these (they may not be passed on, or no copy was found); a refresh\n"
            "# says of them that they do not exist. In another terminal: the lines below, then make refresh\n"
            f"{exports}\n"
        )
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write(f"\n# {len(services.requests)} requests were answered.\n")


if __name__ == "__main__":
    main()

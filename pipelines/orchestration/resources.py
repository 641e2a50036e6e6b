"""What every asset of a refresh shares: the open work file, and what the refresh was asked to read.

Nothing about how tables are built belongs here.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import PrivateAttr

from pipelines.places import SEEDS, default_data_folder
from pipelines.reading.inbox import holds_articles
from pipelines.warehouse.store import Warehouse, Work

if TYPE_CHECKING:
    from pipelines.official.observations import SourceSettings


class RefreshResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # its type argument is itself
    """One refresh: holds the lock and the work file from the first asset to the last.

    Attributes:
        data_dir: where everything is written; empty means the default data folder.
        articles: files and folders to read; empty means seeds/articles and the inbox.
        offline: True leaves the official services out.
        replay: True builds the observations again from the answers kept, and asks nobody.
    """

    data_dir: str = ""
    articles: list[str] = []
    offline: bool = False
    replay: bool = False
    _work: Work | None = PrivateAttr(default=None)
    _started_at: datetime = PrivateAttr(default_factory=lambda: datetime.now(UTC))

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["RefreshResource"]:
        """Hold the lock and the work file while the run lasts."""
        self._started_at = datetime.now(UTC)

        def tell(waiting: str) -> None:
            if context.log:
                context.log.info(waiting)
            sys.stderr.write(f"hedui: {waiting}\n")

        with Warehouse(self.folder).open_work(on_wait=tell) as work:
            self._work = work
            yield self

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.data_dir) if self.data_dir else default_data_folder()

    @property
    def article_paths(self) -> list[Path]:
        """The files and folders to read: those named, else seeds/articles and the inbox, once something was added to it."""
        if self.articles:
            return [Path(path) for path in self.articles]
        inbox = self.folder / "inbox"
        return [SEEDS / "articles", *([inbox] if holds_articles(inbox) else [])]

    @property
    def work(self) -> Work:
        """The open work file.

        Raises:
            RuntimeError: outside a run.
        """
        if self._work is None:
            raise RuntimeError("the work file is open only while a run lasts")
        return self._work

    @property
    def started_at(self) -> datetime:
        """When this refresh got the work file."""
        return self._started_at

    @staticmethod
    def source_settings() -> "SourceSettings":
        """Addresses and key of the official services, from the environment; unset ones stay at the real services."""
        from pipelines.official.observations import SourceSettings  # noqa: PLC0415  # brings the network's libraries: only when asked for

        usual = SourceSettings()

        def read(variable: str, default: str) -> str:
            return os.environ.get(variable, "").strip() or default

        return SourceSettings(
            fred_url=read("HEDUI_FRED_URL", usual.fred_url),
            fred_key=read("FRED_API_KEY", "") or None,
            fred_keyless=read("HEDUI_FRED_KEYLESS", "1") != "0",
            fredgraph_url=read("HEDUI_FREDGRAPH_URL", usual.fredgraph_url),
            alfred_url=read("HEDUI_ALFRED_URL", usual.alfred_url),
            fiscaldata_url=read("HEDUI_FISCALDATA_URL", usual.fiscaldata_url),
            cbo_url=read("HEDUI_CBO_URL", usual.cbo_url),
            sec_url=read("HEDUI_SEC_URL", usual.sec_url),
            contact=read("HEDUI_CONTACT", "") or None,
        )

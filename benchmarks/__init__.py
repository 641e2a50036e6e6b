"""Programs that show how right and how fast hedui is; each prints its figures when it is run."""

"""Text and dates in, claims out: pure, without Dagster, DuckDB, network, clock or environment."""

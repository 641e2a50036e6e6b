"""Rows in, tables out: the contracts, the files and the SQL. The only user of duckdb."""

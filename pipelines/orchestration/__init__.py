"""The hall that joins the wings: assets, checks and schedules. With definitions.py the only place that imports dagster."""

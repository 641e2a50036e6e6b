"""What Dagster's record of a failure says to people."""

from typing import Any


def describe_failure(event: Any) -> str:
    """The sentence that a failing step wrote, or the first line of the innermost error; a foreseen failure without its class's name.

    Args:
        event: a `DagsterEvent` of a failed step or run.

    Returns:
        The sentence; empty if the event carries none.
    """
    details = event.event_specific_data
    told = getattr(details, "user_failure_data", None)
    if told and told.description:
        return str(told.description)
    error = getattr(details, "error", None)
    while error and error.cause and not error.message.startswith("pipelines.errors."):
        error = error.cause
    if not error:
        return ""
    name, _, sentence = error.message.strip().partition(": ")
    return str(sentence if name.startswith("pipelines.errors.") else error.message.strip().split("\n")[0])

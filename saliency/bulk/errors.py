"""What ends a bulk run early."""

from __future__ import annotations


class BulkError(Exception):
    """The run cannot begin or go on; the message is a sentence for whoever started it."""


def cannot(what: str, error: Exception) -> BulkError:
    """That something cannot be done, and why: "cannot read s3://bucket/list.csv: Access Denied"."""
    return BulkError(f"cannot {what}: {reason(error)}")


def reason(error: Exception) -> str:
    """Why, on one line."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(str(said).split()) or type(error).__name__

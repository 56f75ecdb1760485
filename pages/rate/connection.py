"""Where ratings are kept: GAZECROP_RATINGS_URL, else [connections.ratings] of the app's secrets, else a SQLite file."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import streamlit as st
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from streamlit.connections import SQLConnection
from streamlit.errors import StreamlitAPIException

from pages.rate.store import prepare

NAME = "ratings"
VARIABLE = "GAZECROP_RATINGS_URL"
FILE = Path(__file__).parents[2] / "ratings" / "ratings.sqlite"
BUSY_SECONDS = 10  # how long a vote waits for others' votes; then its visitor is told, and can vote again
ANSWER_SECONDS = 10  # how long to wait for a server
CONNECTIONS = 4  # engines kept: more than one only where the address changes
EXAMPLES = "sqlite:////folder/ratings.sqlite or postgresql+psycopg://user:password@host/name"


class RatingsError(RuntimeError):
    """The ratings cannot be read or kept; the message says what to do, and tells neither address nor password."""


def open_ratings() -> SQLConnection:
    """The connection that all sessions share, its table made where there was none. Raises RatingsError."""
    try:
        connection = st.connection(NAME, type=SQLConnection, max_entries=CONNECTIONS, **_options())
        prepare(connection.engine)
    except ModuleNotFoundError as error:
        missing = str(error).partition(". ")[0]  # without Streamlit's guess at the package
        raise RatingsError(
            f"the database of {VARIABLE} needs a package ({missing}); for PostgreSQL: pip install 'psycopg[binary]'"
        ) from error
    except (ArgumentError, StreamlitAPIException) as error:
        raise RatingsError(f"{VARIABLE} is not the address of a database; write it like {EXAMPLES}") from error
    except (SQLAlchemyError, OSError) as error:
        raise RatingsError(explain(error)) from error
    return connection


def explain(error: Exception) -> str:
    """A sentence for the visitor; the reason, which may name a host or a user, goes to the log of the app."""
    logging.getLogger(__name__).warning("the database of ratings does not answer", exc_info=error)
    return f"the database of ratings does not answer; the log of the app says why, and {VARIABLE} where it is"


def _options() -> dict[str, Any]:
    """What st.connection is told; nothing where the secrets describe the database in parts."""
    url = _url()
    if url is None:
        return {}
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        # every session opens the file anew: it may have been moved or replaced since
        return {"url": url.render_as_string(False), "poolclass": NullPool, "connect_args": {"timeout": BUSY_SECONDS}}
    options: dict[str, Any] = {"url": url.render_as_string(False), "pool_pre_ping": True}
    if url.get_backend_name() == "postgresql":
        unheard = 1000 * ANSWER_SECONDS  # milliseconds, after which a connection that answers nothing is given up
        options["connect_args"] = {"connect_timeout": ANSWER_SECONDS, "tcp_user_timeout": unheard}
        options["pool_timeout"] = ANSWER_SECONDS
    return options


def _url() -> URL | None:
    secrets = st.secrets.get("connections", {}).get(NAME) if st.secrets.load_if_toml_exists() else None
    text = os.environ.get(VARIABLE) or (f"sqlite:///{FILE}" if secrets is None else secrets.get("url"))
    if not text:
        return None
    url = make_url(text)
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url

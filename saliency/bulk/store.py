"""Where a run writes: a folder or a bucket. A file is there in full or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Any, Protocol

from saliency.bulk.errors import cannot
from saliency.bulk.remote import file_system, is_url

ASIDE = ".aside-"  # what begins so is not yet, or never became, a file of the run; readers of Parquet pass it over


class Store(Protocol):
    """Files by their names, which may have folders in them: "part-000001.parquet". All raise BulkError."""

    def put(self, name: str, data: bytes) -> None:
        """Write or replace a file."""
        ...

    def put_file(self, name: str, path: Path) -> None:
        """Write or replace a file by what is in another one on this machine, which may be moved."""
        ...

    def get(self, name: str) -> bytes | None:
        """What is in a file; None where there is none."""
        ...

    def names(self) -> set[str]:
        """Of the files at the top."""
        ...

    def open(self, name: str) -> Any:
        """A file, as pyarrow reads it."""
        ...


class Folder:
    """On this machine's disks, or one that many machines share."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, name: str, data: bytes) -> None:
        path = self.path / name
        aside = path.with_name(f"{ASIDE}{os.getpid()}-{path.name}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except OSError as error:
            raise cannot(f"write {path}", error) from None
        finally:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)

    def put_file(self, name: str, path: Path) -> None:
        try:
            path.replace(self.path / name)
        except OSError as error:
            raise cannot(f"write {self.path / name}", error) from None

    def get(self, name: str) -> bytes | None:
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise cannot(f"read {self.path / name}", error) from None

    def names(self) -> set[str]:
        try:
            return {path.name for path in self.path.iterdir()}
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise cannot(f"read {self.path}", error) from None

    def open(self, name: str) -> Any:
        return str(self.path / name)

    def tidy(self) -> None:
        """Remove what runs that were killed left aside; nobody else may be writing here."""
        for path in self.path.glob(f"{ASIDE}*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


class Bucket:
    """Objects below an address. One appears when all of it has arrived, so that nothing is renamed."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.files = file_system(url)

    def put(self, name: str, data: bytes) -> None:
        try:
            self.files.pipe_file(f"{self.url}/{name}", data)
        except Exception as error:
            raise cannot(f"write {self.url}/{name}", error) from error

    def put_file(self, name: str, path: Path) -> None:
        try:
            self.files.put_file(str(path), f"{self.url}/{name}")
            path.unlink()
        except Exception as error:
            raise cannot(f"write {self.url}/{name}", error) from error

    def get(self, name: str) -> bytes | None:
        try:
            return bytes(self.files.cat_file(f"{self.url}/{name}"))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise cannot(f"read {self.url}/{name}", error) from error

    def names(self) -> set[str]:
        try:
            return {str(path).rsplit("/", 1)[-1] for path in self.files.ls(self.url, detail=False)}
        except FileNotFoundError:
            return set()
        except Exception as error:
            raise cannot(f"list {self.url}", error) from error

    def open(self, name: str) -> Any:
        try:
            return self.files.open(f"{self.url}/{name}", "rb")
        except Exception as error:
            raise cannot(f"read {self.url}/{name}", error) from error


def store_at(place: str) -> Store:
    """The store at a path or an address. Raises BulkError."""
    return Bucket(place) if is_url(place) else Folder(Path(place))

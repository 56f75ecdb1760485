"""Buckets, through fsspec: which addresses are taken, and the file system of one."""

from __future__ import annotations

from typing import Any

from saliency.bulk.errors import BulkError, cannot

SCHEMES = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs"}
"""What an address may begin with -> the package that speaks it. No http: a table of strangers' addresses would have us
ask for whatever it names."""


def is_url(text: str) -> bool:
    return "://" in text


def file_system(url: str) -> Any:
    """The fsspec file system that an address belongs to, which keeps its connections. Raises BulkError."""
    scheme = url.partition("://")[0]
    if scheme not in SCHEMES:
        raise BulkError(f"{url} begins with none of {', '.join(f'{name}://' for name in SCHEMES)}")
    try:
        import fsspec

        return fsspec.filesystem(scheme, use_listings_cache=False)  # others write there meanwhile
    except ImportError:
        raise BulkError(f"{scheme}:// needs the package {SCHEMES[scheme]}; install it beside gazecrop[bulk]") from None
    except Exception as error:  # what credentials and endpoints raise is each package's own
        raise cannot(f"open {url}", error) from error


def full_url(url: str, path: str) -> str:
    """The address of a path as a file system lists it, beside another address there."""
    return f"{url.partition('://')[0]}://{path.lstrip('/')}"

"""Changes of tables, of JSON, and of addresses, by their cells, values and parameters."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from tests.fuzz import raw

ODD = (
    "", " ", "0", "-1", "nan", "-inf", "1e400", "1e308", "9" * 400, "0x10", "1_000", "٣", "½", "1,5", "1.5.2", "+5",
    "=1+1", "<img onerror=x>", "a\0b", "\ufeff", "\u202e", "\ud800", "💥" * 20, "x" * 3000, '"', '"a\nb"', "'", ",;\t",
    "true", "None", "null", "../..", "www.example.com", "e\u0301", "1e-400", "--1", "1:0", "0:0", "16:9", "99999x1",
)  # fmt: skip


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def changed_table(rng: Random, data: bytes, other: bytes) -> bytes:
    """A CSV after one change of a cell, a row, a column, what stands between them, or how it is coded."""
    text = data.decode("utf-8", "replace")
    rows = [line.split(",") for line in text.split("\n")]
    row = rng.choice(rows)
    way = rng.choice(
        ("cell", "cell", "cell", "drop", "double", "separator", "many", "wide", "coding", "quote", "bring")
    )
    if way == "cell":
        row[rng.randrange(len(row))] = rng.choice(ODD)
    elif way == "drop":
        del row[rng.randrange(len(row))]
    elif way == "double":
        row.insert(rng.randrange(len(row)), rng.choice(row))
    elif way == "separator":
        return _encoded(text.replace(",", rng.choice((";", "\t", "|", ",,", "\0"))))
    elif way == "many":
        rows[1:1] = [list(row)] * rng.choice((10, 3000))
    elif way == "wide":
        row += row * rng.choice((3, 2000))
    elif way == "coding":
        return text.encode(rng.choice(("utf-16", "utf-8-sig", "latin-1", "utf-7")), "replace")
    elif way == "quote":
        row[0] = '"' + row[0]
    else:
        rows.append(other.decode("utf-8", "replace")[:500].split(","))
    return _encoded("\n".join(",".join(cells) for cells in rows))[: raw.MOST]


def changed_json(rng: Random, data: bytes, _: bytes) -> bytes:
    """A document after one of its values was exchanged, dropped, or nested."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return raw.changed(rng, data)
    holder: Any = document
    while isinstance(holder, (dict, list)) and holder:
        key = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        if isinstance(holder[key], (dict, list)) and holder[key] and rng.random() < 0.8:
            holder = holder[key]
            continue
        values: list[Any] = [None, True, [], {}, -1, 0, 10**400, 1e308, float("nan"), float("inf"), *ODD]
        way = rng.random()
        if way < 0.7:
            holder[key] = rng.choice(values)
        elif way < 0.85:
            del holder[key]
        else:
            return b"[" * 100_000 if rng.random() < 0.3 else _encoded(json.dumps(document)).replace(b":", b":[", 1)
        break
    return json.dumps(document).encode("utf-8", "replace")


def changed_query(rng: Random, data: bytes, other: bytes) -> bytes:
    """Parameters of an address: other values, repeats, and those of another page."""
    pairs = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)
    rank = rng.randrange(len(pairs)) if pairs else 0
    way = rng.choice(("value", "value", "value", "list", "repeat", "drop", "bring", "glue", "bytes"))
    if way == "bytes" or not pairs:
        return raw.changed(rng, data)
    name, value = pairs[rank]
    if way == "value":
        pairs[rank] = name, rng.choice((*ODD, value[::-1], value.upper(), value + rng.choice(ODD)))
    elif way == "list":
        pairs[rank] = name, ",".join(rng.choice((*ODD, value)) for _ in range(rng.choice((2, 5, 500))))
    elif way == "repeat":
        pairs += [(name, rng.choice(ODD))] * rng.choice((1, 100))
    elif way == "drop":
        del pairs[rank]
    elif way == "bring":
        pairs += parse_qsl(other.decode("utf-8", "replace"))
    else:
        pairs[rank] = name, f"{value} {rng.choice(pairs)[1]}"
    return urlencode(pairs, quote_via=quote, errors="surrogatepass").encode()

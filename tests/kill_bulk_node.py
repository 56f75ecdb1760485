"""Kill a node of a Ray cluster in the midst of a bulk run, and compare what the run wrote with an undisturbed one.

    nice python -m tests.kill_bulk_node --times 10 [--out docs/scale/kill_node.json]

The nodes are processes of this machine; the run itself goes on, and no one starts it again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ray.cluster_utils import Cluster

from tests.kill_bulk import command, contents, finished, make_album

PHOTOS = 400  # 25 shards


def disturbed(album: Path, out: Path, wait: float) -> int:
    """A run on two nodes, one of which is killed so many seconds after the first shard; how many there were then.

    Another node joins a moment later, as one would on a real cluster."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
        words = command(album, out, "--engine", "ray", "--address", cluster.address)
        running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not finished(out) and running.poll() is None:
            time.sleep(0.05)
        time.sleep(wait)
        before = finished(out)
        cluster.remove_node(nodes[0], allow_graceful=False)
        cluster.add_node(num_cpus=1)
        running.wait(300)
        after = finished(out)
        again = [name for name in before if after[name] != before[name]]
        assert not again, f"made again: {again}"
        return len(before)
    finally:
        cluster.shutdown()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="JSON with what came of it")
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path.cwd())  # of the nodes' processes
    draw, ends = random.Random(options.seed), []
    with tempfile.TemporaryDirectory() as folder:
        album = make_album(Path(folder, "album"), photos=PHOTOS)
        subprocess.run(command(album, Path(folder, "calm")), stdout=subprocess.DEVNULL, check=False)
        right = contents(Path(folder, "calm"))
        for number in range(options.times):
            out = Path(folder, str(number))
            shards = disturbed(album, out, draw.uniform(0, 2))
            ends.append({"shards_done_at_the_kill": shards, "same_bytes": contents(out) == right})
            print(f"{number + 1} of {options.times}: {ends[-1]}", flush=True)
    result = {"times": options.times, "seed": options.seed, "ends": ends}
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(result, indent=2) + "\n")
    return int(not all(end["same_bytes"] for end in ends))


if __name__ == "__main__":
    sys.exit(main())

"""The command line: `python -m eval get`, `run`, `report`, `compare` and so on."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from tqdm import tqdm

from eval.datasets import DATASETS, SPLITS, DatasetError, DatasetNotFound, load_dataset, outside_note, read_folder
from eval.datasets.get import LICENCE, GetError, files_of, get, size_of
from eval.datasets.places import REPOSITORIES, data_root
from eval.make_run import Scope, make_run
from eval.methods import NAMES, load_any
from eval.peers import PEERS, PeerUnavailable, load_peer
from eval.readme import update_pages
from eval.report import (
    METRICS,
    STYLES,
    by_kind,
    changed_images,
    compare,
    default_reference,
    leaderboard,
    render,
    same_data,
    select,
    values_of,
)
from eval.runs import UNSEEN, RunError, load_run
from eval.series import without_series
from eval.verdict_words import verdict_lines
from saliency.adapt_file import to_json
from saliency.command.ending import end_well
from saliency.command.printing import warn
from saliency.models import MODELS, load_model
from saliency.models.weights import WeightsError

SHOWN_CHANGES = 10
STEADY = ("gaze", "gaze-only", "gaze-fast", "gaze-nano", "face")  # of `stability`
AGAINST = ("twitter-2018", "smartcrop", "vips-attention", "spectral-residual", "face")  # of a bench


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status, 2 after an error that it names. Other ends are those of `end_well`."""
    return end_well(partial(_main, argv))


def _main(argv: Sequence[str] | None) -> int:
    argv = sys.argv[1:] if argv is None else list(argv)
    options = _parser().parse_args(argv)
    options.command_line = shlex.join(["python", "-m", "eval", *argv])
    try:
        return int(options.run(options))
    except (DatasetNotFound, DatasetError, GetError, PeerUnavailable, RunError, WeightsError, ValueError) as error:
        warn(f"error: {error}")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Measure methods of cropping on human gaze.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    fetch = commands.add_parser("get", help="fetch the eye-tracking datasets; goes on where it was interrupted")
    fetch.add_argument("datasets", nargs="*", default=list(DATASETS), metavar="NAME", help=f"of {', '.join(DATASETS)}")
    fetch.set_defaults(run=_get)

    run = commands.add_parser("run", help="judge methods on datasets; a killed run goes on")
    run.add_argument("--datasets", nargs="*", choices=list(DATASETS), metavar="NAME", help=f"of {', '.join(DATASETS)}")
    run.add_argument(
        "--folder", type=Path, metavar="DIR", help="your own photos, with the CSVs that docs/data.md names"
    )
    run.add_argument("--scenes", action="store_true", help="drawn scenes of which the right crops are known")
    run.add_argument("--methods", nargs="+", default=list(NAMES), metavar="NAME", help=f"of {', '.join(NAMES)}")
    run.add_argument("--split", default="test", choices=SPLITS)
    run.add_argument("--out", type=Path, metavar="DIR", help="default runs/DATE-SPLIT")
    run.add_argument("--jobs", type=int, metavar="N", help="processes; default one a core")
    run.set_defaults(run=_run)

    report = commands.add_parser("report", help="the leaderboard of a run")
    report.add_argument("folder", type=Path, metavar="RUN")
    report.add_argument("--metric", default="gaze kept", choices=list(METRICS), metavar="METRIC")
    report.add_argument("--reference", default="", metavar="METHOD", help="default center, for maps centre prior")
    report.add_argument("--where", nargs="*", default=[], metavar="COLUMN=VALUE", help="such as orientation=portrait")
    report.add_argument("--without-series", action="store_true", help="leave out test photos that others are much like")
    report.add_argument("--by-kind", action="store_true", help="drawn scenes: a row a kind, a column a method")
    report.add_argument("--style", default="text", choices=STYLES)
    report.set_defaults(run=_report)

    both = commands.add_parser("compare", help="what changed between two runs; status 1 on a significant regression")
    both.add_argument("old", type=Path, metavar="RUN_A")
    both.add_argument("new", type=Path, metavar="RUN_B")
    both.set_defaults(run=_compare)

    adapt = commands.add_parser("adapt", help="fit a few numbers of the maps to where people looked on your photos")
    adapt.add_argument("--folder", type=Path, required=True, metavar="DIR", help="your photos with their fixations.csv")
    adapt.add_argument("--model", default="gaze", choices=list(MODELS), help="whose maps; default gaze")
    adapt.add_argument("--out", type=Path, default=Path("adaptation.json"), metavar="FILE", help="default %(default)s")
    adapt.set_defaults(run=_adapt)

    bench = commands.add_parser("bench", help="time methods side by side, one thread, from bytes to boxes")
    bench.add_argument("--against", type=_names, default=AGAINST, metavar="A,B", help=f"default {','.join(AGAINST)}")
    bench.add_argument("--rounds", type=int, default=40, help="how often everything takes its turn; default 40")
    bench.add_argument("--json", action="store_true", help="print one object: method -> medians, and nothing else")
    bench.add_argument("--write", action="store_true", help="measure growth and the curve too, for the dashboard")
    bench.add_argument("--pruned", nargs="*", type=Path, default=[], metavar="RUN", help="more networks on the curve")
    bench.set_defaults(run=_bench)

    scenes = commands.add_parser("scenes", help="draw contact sheets of the scenes with their targets, to look at")
    scenes.add_argument("--out", type=Path, required=True, metavar="DIR")
    scenes.set_defaults(run=_scenes)

    samples = commands.add_parser("samples", help="draw a sheet of the samples with their crops, by gaze alone and now")
    samples.add_argument("--out", type=Path, required=True, metavar="FILE", help="a JPEG")
    samples.set_defaults(run=_samples)

    drawn = commands.add_parser("drawn", help="draw the samples that are no photographs")
    drawn.add_argument("--out", type=Path, required=True, metavar="DIR")
    drawn.set_defaults(run=_drawn)

    unseen = commands.add_parser("unseen", help="judge networks on the dataset that each never saw")
    unseen.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="of python -m training with --leave-out")
    unseen.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth photo, to be quick")
    unseen.add_argument("--out", type=Path, default=UNSEEN, metavar="DIR", help="default %(default)s")
    unseen.add_argument("--jobs", type=int, metavar="N", help="processes; default one a core")
    unseen.set_defaults(run=_unseen)

    prior = commands.add_parser("prior", help="what each weight of the centre prior makes of others' maps, on val")
    prior.set_defaults(run=_prior)

    stability = commands.add_parser("stability", help="how far crops move when a photo changes as nobody sees")
    stability.add_argument("--split", default="test", choices=SPLITS)
    stability.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth photo, to be quick")
    stability.add_argument("--methods", nargs="+", default=list(STEADY), metavar="NAME", help="default: ours")
    stability.add_argument("--write", action="store_true", help="into eval/results, for the tables")
    stability.set_defaults(run=_stability)

    calibration = commands.add_parser("calibration", help="whether crops do what is expected of them")
    calibration.add_argument("folder", type=Path, metavar="RUN")
    calibration.add_argument("--method", default="gaze", metavar="METHOD", help="one that crops by gaze's map")
    calibration.add_argument("--by", default="dataset", choices=("dataset", "aspect"))
    calibration.add_argument("--style", default="text", choices=STYLES)
    calibration.set_defaults(run=_calibration)

    audit = commands.add_parser("audit", help="whom croppers favour: two people of two groups in one picture")
    audit.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="of faces; default that in AUDIT_FACES")
    audit.add_argument("--labels", type=Path, metavar="CSV", help="a row a face; default labels.csv in DIR")
    audit.add_argument(
        "--by", type=_names, default=("race", "gender"), metavar="A,B", help="columns that groups are of"
    )
    audit.add_argument("--pairs", type=int, default=2000, metavar="N", help="how many pairs; default %(default)s")
    audit.add_argument("--match", type=_limits, default={}, metavar="A:N", help="pairs differ by N at most in A: age:5")
    audit.add_argument("--methods", nargs="+", metavar="NAME", help=f"of {', '.join(NAMES)}")
    audit.add_argument("--out", type=Path, metavar="DIR", help="default runs/DATE-audit")
    audit.add_argument("--jobs", type=int, metavar="N", help="processes; default one a core")
    audit.set_defaults(run=_audit)

    outside = commands.add_parser("outside", help="count what other croppers did, from what others published")
    outside.add_argument("grids", type=Path, metavar="CSV", help="df_cfd_3k.csv of vinayprabhu/Saliency_Image_Cropping")
    outside.add_argument("--out", type=Path, metavar="DIR", help="write the counts beside the audit there")
    outside.set_defaults(run=_outside)

    readme = commands.add_parser("readme", help="write the committed run's tables into README.md and docs/results.md")
    readme.set_defaults(run=_readme)
    return parser


def _get(options: argparse.Namespace) -> int:
    for name in options.datasets:
        files, size = files_of(name), size_of(name)
        print(f"{name}: {len(files)} files, {size / 1e6:.1f} MB, {LICENCE} licence, from {REPOSITORIES[name]}")
    for name in options.datasets:
        with tqdm(total=size_of(name), desc=name, unit="B", unit_scale=True) as bar:
            for step in get(name):
                bar.update(step.size - bar.n)
        print(f"{name} is in {data_root() / name}")
    return 0


def _run(options: argparse.Namespace) -> int:
    datasets = options.datasets
    if datasets is None:
        datasets = [] if options.folder or options.scenes else list(DATASETS)
    what = "folder" if options.folder else "scenes" if options.scenes and not datasets else options.split
    out = options.out or Path("runs") / f"{date.today().isoformat()}-{what}"
    scope = Scope(tuple(datasets), options.folder, options.split, tuple(options.methods), options.scenes)
    if options.folder and (note := outside_note(read_folder(options.folder))):
        print(note, file=sys.stderr)
    run = make_run(scope, out, options.command_line, options.jobs)
    for name, reason in run.manifest["unavailable"].items():
        print(f"{name} was left out: {reason}", file=sys.stderr)
    for failed in run.manifest["failed"]:
        print(f"{failed['dataset']}/{failed['image']} was skipped: {failed['error']}", file=sys.stderr)
    print(f"{len(run.table)} rows in {out}; now: python -m eval report {out}")
    return 0


def _report(options: argparse.Namespace) -> int:
    run = load_run(options.folder)
    if options.by_kind:
        print(render(by_kind(run, options.metric), options.style))
        return 0
    if options.without_series:
        run = without_series(run)
    where = dict(pair.split("=", 1) for pair in options.where)
    reference = options.reference or default_reference(options.metric)
    print(render(leaderboard(run, options.metric, reference, where), options.style))
    if options.style != "csv":
        print("\n".join(["", *verdict_lines(values_of(select(run.table, options.metric, where)), options.metric)]))
    return 0


def _compare(options: argparse.Namespace) -> int:
    old, new = load_run(options.old), load_run(options.new)
    if not same_data(old, new):
        print("the two runs judged different data; pictures are matched by their names", file=sys.stderr)
    changes = compare(old, new)
    print(render(changes.set_index("method")))
    for row in changes[changes["p"] < 0.05].itertuples():
        print(f"\n{row.method}, {row.metric}: the images that changed most")
        for (dataset, image), change in changed_images(old, new, row.method, row.metric, SHOWN_CHANGES).items():
            print(f"  {change:+.3f}  {dataset}/{image}")
    return int(changes["regression"].any())


def _adapt(options: argparse.Namespace) -> int:
    from eval.adapt import cross_validate, look_at, manifest_of  # brings the networks and SciPy in

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    options.out.parent.mkdir(parents=True, exist_ok=True)
    samples = read_folder(options.folder)
    if note := outside_note(samples):
        tell(note)
    looked = look_at(samples, load_model(options.model), tell)
    fitted = cross_validate(looked, tell)
    manifest = manifest_of(fitted, looked, options.command_line)
    options.out.write_text(to_json(options.model, fitted.adaptation, manifest))
    print(manifest["in words"])
    print(f"{options.out}; now: gazecrop crop --adapt {options.out} PHOTO")
    return 0


def _bench(options: argparse.Namespace) -> int:
    from eval.bench import bench  # brings the networks in
    from eval.bench.files import write_bench

    bench.one_thread()
    if options.write:
        write_bench(bench.make_bench(options.against, options.pruned, options.rounds, options.command_line))
        return 0
    methods, unavailable = bench.bench_methods(options.against, options.rounds)
    for name, reason in unavailable.items():
        print(f"{name} was left out: {reason}", file=sys.stderr)
    print(json.dumps(bench.medians(methods)) if options.json else bench.as_text(methods))
    return 0


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _scenes(options: argparse.Namespace) -> int:
    from eval.scenes.sheet import write_sheets

    for path in write_sheets(options.out):
        print(path)
    return 0


def _samples(options: argparse.Namespace) -> int:
    from eval.samples import write_sheet  # brings the networks in

    print(write_sheet(options.out))
    return 0


def _drawn(options: argparse.Namespace) -> int:
    from eval.drawn import write_drawn  # brings the scenes in

    for file in write_drawn(options.out):
        print(file)
    return 0


def _unseen(options: argparse.Namespace) -> int:
    from eval.unseen import Unseen  # brings the networks in

    run = make_run(Unseen(tuple(options.runs), options.every), options.out, options.command_line, options.jobs)
    print(f"{len(run.table)} rows in {options.out}; now: python -m eval report {options.out}")
    return 0


def _prior(options: argparse.Namespace) -> int:  # noqa: ARG001
    from eval.prior import best_weights, prior_table

    looks = {name: load_peer(name).look for name, peer in PEERS.items() if peer.prior is not None}
    table = prior_table(looks, {name: (load_dataset(name, "val"), load_dataset(name, "train")) for name in DATASETS})
    print(table.to_string(float_format="%.4f"))
    print("the most at", ", ".join(f"{name} {weight:.2f}" for name, weight in best_weights(table).items()))
    return 0


def _stability(options: argparse.Namespace) -> int:
    from eval.stability import moves, stability_table, write_stability  # brings the networks in

    methods = [load_any(name) for name in options.methods]
    samples = [sample for name in DATASETS for sample in load_dataset(name, options.split)][:: options.every]
    table = stability_table(moves(samples, methods))
    print(render(table.set_index("method")))
    if options.write:
        of = {"split": options.split, "photos": len(samples), "methods": options.methods}
        write_stability(table, of, options.command_line)
    return 0


def _calibration(options: argparse.Namespace) -> int:
    from eval.calibration import errors, forecasts

    told = forecasts(load_run(options.folder), options.method)
    if told.empty:
        raise ValueError(
            f"nothing is expected of {options.method!r} in {options.folder}; of gaze it is, with the centre"
        )
    print(render(errors(told, options.by), options.style))
    return 0


def _audit(options: argparse.Namespace) -> int:
    from eval.audit import make, words  # brings the methods in
    from eval.audit.files import save_audit

    folder = options.folder or make.default_folder()
    labels = options.labels or folder / "labels.csv"
    plan = make.Plan(folder, labels, options.by, options.pairs, options.match, tuple(options.methods or make.METHODS))
    audit = make.make_audit(plan, options.command_line, options.jobs)
    out = options.out or Path("runs") / f"{date.today().isoformat()}-audit"
    save_audit(out, audit)
    for name, reason in audit.manifest["unavailable"].items():
        print(f"{name} was left out: {reason}", file=sys.stderr)
    print(words.as_text(audit))
    print(f"\nthe tables are in {out}")
    return 0


def _outside(options: argparse.Namespace) -> int:
    from eval.audit.outside import grids_text, read_grids, save_grids

    grids = read_grids(options.grids)
    print(grids_text(grids))
    if options.out:
        print(save_grids(grids, options.out))
    return 0


def _limits(text: str) -> dict[str, float]:
    try:
        return {name: float(most) for name, most in (pair.split(":") for pair in _names(text))}
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no column and a number, such as age:5") from None


def _readme(options: argparse.Namespace) -> int:  # noqa: ARG001
    update_pages()
    return 0


if __name__ == "__main__":
    sys.exit(main())

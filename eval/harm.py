"""Help and harm by every judge, and how much of it is no more than chance among the observers.

A crop harms when it keeps POINTS less of people's gaze than the centre crop does. A dozen people look a dozen times
each: who they are moves what a crop keeps by some points, so that even a crop as good as the centre's is found to harm
now and then, and the one that people themselves would choose is too. Three judges are compared: one half of the
observers, the other, and all of them; and from how the halves differ on the same crops follows what chance makes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from eval.report import CHANGED, select, values_of
from eval.runs import Run
from eval.statistics import bootstrap_by_crop, by_dataset
from eval.types import EVEN, EVERYBODY, ODD

JUDGES = {"odd half": ODD, "even half": EVEN, "all": EVERYBODY}
REFERENCE = "center"
PLACED_BY_HALVES = ("human", "oracle")  # another crop for each half: their halves differ by more than chance


def has_judges(run: Run) -> bool:
    """Whether a run was judged by all of JUDGES: those made before them were not."""
    return set(JUDGES.values()) <= set(run.table["metric"].unique())


def help_and_harm_by_judge(run: Run, where: Mapping[str, str] = {}) -> pd.DataFrame:
    """One row a method, columns (judge, "help" or "harm", "mean" or "low" or "high"): shares of crops, means over
    datasets that weigh the same, with 95 % intervals over photos. Raises ValueError where a judge is missing."""
    columns: dict[tuple[str, str, str], dict[str, float]] = {}
    for judge, metric in JUDGES.items():
        gains = gains_by(run, metric, where)
        for effect, sign in (("help", 1), ("harm", -1)):
            shares = (sign * gains >= CHANGED).astype(np.float64).where(gains.notna())
            for method in shares:
                estimate = bootstrap_by_crop(by_dataset(shares[method]))
                for name in ("mean", "low", "high"):
                    columns.setdefault((judge, effect, name), {})[str(method)] = getattr(estimate, name)
    return pd.DataFrame(columns).rename_axis("method")


def gains_by(run: Run, metric: str, where: Mapping[str, str] = {}) -> pd.DataFrame:
    """What each crop keeps more than the centre's, by one judge: index (dataset, image, aspect), one column a method.

    Raises ValueError where the run has no such rows.
    """
    kept = values_of(select(run.table, metric, where))
    return kept.sub(kept[REFERENCE], axis=0)


def noise_table(run: Run, where: Mapping[str, str] = {}) -> pd.DataFrame:
    """How much of harm is the observers' noise; one row a method whose crops do not depend on the judges.

    "both": the share of crops that both halves, each by itself, find harmed. "chance": the share that one half would
    find harmed were each crop truly as good as the centre's, see `harm_by_chance`. "without noise": an estimate of the
    share that countless observers would find harmed, see `harm_without_noise`. Means over datasets that weigh the same.
    """
    odd, even, everybody = (gains_by(run, metric, where) for metric in JUDGES.values())
    rows = {}
    for method in odd.columns.difference([*PLACED_BY_HALVES, REFERENCE], sort=False):
        gains = pd.DataFrame({"odd": odd[method], "even": even[method], "all": everybody[method]}).dropna()
        of = [group.to_numpy(np.float64).T for _, group in gains.groupby(level="dataset", observed=True)]
        rows[method] = {
            "both": float(np.mean([((-first >= CHANGED) & (-second >= CHANGED)).mean() for first, second, _ in of])),
            "chance": float(np.mean([harm_by_chance(first, second) for first, second, _ in of])),
            "without noise": float(np.mean([harm_without_noise(*three) for three in of])),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")


def harm_by_chance(odd: np.ndarray, even: np.ndarray) -> float:
    """How often one half of the observers would find crops harmed that are truly as good as the centre's.

    odd, even: (N,) what each half finds that a crop gains. The difference of the two holds nothing but chance, twice
    that of one half in variance, and as often up as down.
    """
    by_chance = np.abs(odd - even) / np.sqrt(2)
    return float((by_chance >= CHANGED).mean() / 2)


def harm_without_noise(odd: np.ndarray, even: np.ndarray, everybody: np.ndarray) -> float:
    """About how often countless observers would find crops harmed.

    Gains are drawn to their mean until they vary as true gains do, which is the covariance of what two halves find.
    Louis, "Estimating a population of parameter values using Bayes and empirical Bayes methods", 1984. All (N,).
    """
    spread = float(np.var(everybody))
    true = max(float(np.cov(odd, even, bias=True)[0, 1]), 0.0)
    shrunk = everybody.mean() + np.sqrt(min(true / spread, 1.0) if spread else 0.0) * (everybody - everybody.mean())
    return float((-shrunk >= CHANGED).mean())

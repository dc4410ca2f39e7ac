"""Writes almost_stochastic_order.json: violation ratios and bounds by numpy from the formulas of Dror, Shlomov and Reichart (2019), with
scores drawn as src/statistics draws them.

Run with Debian's python3-scipy:  /usr/bin/python3 tests/golden/almost_stochastic_order.py
Quantile functions of n and m scores are both constant on each of n·m equal parts of the unit interval, so that means over those parts are
the integrals. The grid's bound is what deep-significance's 199 points give for the same draws, but for its leaving out the first one.
"""

import numpy as np
import scipy
from draws import Random
from golden_file import write
from scipy.stats import norm

rng = np.random.default_rng(2019)
RESAMPLES = 500
GRID = np.arange(1, 200) / 200


def exact_differences(a, b):
    """G⁻¹ − F⁻¹ on each part."""
    return np.repeat(np.sort(b), len(a)) - np.repeat(np.sort(a), len(b))


def grid_differences(a, b):
    def quantiles(scores):
        return np.sort(scores)[np.maximum(np.ceil(len(scores) * GRID).astype(int) - 1, 0)]

    return quantiles(b) - quantiles(a)


def violation_ratio(differences):
    squares = differences**2
    return 0.5 if squares.sum() == 0 else squares[differences > 0].sum() / squares.sum()


def bound(a, b, differences_of, draws, confidence):
    ratio = violation_ratio(differences_of(a, b))
    ratios = np.array([violation_ratio(differences_of(a[of_a], b[of_b])) for of_a, of_b in draws])
    const = np.sqrt(len(a) * len(b) / (len(a) + len(b)))
    sigma = np.std(const * (ratios - ratio))
    margin = -norm.ppf(1 - confidence) * sigma / const
    return ratio, np.std(ratios), np.clip(ratio + margin, 0, 1), np.clip(1 - ratio + margin, 0, 1)


def case(a, b, seed, confidence=0.95):
    """Higher scores are better."""
    a, b, random = np.array(a), np.array(b), Random(seed, "almost stochastic order")
    draws = [[[random.below(len(scores)) for _ in scores] for scores in (a, b)] for _ in range(RESAMPLES)]
    ratio, error, bound_a, bound_b = bound(a, b, exact_differences, draws, confidence)
    return {
        "a": a.tolist(),
        "b": b.tolist(),
        "seed": seed,
        "confidence": confidence,
        "violationRatio": float(ratio),
        "standardError": float(error),
        "epsilonMin": {"a": float(bound_a), "b": float(bound_b)},
        "grid": float(bound(a, b, grid_differences, draws, confidence)[2]),
    }


def scores(mean, deviation, count):
    return rng.normal(mean, deviation, count).round(6)


write(
    __file__,
    {
        "scipy": scipy.__version__,
        "resamples": RESAMPLES,
        "cases": [
            case(scores(0.7, 0.1, 5), scores(0.6, 0.1, 5), 1),
            case(scores(0.7, 0.05, 10), scores(0.69, 0.1, 10), 2),
            case(scores(0.6, 0.1, 7), scores(0.65, 0.02, 4), 3),
            case(scores(0.9, 0.01, 5), scores(0.5, 0.01, 5), 4),
            case(scores(0.5, 0.1, 20), scores(0.55, 0.1, 12), 5, 1 - 0.05 / 12),
            case([0.5, 0.6, 0.5], [0.5, 0.5, 0.6], 6),
        ],
    },
)

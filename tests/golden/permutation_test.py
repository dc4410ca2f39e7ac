"""Writes permutation_test.json: exact permutation tests by scipy.stats.permutation_test, and p-values of random permutations, drawn as
src/statistics draws them, that numpy computes.

Run with Debian's python3-scipy:  /usr/bin/python3 tests/golden/permutation_test.py
"""

import numpy as np
import scipy
from draws import Random
from golden_file import write
from scipy.stats import permutation_test

rng = np.random.default_rng(1935)
DRAWN = 2000


def paired(a, b, axis):
    return np.mean(a - b, axis=axis)


def unpaired(a, b, axis):
    return np.mean(a, axis=axis) - np.mean(b, axis=axis)


def exact(kind, statistic, a, b):
    result = permutation_test((a, b), statistic, permutation_type=kind, vectorized=True, n_resamples=np.inf)
    return {
        "a": list(a),
        "b": list(b),
        "meanDifference": float(result.statistic),
        "p": float(result.pvalue),
        "permutations": len(result.null_distribution),
    }


def p_of(null, observed):
    """Phipson and Smyth's p: the observed statistic is one of the drawn ones. Two-sided as scipy has it."""
    counts = [np.sum(null <= observed + 1e-12), np.sum(null >= observed - 1e-12)]
    return float(min(1, 2 * (min(counts) + 1) / (len(null) + 1)))


def random_paired(a, b, seed):
    differences, random = a - b, Random(seed, "permutation test")
    null = []
    for _ in range(DRAWN):
        words = [random.below(2**32) for _ in range(0, len(a), 32)]
        signs = [-1 if words[place // 32] >> place % 32 & 1 else 1 for place in range(len(a))]
        null.append(np.mean(differences * signs))
    return {"a": list(a), "b": list(b), "seed": seed, "drawn": DRAWN, "p": p_of(np.array(null), differences.mean())}


def random_unpaired(a, b, seed):
    pooled, random = np.concatenate([a, b]), Random(seed, "permutation test")
    order = list(range(len(pooled)))
    null = []
    for _ in range(DRAWN):
        drawn = pooled[random.shuffle(order)]
        null.append(drawn[: len(a)].mean() - drawn[len(a) :].mean())
    return {"a": list(a), "b": list(b), "seed": seed, "drawn": DRAWN, "p": p_of(np.array(null), a.mean() - b.mean())}


def losses(mean, count):
    return rng.normal(mean, 0.1, count).round(6)


write(
    __file__,
    {
        "scipy": scipy.__version__,
        "paired": [
            exact("samples", paired, losses(0.6, 5), losses(0.5, 5)),
            exact("samples", paired, losses(0.5, 9), losses(0.65, 9)),
            exact("samples", paired, losses(0.5, 12), losses(0.5, 12)),
            # Ties: many sums are the same on paper, and differ by rounding.
            exact("samples", paired, np.array([0.7, 0.6, 0.8, 0.9, 0.7, 0.1]), np.array([0.6, 0.5, 0.9, 0.8, 0.6, 0.2])),
            exact("samples", paired, np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])),
        ],
        "unpaired": [
            exact("independent", unpaired, losses(0.6, 5), losses(0.5, 5)),
            exact("independent", unpaired, losses(0.5, 3), losses(0.7, 8)),
            exact("independent", unpaired, losses(0.7, 7), losses(0.5, 4)),
            exact("independent", unpaired, np.array([0.1, 0.2, 0.3]), np.array([0.2, 0.3, 0.4, 0.2])),
        ],
        "randomPaired": [
            random_paired(losses(0.5, 40), losses(0.53, 40), 3),
            random_paired(losses(0.5, 20), losses(0.7, 20), 4),
        ],
        "randomUnpaired": [
            random_unpaired(losses(0.5, 30), losses(0.54, 20), 3),
            random_unpaired(losses(0.5, 12), losses(0.45, 25), 5),
        ],
    },
)

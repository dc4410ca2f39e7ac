"""Writes hierarchical_bootstrap.json: intervals by numpy, from seeds and examples drawn as src/statistics draws them.

Run with Debian's python3-numpy:  /usr/bin/python3 tests/golden/hierarchical_bootstrap.py
"""

import numpy as np
from draws import Random
from golden_file import write

rng = np.random.default_rng(2020)
EXAMPLES = 60
RESAMPLES = 400


def arm(seeds, mean):
    hardness = np.random.default_rng(1).gamma(0.5, 1.0, EXAMPLES)
    return {seed: (hardness * rng.gamma(9, mean / 9, EXAMPLES)).round(5) for seed in seeds}


def case(a, b, seed):
    random = Random(seed, "hierarchical bootstrap")
    shared = sorted(set(a) & set(b))
    paired = len(shared) >= 2
    if paired:
        a, b = ({number: losses[number] for number in shared} for losses in (a, b))
    of_a, of_b = (np.array([losses[number] for number in sorted(losses)]) for losses in (a, b))
    drawn = []
    for _ in range(RESAMPLES):
        seeds_b = [random.below(len(of_b)) for _ in of_b]
        seeds_a = seeds_b if paired else [random.below(len(of_a)) for _ in of_a]
        examples = [random.below(EXAMPLES) for _ in range(EXAMPLES)]
        drawn.append(of_b[np.ix_(seeds_b, examples)].mean() - of_a[np.ix_(seeds_a, examples)].mean())
    return {
        "seed": seed,
        "paired": paired,
        "bMinusA": of_b.mean() - of_a.mean(),
        "ci95": np.percentile(drawn, [2.5, 97.5], method="weibull").tolist(),
        "standardError": np.std(drawn, ddof=1),
    }


def told(a, b, seed):
    runs = {name: [{"seed": number, "losses": list(row)} for number, row in rows.items()] for name, rows in (("a", a), ("b", b))}
    return {**runs, **case(a, b, seed)}


write(
    __file__,
    {
        "numpy": np.__version__,
        "resamples": RESAMPLES,
        "cases": [
            told(arm([1, 2, 3, 4, 5], 0.6), arm([1, 2, 3, 4, 5], 0.5), 1),
            told(arm([5, 3, 1, 2], 0.5), arm([9, 2, 3, 1], 0.52), 2),  # 1, 2 and 3 are shared
            told(arm([1, 2, 3], 0.5), arm([11, 12, 13, 14], 0.6), 3),
            told(arm([1], 0.5), arm([1], 0.7), 4),
        ],
    },
)

"""Writes holm.json: p-values corrected by statsmodels' multipletests(method="holm").

Run with Debian's python3-statsmodels:  /usr/bin/python3 tests/golden/holm.py
"""

import numpy as np
import statsmodels
from golden_file import write
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(1979)
tables = [
    [0.03],
    [0.01, 0.04, 0.03, 0.005],
    [0.02, 0.02, 0.02, 0.5, 0.02],
    [0.0, 1.0, 1e-300, 0.049, 0.9],
    (rng.random(40) ** 4).tolist(),
]
write(
    __file__,
    {
        "statsmodels": statsmodels.__version__,
        "cases": [{"ps": ps, "corrected": multipletests(ps, method="holm")[1].tolist()} for ps in tables],
    },
)

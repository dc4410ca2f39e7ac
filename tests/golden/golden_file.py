"""Writes a golden file beside the script that computes it."""

import json
import os


def write(script, golden):
    """Writes golden as JSON, under the name of the script, which gives its __file__."""
    path = os.path.splitext(os.path.abspath(script))[0] + ".json"
    with open(path, "w", encoding="utf8") as file:
        json.dump(golden, file, separators=(",", ":"), allow_nan=False)
        file.write("\n")

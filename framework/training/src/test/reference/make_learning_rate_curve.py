"""Writes the learning-rate curve of numpy that LearningRateResultTest compares with.

Usage: python3 make_learning_rate_curve.py ../resources/io/fulgur/tune
"""

import json
import sys

import numpy as np


def curve(random):
    """The exponential moving average with its bias corrected, and numpy's gradient of it."""
    losses = 2.3 - 1.8 / (1 + np.exp(-(np.arange(60) - 35) / 4)) + 0.05 * random.standard_normal(60)
    losses[50:] += np.exp(np.arange(10) / 3.0)
    average = 0.0
    smoothed = []
    for i, loss in enumerate(losses):
        average = 0.98 * average + 0.02 * loss
        smoothed.append(average / (1 - 0.98 ** (i + 1)))
    gradients = np.gradient(np.array(smoothed[10:-1]))
    return {
        "losses": losses.tolist(),
        "smoothed": smoothed,
        "exponential": np.geomspace(1e-8, 1.0, 60).tolist(),
        "linear": np.linspace(1e-8, 1.0, 60).tolist(),
        "steepest": int(np.argmin(gradients)) + 10,
    }


def main():
    folder = sys.argv[1]
    with open(f"{folder}/learning_rate_curve.json", "w", encoding="utf-8") as file:
        json.dump(curve(np.random.RandomState(7)), file)
        file.write("\n")


if __name__ == "__main__":
    main()

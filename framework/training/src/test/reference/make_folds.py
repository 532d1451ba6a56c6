"""Writes the folds of scikit-learn that KFoldTest compares with.

Usage: python3 make_folds.py ../resources/io/fulgur/crossvalidation
"""

import json
import sys
import warnings

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold


def held_out(folds, size, y=None, groups=None):
    return [test.tolist() for _, test in folds.split(np.zeros((size, 1)), y, groups)]


def plain():
    return [
        {"k": k, "size": size, "heldOut": held_out(KFold(k), size)}
        for k, size in [(2, 2), (2, 7), (3, 10), (5, 12), (5, 23), (7, 7)]
    ]


def stratified(random):
    cases = []
    for k, weights, size in [
        (2, [1, 1], 8),
        (3, [3, 1], 20),
        (5, [5, 3, 1], 37),
        (4, [1, 1, 1, 1], 41),
        (5, [1, 8], 30),
    ]:
        y = random.choice(len(weights), size, p=np.array(weights) / sum(weights))
        y = (y * 3 - 1).tolist()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cases.append({"k": k, "labels": y, "heldOut": held_out(StratifiedKFold(k), size, y)})
    return cases


def shuffled(random):
    """Sizes only: which samples they are depends on the generator."""
    y = random.choice(3, 50, p=[0.6, 0.3, 0.1]).tolist()
    folds = held_out(StratifiedKFold(4, shuffle=True, random_state=0), len(y), y)
    return {
        "k": 4,
        "labels": y,
        "classCounts": [np.bincount(np.array(y)[fold], minlength=3).tolist() for fold in folds],
    }


def grouped(random):
    cases = []
    for k, groups, size in [(2, 3, 12), (3, 7, 40), (5, 12, 61), (3, 3, 9)]:
        g = np.concatenate([np.arange(groups), random.choice(groups, size - groups)])
        random.shuffle(g)
        g = (g * 10 - 20).tolist()
        cases.append({"k": k, "groups": g, "heldOut": held_out(GroupKFold(k), size, groups=g)})
    return cases


def main():
    folder = sys.argv[1]
    random = np.random.RandomState(7)
    folds = {
        "plain": plain(),
        "stratified": stratified(random),
        "shuffled": shuffled(random),
        "grouped": grouped(random),
    }
    with open(f"{folder}/folds.json", "w", encoding="utf-8") as file:
        json.dump(folds, file)
        file.write("\n")


if __name__ == "__main__":
    main()

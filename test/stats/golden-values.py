# Writes golden-values.json beside it: python golden-values.py (numpy 2.4.6, scipy 1.17.1).
# Bootstrap intervals are exact: every resample of the small data is enumerated, and for each end the quantiles at
# p - 0.004 and p + 0.004 of all of them are stored; 20,000 random resamples have their end between the two.
import itertools, json, pathlib
import numpy as np
from scipy import optimize, stats


def shift(n, power, level):
    df, critical = n - 1, stats.t.ppf((1 + level) / 2, n - 1)
    below = lambda x: np.nan_to_num(stats.nct.cdf(-critical, df, x))  # scipy's far tail is NaN
    found = lambda x: stats.nct.sf(critical, df, x) + below(x)
    return optimize.brentq(lambda x: found(x) - power, 1e-3, 2000, xtol=1e-14, rtol=1e-14)


def ends(values):
    values = np.sort(np.round(values, 12))
    between = lambda p: [float(values[int(edge * len(values))]) for edge in (p - 0.004, p + 0.004)]
    return {"low": between(0.025), "high": between(0.975)}


def draws(n):
    return [list(draw) for draw in itertools.product(range(n), repeat=n)]


def two_level(first, second, items):
    d = np.array(first) - np.array(second)
    seeds, n_items = d.shape
    values = []
    for chosen in draws(seeds):
        if items == "shared":
            values += [d[np.ix_(chosen, drawn)].mean() for drawn in draws(n_items)]
        else:
            means = [[d[seed][drawn].mean() for drawn in draws(n_items)] for seed in chosen]
            values += [np.mean(combination) for combination in itertools.product(*means)]
    return {"items": items, "first": first, "second": second, "estimate": float(d.mean()), **ends(values)}


def iqm(tasks):
    statistic = lambda runs: stats.trim_mean(np.concatenate(runs), 0.25)
    options = [[np.array(task)[draw] for draw in draws(len(task))] for task in tasks]
    values = [statistic(runs) for runs in itertools.product(*options)]
    return {"tasks": tasks, "estimate": float(statistic([np.array(task) for task in tasks])), **ends(values)}


def improvement(tasks):
    one = lambda a, b: stats.mannwhitneyu(a, b).statistic / (len(a) * len(b))
    per_task = []
    for first, second in tasks:
        a, b = np.array(first), np.array(second)
        per_task.append([one(a[i], b[j]) for i in draws(len(a)) for j in draws(len(b))])
    values = np.add.outer(*per_task).ravel() / 2
    estimate = float(np.mean([one(*task) for task in tasks]))
    return {"tasks": [{"first": a, "second": b} for a, b in tasks], "estimate": estimate, **ends(values)}


def rank_correlation(x, y):
    def statistic(i):
        a, b = np.array(x)[i], np.array(y)[i]
        return 0 if np.ptp(a) == 0 or np.ptp(b) == 0 else stats.spearmanr(a, b).statistic

    return {"x": x, "y": y, "estimate": float(stats.spearmanr(x, y).statistic), **ends([statistic(i) for i in draws(len(x))])}


SHIFTS = [(2, 0.8, 0.95), (2, 0.9, 0.99), (3, 0.8, 0.95), (4, 0.9, 0.95), (5, 0.8, 0.95), (10, 0.8, 0.95),
          (10, 0.5, 0.9), (30, 0.95, 0.99), (500, 0.8, 0.95), (1319, 0.8, 0.95)]
POINTS = [-30, -8, -4, -3, -2.999, -1.5, -0.1, 0, 0.7, 2.5, 3, 5, 9]
FIRST = [[1, 1, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1]]
SECOND = [[0, 1, 0, 0], [0, 0, 1, 1], [0, 1, 0, 0]]
golden = {
    "smallest_shift": [{"n": n, "power": p, "level": l, "value": float(shift(n, p, l))} for n, p, l in SHIFTS],
    "normal_cdf": [{"x": x, "value": float(stats.norm.cdf(x))} for x in POINTS],
    "two_level": [
        two_level(FIRST, SECOND, "shared"),
        two_level([[1, 0.5, 0], [1, 1, 0.2]], [[0, 0.1, 0], [0, 1, 0]], "separate"),
    ],
    "iqm_over_tasks": [iqm([[0.1, 0.35, 0.2], [0.62, 0.7, 0.91], [0.4, 0.45]])],
    "improvement_over_tasks": [improvement([([0.3, 0.5, 0.5], [0.2, 0.3, 0.4]), ([0.7, 0.2, 0.4], [0.4, 0.6, 0.1])])],
    "spearman": [rank_correlation([1, 2, 3, 4, 4, 6], [2.1, 1.0, 3.0, 3.0, 5.5, 4.2])],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=2) + "\n")

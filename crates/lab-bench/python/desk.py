"""The tools that are measured beside the laboratory, at the end of a pipe.

A request is a JSON line, its answer another one: how long the tool took in nanoseconds, and how
many samples it wrote, read or drew. Samples are made before the clock is started. The first request
to a tool includes its import: ask a new process for what is called cold.
"""

import json
import os
import sys
import time

# The columns of the laboratory's samples.csv.
COLUMNS = ("trial", "job", "core", "at_ns")
JOBS = 8
WIDTH = 1600

# Whatever a tool prints must not get between two answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def samples(count):
    """Rising times of eight jobs in turn, on two cores: a sample each 100 ns."""
    import numpy

    row = numpy.arange(count)
    return {
        "trial": row * JOBS // max(count, 1) // 4,
        "job": row * JOBS // max(count, 1) % 4,
        "core": row // 1000 % 2,
        "at_ns": row * JOBS % max(count, 1) * 100 + row % 97,
    }


def write_with_csv(columns, path):
    import csv

    rows = list(zip(*(columns[name].tolist() for name in COLUMNS)))

    def write():
        with open(path, "w", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(COLUMNS)
            table.writerows(rows)

    return write


def write_with_pandas(columns, path):
    import pandas

    frame = pandas.DataFrame(columns)
    return lambda: frame.to_csv(path, index=False)


def write_with_pyarrow(columns, path):
    import pyarrow
    import pyarrow.csv

    table = pyarrow.table(columns)
    return lambda: pyarrow.csv.write_csv(table, path)


def write_with_polars(columns, path):
    import polars

    frame = polars.DataFrame(columns)
    return lambda: frame.write_csv(path)


def read_with_csv(path):
    import csv

    def read():
        with open(path, newline="") as file:
            table = csv.reader(file)
            next(table)
            return len([tuple(map(int, row)) for row in table])

    return read


def read_with_pandas(path):
    import pandas

    return lambda: len(pandas.read_csv(path))


def read_with_pyarrow(path):
    import pyarrow.csv

    return lambda: len(pyarrow.csv.read_csv(path))


def read_with_polars(path):
    import polars

    return lambda: len(polars.read_csv(path))


def draw_with_matplotlib(columns, path):
    rows = columns["trial"] * 4 + columns["job"]

    def draw():
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        figure, axes = pyplot.subplots(figsize=(16, 5), dpi=100)
        axes.scatter(columns["at_ns"], rows, s=2)
        figure.savefig(path)
        pyplot.close(figure)

    return draw


def draw_with_datashader(columns, path):
    import pandas

    frame = pandas.DataFrame({"at": columns["at_ns"], "job": columns["trial"] * 4 + columns["job"]})

    def draw():
        import datashader
        from datashader import transfer_functions

        counts = datashader.Canvas(plot_width=WIDTH, plot_height=500).points(frame, "at", "job")
        transfer_functions.shade(counts).to_pil().save(path)

    return draw


WRITERS = {
    "csv.writer": write_with_csv,
    "pandas": write_with_pandas,
    "pyarrow": write_with_pyarrow,
    "polars": write_with_polars,
}
READERS = {
    "csv.reader": read_with_csv,
    "pandas": read_with_pandas,
    "pyarrow": read_with_pyarrow,
    "polars": read_with_polars,
}
PAINTERS = {"matplotlib": draw_with_matplotlib, "datashader": draw_with_datashader}


def prepare(request):
    """What is to be timed; it gives the number of samples, or nothing if that is known."""
    do, tool, path = request["do"], request["tool"], request["path"]
    if do == "read":
        return READERS[tool](path)
    return {"write": WRITERS, "draw": PAINTERS}[do][tool](samples(request["rows"]), path)


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            timed = prepare(request)
            start = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            count = timed()
            lasted = time.clock_gettime_ns(time.CLOCK_MONOTONIC) - start
            answer = {"time_ns": lasted, "count": request["rows"] if count is None else count}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()

"""Python's side of the benchmarks: one task, done by the usual tools.

    python tools.py COMPARISON SUBJECT SIZE FOLDER
    python tools.py versions

The last line is how many samples were done and, unless the whole process counts, how many
nanoseconds that took: what is written or drawn is made first, and a small task is done before the
timed one, so that imports do not count. Only `pipeline` is timed as a whole.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

PACKAGES = ("numpy", "pandas", "polars", "matplotlib")
# The columns of the laboratory's samples.csv.
COLUMNS = ("trial", "job", "core", "at_ns")
JOBS = 4
WIDTH = 1600


def samples(count):
    """Rising times of eight jobs in turn, on two cores: a sample each 100 ns."""
    row = range(count)
    return {
        "trial": [i * 2 * JOBS // count // JOBS for i in row],
        "job": [i * 2 * JOBS // count % JOBS for i in row],
        "core": [i // 1000 % 2 for i in row],
        "at_ns": [i * 2 * JOBS % count * 100 + i % 97 for i in row],
    }


def write_csv(count, path):
    import csv

    rows = list(zip(*samples(count).values()))

    def write():
        with open(path, "w", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(COLUMNS)
            table.writerows(rows)
        return len(rows)

    return write


def write_pandas(count, path):
    import pandas

    frame = pandas.DataFrame(samples(count))
    return lambda: frame.to_csv(path, index=False) or len(frame)


def write_polars(count, path):
    import polars

    frame = polars.DataFrame(samples(count))
    return lambda: frame.write_csv(path) or len(frame)


def read_csv(path):
    import csv

    with open(path, newline="") as file:
        table = csv.reader(file)
        next(table)
        return len([tuple(map(int, row)) for row in table])


def read_pandas(path):
    import pandas

    return len(pandas.read_csv(path))


def read_polars(path):
    import polars

    return len(polars.read_csv(path))


def axes_of_matplotlib():
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(16, 5), dpi=100)
    axes.set_xlabel("seconds")
    axes.set_ylabel("job")
    return figure, axes


def scatter(jobs, times, path):
    figure, axes = axes_of_matplotlib()
    axes.scatter(times, jobs, s=2)
    figure.savefig(path)


def draw_matplotlib(count, path):
    import numpy

    row = numpy.arange(count)
    jobs, times = row * 2 * JOBS // count, row * 2 * JOBS % count * 100 + row % 97
    return lambda: scatter(jobs, times, path) or len(times)


def draw_binned(jobs, times, path):
    import numpy

    end = (times.min(), times.max())
    ranges = [(-0.5, 2 * JOBS - 0.5), end]
    counts, _, _ = numpy.histogram2d(jobs, times, bins=(2 * JOBS, WIDTH), range=ranges)
    figure, axes = axes_of_matplotlib()
    extent = (*end, *ranges[0])
    axes.imshow(counts > 0, aspect="auto", origin="lower", cmap="Blues", extent=extent)
    figure.savefig(path)


def track_in_list(count):
    times = []
    for _ in range(count):
        times.append(time.time())
    return times


def track_in_array(count):
    import numpy

    return numpy.fromiter((time.time() for _ in range(count)), float, count)


def in_lists(found):
    return [job for job, times in enumerate(found) for _ in times], sum(found, [])


def in_arrays(found):
    import numpy

    jobs = numpy.repeat(numpy.arange(len(found)), [len(times) for times in found])
    return jobs, numpy.concatenate(found)


def save_pandas(jobs, times, path):
    import pandas

    pandas.DataFrame({"job": jobs, "at": times}).to_csv(path, index=False)


def save_polars(jobs, times, path):
    import polars

    polars.DataFrame({"job": jobs, "at": times}).write_csv(path)


# How the articles' live figure is made: how samples are kept, joined, saved and drawn.
PIPELINES = {
    "articles": (track_in_list, in_lists, save_pandas, scatter),
    "arrays-pandas": (track_in_array, in_arrays, save_pandas, draw_binned),
    "arrays-polars": (track_in_array, in_arrays, save_polars, draw_binned),
}
WRITERS = {"csv": write_csv, "pandas": write_pandas, "polars": write_polars}
READERS = {"csv": read_csv, "pandas": read_pandas, "polars": read_polars}
PAINTERS = {"matplotlib": draw_matplotlib}


def pipeline(track, join, save, draw, count, folder):
    """Trackers on threads, then on processes; their samples as CSV, and the picture."""
    found = []
    for executor in (ThreadPoolExecutor, ProcessPoolExecutor):
        with executor(max_workers=JOBS) as pool:
            found.extend(pool.map(track, [count // JOBS // 2] * JOBS))
    jobs, times = join(found)
    save(jobs, times, folder + "/pipeline-python.csv")
    draw(jobs, times, folder + "/pipeline-python.png")
    return len(times)


def timed(work):
    start = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    count = work()
    print(count, time.clock_gettime_ns(time.CLOCK_MONOTONIC) - start)


def versions():
    from importlib import metadata

    found = ["python=" + sys.version.split()[0]]
    for name in PACKAGES:
        try:
            found.append(name + "=" + metadata.version(name))
        except metadata.PackageNotFoundError:
            pass
    print(*found)


def main(comparison, subject, size, folder):
    size = int(size)
    if comparison == "pipeline":
        print(pipeline(*PIPELINES[subject], size, folder))
    elif comparison == "read":
        # The first time warms up.
        READERS[subject](folder + "/samples.csv")
        timed(lambda: READERS[subject](folder + "/samples.csv"))
    else:
        tool = {"write": WRITERS, "draw": PAINTERS}[comparison][subject]
        path = folder + "/python." + {"write": "csv", "draw": "png"}[comparison]
        tool(1000, path)()
        timed(tool(size, path))


if __name__ == "__main__":
    if sys.argv[1:] == ["versions"]:
        versions()
    else:
        main(*sys.argv[1:])

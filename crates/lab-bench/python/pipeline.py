"""What the articles do with their live trackers, from the first sample to the picture, rewritten.

    python pipeline.py VARIANT SAMPLES FOLDER

Four trackers of SAMPLES samples each on threads, then four on processes; the samples go into
FOLDER/samples.csv and their picture into FOLDER/figure.png. The last line is the number of samples.

VARIANT is a way to keep samples, to save them and to draw them:
    pandas        lists, pandas, a scatter of matplotlib: as the articles do it
    polars        lists, polars, a scatter of matplotlib
    numpy-pandas  arrays, pandas, binned to pixels and drawn by matplotlib
    numpy         arrays, polars, binned to pixels and drawn by matplotlib
    datashader    arrays, polars, drawn by datashader
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

JOBS = 4
WIDTH = 1600


def track_in_list(samples):
    times = []
    for _ in range(samples):
        times.append(time.time())
    return times


def track_in_array(samples):
    import numpy

    return numpy.fromiter((time.time() for _ in range(samples)), float, samples)


def measure(track, samples):
    """The times of each job, of the threads first."""
    found = []
    for executor in (ThreadPoolExecutor, ProcessPoolExecutor):
        with executor(max_workers=JOBS) as pool:
            found.extend(pool.map(track, [samples] * JOBS))
    return found


def in_lists(found):
    jobs = [job for job, times in enumerate(found) for _ in times]
    times = [at for times in found for at in times]
    return jobs, times


def in_arrays(found):
    import numpy

    jobs = numpy.repeat(numpy.arange(len(found)), [len(times) for times in found])
    return jobs, numpy.concatenate(found)


def save_with_pandas(jobs, times, path):
    import pandas

    pandas.DataFrame({"job": jobs, "at": times}).to_csv(path, index=False)


def save_with_polars(jobs, times, path):
    import polars

    polars.DataFrame({"job": jobs, "at": times}).write_csv(path)


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


def draw_binned(jobs, times, path):
    import numpy

    end = (times.min(), times.max())
    ranges = [(-0.5, 2 * JOBS - 0.5), end]
    counts, _, _ = numpy.histogram2d(jobs, times, bins=(2 * JOBS, WIDTH), range=ranges)
    figure, axes = axes_of_matplotlib()
    extent = (*end, *ranges[0])
    axes.imshow(counts > 0, aspect="auto", origin="lower", cmap="Blues", extent=extent)
    figure.savefig(path)


def draw_with_datashader(jobs, times, path):
    import datashader
    import pandas
    from datashader import transfer_functions

    frame = pandas.DataFrame({"at": times, "job": jobs})
    counts = datashader.Canvas(plot_width=WIDTH, plot_height=500).points(frame, "at", "job")
    transfer_functions.shade(counts).to_pil().save(path)


VARIANTS = {
    "pandas": (track_in_list, in_lists, save_with_pandas, scatter),
    "polars": (track_in_list, in_lists, save_with_polars, scatter),
    "numpy-pandas": (track_in_array, in_arrays, save_with_pandas, draw_binned),
    "numpy": (track_in_array, in_arrays, save_with_polars, draw_binned),
    "datashader": (track_in_array, in_arrays, save_with_polars, draw_with_datashader),
}


def main(variant, samples, folder):
    track, gather, save, draw = VARIANTS[variant]
    jobs, times = gather(measure(track, samples))
    save(jobs, times, folder + "/samples.csv")
    draw(jobs, times, folder + "/figure.png")
    print(len(times))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])

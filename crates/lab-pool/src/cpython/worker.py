"""Whole trials in this interpreter: the other end of `lab_pool::cpython`. Continues `trial.py`.

Trials come as JSON lines on stdin; what they did goes to stdout as JSON lines, with raw 64-bit
integers after a line that announces them.
"""

VERSION = 3


def guard():
    """Leaves a small process behind that ends the whole group when the parent is gone.

    stdin is a pipe whose other end only the parent has, so it hangs up however the parent ended.
    A thread could watch it as well, but Python 3.12 and later warn when a process with threads
    forks, and with the GIL the thread would be part of the experiment.
    """
    import select
    import signal

    if os.fork() != 0:
        return
    os.closerange(1, 256)
    poll = select.poll()
    poll.register(0, select.POLLHUP)
    while True:
        for _, event in poll.poll():
            if event:
                os.killpg(0, signal.SIGKILL)


def check_machine():
    """Finds out before any trial whether this machine has what a pool of processes needs."""
    import multiprocessing
    import tempfile

    try:
        # Of this method, since for others a helper process would be started to look after it.
        multiprocessing.get_context("fork").Lock()
    except OSError as error:
        raise Lost("its processes can share no lock (%s): /dev/shm must be writable" % error)
    # The forkserver's socket has its path in a folder of this one, and 107 bytes of room.
    if len(os.fsencode(tempfile.gettempdir())) > 60:
        tempfile.tempdir = "/tmp"


def serve(order, say):
    """Runs a trial and sends what it did. Nothing of it is kept: a fork would have to copy it."""
    end, rows = Trial(order).run()
    say(dict(end, results=len(rows)))
    for job, worker, submitted_ns, result, raw in rows:
        result.update(say="result", job=job, worker=worker, submitted_ns=submitted_ns)
        say(result, raw)


def main():
    import json
    import warnings

    # Nobody but this function writes to the parent: prints go to stderr.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    guard()
    # Since 3.12: a process with threads that forks. It is what was asked for.
    warnings.simplefilter("ignore", DeprecationWarning)

    def say(message, raw=b""):
        if raw:
            message = dict(message, bytes=len(raw))
        channel.write(json.dumps(message).encode() + b"\n" + raw)
        channel.flush()

    # Imported before the first trial, as a program does that uses them.
    prepare({}, ["concurrent.futures.process", "multiprocessing", "resource"])
    try:
        check_machine()
        say({"say": "hello", "version": VERSION, "interpreters": has_interpreters()})
        for line in iter(sys.stdin.buffer.readline, b""):
            serve(json.loads(line), say)
    except BaseException as error:
        what = str(error) if isinstance(error, Lost) else "%s: %s" % (type(error).__name__, error)
        say({"say": "failed", "what": what})
        # At once: an orderly end would wait for what is left of a pool.
        os._exit(1)


if __name__ == "__main__":
    main()

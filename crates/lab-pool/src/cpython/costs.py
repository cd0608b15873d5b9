"""What was used, as the kernel reports it. Continues `tasks.py`."""


def usage(who):
    import resource

    try:
        used = resource.getrusage(who)
    except OSError as error:
        raise Lost("the kernel does not say what a trial uses (getrusage: %s)" % error)
    return {
        "cpu_ns": int((used.ru_utime + used.ru_stime) * 1e9),
        "voluntary_switches": used.ru_nvcsw,
        "involuntary_switches": used.ru_nivcsw,
    }


def read(path):
    """The beginning of a file of the kernel's; without a file object, for the reason that
    `core_reader` gives."""
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 1 << 14).decode()
    finally:
        os.close(file)


def status(pid):
    """Numbers of /proc/PID/status, memory in bytes; empty if the kernel does not say."""
    found = {}
    try:
        for line in read("/proc/%s/status" % pid).splitlines():
            name, _, rest = line.partition(":")
            if name == "VmHWM":
                found[name] = int(rest.split()[0]) * 1024
            elif name.endswith("ctxt_switches"):
                found[name] = int(rest)
    except (OSError, ValueError):
        pass
    return found


def run_delay(task):
    """Nanoseconds that a thread waited for a core; None if the kernel does not say."""
    try:
        return int(read("/proc/%s/schedstat" % task).split()[1])
    except (OSError, ValueError, IndexError):
        return None


def make_room(workers):
    """Raises the limit of open files if it does not suffice for a connection or a process each, and may
    be raised."""
    import resource

    needed = 6 * workers + 100
    try:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY:
            needed = min(needed, hard)
        if soft != resource.RLIM_INFINITY and soft < needed:
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    except OSError:
        pass


def tidy_memory():
    """Gives back what earlier trials used, which every fork would copy and every peak would show."""
    import gc

    gc.collect()
    trim = getattr(c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


def reset_peak():
    try:
        file = os.open("/proc/self/clear_refs", os.O_WRONLY)
        try:
            os.write(file, b"5")
        finally:
            os.close(file)
        return True
    except OSError:
        return False


def total(values):
    """The sum, if every part of it is known."""
    return None if None in values else sum(values)

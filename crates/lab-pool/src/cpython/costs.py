"""What the kernel tells of what was used. Continues `jobs.py`."""


def usage(who):
    import resource

    used = resource.getrusage(who)
    return {
        "cpu_ns": int((used.ru_utime + used.ru_stime) * 1e9),
        "voluntary_switches": used.ru_nvcsw,
        "involuntary_switches": used.ru_nivcsw,
    }


def status(pid):
    """Numbers of /proc/PID/status, memory in bytes; empty if the kernel does not tell."""
    found = {}
    try:
        with open("/proc/%s/status" % pid) as lines:
            for line in lines:
                name, _, rest = line.partition(":")
                if name == "VmHWM":
                    found[name] = int(rest.split()[0]) * 1024
                elif name.endswith("ctxt_switches"):
                    found[name] = int(rest)
    except (OSError, ValueError):
        pass
    return found


def schedstat(task):
    """Nanoseconds on a core and waiting for one, of one thread; None if the kernel does not tell."""
    try:
        with open("/proc/%s/schedstat" % task) as line:
            return [int(number) for number in line.read().split()]
    except (OSError, ValueError):
        return None


def run_delay(task):
    numbers = schedstat(task)
    return numbers[1] if numbers else None


def tidy_memory():
    """Gives back what earlier trials used, which every fork would copy and every peak would show."""
    import ctypes
    import gc

    gc.collect()
    trim = getattr(ctypes.PyDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def reset_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        return True
    except OSError:
        return False


def total(values):
    """The sum, if every part of it is known."""
    return None if None in values else sum(values)

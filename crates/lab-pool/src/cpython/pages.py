"""Pages over urllib, for the job `page`. Continues `jobs.py`."""


def load(job):
    """Loads a page as urllib does: one new connection, no proxy."""
    import http.client
    import socket
    import urllib.error
    import zlib

    deadline = now() + job["timeout_ns"]
    length, crc = 0, 0
    try:
        with opener().open(job["url"], timeout=job["timeout_ns"] / 1e9) as response:
            if response.length is not None and response.length > job["max_bytes"]:
                raise PageFault("too-large", job["max_bytes"])
            while True:
                piece = response.read1(1 << 16)
                if now() > deadline:
                    raise PageFault("timed-out", job["timeout_ns"])
                if not piece:
                    break
                length += len(piece)
                crc = zlib.crc32(piece, crc)
                if length > job["max_bytes"]:
                    raise PageFault("too-large", job["max_bytes"])
            if response.length:
                raise PageFault("truncated", length)
            return length, "%d:%d:%08x" % (response.status, length, crc)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code < 400 and "infinite loop" in str(error.msg):
            raise PageFault("too-many-redirects")
        raise PageFault("status", error.code)
    except urllib.error.URLError as error:
        if isinstance(error.reason, socket.timeout):
            raise PageFault("timed-out", job["timeout_ns"])
        if isinstance(error.reason, OSError):
            raise PageFault("connection", str(error.reason))
        raise PageFault("bad-url", str(error.reason))
    except socket.timeout:
        raise PageFault("timed-out", job["timeout_ns"])
    except http.client.IncompleteRead:
        raise PageFault("truncated", length)
    except (ValueError, http.client.InvalidURL) as error:
        raise PageFault("bad-url", str(error))
    except OSError as error:
        raise PageFault("truncated" if length else "connection", length or str(error))
    except http.client.HTTPException as error:
        raise PageFault("not-http", "%s: %s" % (type(error).__name__, error))


def tls(made=[]):
    """Whom https pages are believed; set up for the first of them only."""
    if not made:
        import ssl

        context = ssl.create_default_context(cadata=bytes.fromhex(Context.trusted))
        # From 3.13 on it refuses authorities that the other clients believe.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        made.append(context)
    return made[0]


def opener(made=[]):
    """urllib's own handlers, without proxies."""
    if not made:
        import http.client
        import urllib.request as urllib

        class Redirects(urllib.HTTPRedirectHandler):
            max_redirections = Context.max_redirects

        class Https(urllib.AbstractHTTPHandler):
            def https_open(self, request):
                return self.do_open(http.client.HTTPSConnection, request, context=tls())

            https_request = urllib.AbstractHTTPHandler.do_request_

        director = urllib.OpenerDirector()
        for handler in (
            urllib.HTTPHandler,
            Https,
            Redirects,
            urllib.HTTPErrorProcessor,
            urllib.HTTPDefaultErrorHandler,
            urllib.UnknownHandler,
        ):
            director.add_handler(handler())
        made.append(director)
    return made[0]

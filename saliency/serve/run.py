"""From settings to a server that listens, until it is told to end."""

from __future__ import annotations

import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from socket import IPPROTO_TCP, TCP_NODELAY

import uvicorn

from saliency.command.printing import warn
from saliency.serve.app import make_app
from saliency.serve.options import Settings
from saliency.serve.pool import Pool
from saliency.serve.worker import Worker

KEEP_ALIVE = 5  # seconds that a connection may be silent


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; then take nothing more, and end when all is answered. Returns the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    workers = [Worker() for _ in range(settings.workers)]
    with ThreadPoolExecutor(len(workers)) as threads:
        list(threads.map(Worker.start, workers))
    config = uvicorn.Config(
        make_app(Pool(workers, settings), settings),
        host=settings.host,
        port=settings.port,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=round(settings.deadline + settings.upload),
    )
    socket = config.bind_socket()
    socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # else an answer waits 40 ms between its head and its body
    socket.listen(config.backlog)  # from here on nobody who comes is refused
    host, port = socket.getsockname()[:2]
    warn(f"listening at http://{f'[{host}]' if ':' in host else host}:{port}, {settings.workers} workers")
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it once more at its end, which is no failure
    uvicorn.Server(config).run(sockets=[socket])
    return 0

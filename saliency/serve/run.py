"""From settings to a server that listens, until it is told to end."""

from __future__ import annotations

import logging
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import uvicorn

from saliency.command.printing import warn
from saliency.serve.app import make_app
from saliency.serve.options import Settings
from saliency.serve.pool import Pool
from saliency.serve.worker import Worker

KEEP_ALIVE = 5  # seconds that a connection may be silent


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; then take nothing more, and end when all is answered. Returns the exit status.

    Raises OSError where the address cannot be had, and what a worker could not be made for.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    workers = [Worker() for _ in range(settings.workers)]
    config = uvicorn.Config(
        make_app(Pool(workers, settings), settings),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=round(settings.deadline + settings.upload),
    )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    line = socket.create_server((settings.host, settings.port), family=family, backlog=config.backlog)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms lie between an answer's head and body
    try:
        with ThreadPoolExecutor(len(workers)) as threads:
            list(threads.map(Worker.start, workers))
        host, port = line.getsockname()[:2]
        warn(f"listening at http://{f'[{host}]' if ':' in host else host}:{port}, {settings.workers} workers")
        signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it once more at its end, which is no failure
        uvicorn.Server(config).run(sockets=[line])
    finally:
        for worker in workers:
            worker.close()
    return 0

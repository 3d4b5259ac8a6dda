"""How gunicorn serves: its address, its processes and its threads.

Without REDIS_URL jobs and their progress live inside the process, so there is
exactly one, with threads; with it, processes, because pages are work for the CPU.
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
has_broker = bool(os.environ.get("REDIS_URL"))
workers = int(os.environ.get("WEB_CONCURRENCY", "2" if has_broker else "1"))
threads = int(os.environ.get("WEB_THREADS", "1" if has_broker else "8"))
worker_class = "gthread" if threads > 1 else "sync"
timeout = 60
# Nobody steers it by its socket, and two portals of one person would share the name.
control_socket_disable = True
graceful_timeout = 30
# The heartbeat of a worker must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None

if workers > 1 and not has_broker:
    raise SystemExit(
        f"WEB_CONCURRENCY={workers} needs REDIS_URL: without a broker jobs live"
        " inside one process"
    )

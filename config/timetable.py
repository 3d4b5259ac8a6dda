"""The timetable of periodic work where no beat process runs it.

Embedded, the one serving process (`bsc.jobs.begin_serving`) works the timetable of
`config.celery` off itself, in one thread that ends with it. What ran when is kept in
a file beside the lock of that process, so that no tick is run twice, also not by a
server that starts again.
"""

import atexit
import json
import logging
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache as once
from pathlib import Path
from typing import Any

from celery import Celery
from celery.schedules import BaseSchedule, crontab, maybe_schedule
from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone

from bsc.jobs.runners import serving_lock

logger = logging.getLogger(__name__)

SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 30.0


class Timetable(threading.Thread):
    """Runs what falls due, one after the other, until it is stopped."""

    def __init__(self, app: Celery, kept_in: Path) -> None:
        super().__init__(name="timetable", daemon=True)
        self.app, self.kept_in = app, kept_in
        # A worker imports all tasks as it starts; here nobody else would.
        app.autodiscover_tasks(force=True)
        self.entries: Mapping[str, dict[str, Any]] = app.conf.beat_schedule
        self.ran_at = self._read()
        self._stopped = threading.Event()

    def run(self) -> None:
        pause = SHORTEST_PAUSE
        while not self._stopped.wait(pause):
            pause = self.tick(timezone.now())

    def stop(self, *, wait_seconds: float = 5) -> None:
        """Begin nothing more, and wait for what is running."""
        self._stopped.set()
        if self.is_alive() and self is not threading.current_thread():
            self.join(wait_seconds)

    def tick(self, at: datetime) -> float:
        """Run what is due at `at`; return how many seconds to wait for the next."""
        pause = LONGEST_PAUSE
        for name, entry in self.entries.items():
            if self._stopped.is_set():
                break
            is_due, seconds = self._standing(name, entry, at)
            if is_due:
                # Noted before it runs: what ends the process is not begun again.
                self.ran_at[name] = at
                self._write()
                self._run(entry)
            pause = min(pause, seconds)
        return max(pause, SHORTEST_PAUSE)

    def _standing(self, name: str, entry: dict, at: datetime) -> tuple[bool, float]:
        schedule: BaseSchedule = maybe_schedule(entry["schedule"], app=self.app)
        schedule.nowfun = lambda: at
        last = self.ran_at.get(name)
        if last is None and isinstance(schedule, crontab):
            # What belongs to an hour of the day waits for it.
            last = self.ran_at[name] = at
            self._write()
        if last is None:
            # What this server never ran is due at once.
            return True, schedule.is_due(at).next
        state = schedule.is_due(last)
        return state.is_due, state.next

    def _run(self, entry: dict) -> None:
        close_old_connections()
        try:
            task = self.app.tasks[entry["task"]]
            task.apply(entry.get("args", ()), entry.get("kwargs", {}), throw=True)
        except Exception:
            logger.exception("%s of the timetable failed", entry["task"])
        finally:
            connections.close_all()

    def _read(self) -> dict[str, datetime]:
        try:
            kept = json.loads(self.kept_in.read_text())
            return {name: datetime.fromisoformat(text) for name, text in kept.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def _write(self) -> None:
        kept = {name: at.isoformat() for name, at in self.ran_at.items()}
        written = self.kept_in.with_suffix(".new")
        written.write_text(json.dumps(kept))
        written.replace(self.kept_in)


@once
def begin(app: Celery) -> Timetable | None:
    """Work the timetable off in this process; nothing to do where beat does.

    Stands after `begin_serving`: only the holder of its lock may. A second call
    returns the thread of the first.
    """
    if settings.JOB_RUNNER != "threads":
        return None
    timetable = Timetable(app, serving_lock().path.with_suffix(".timetable"))
    timetable.start()
    atexit.register(timetable.stop)
    return timetable

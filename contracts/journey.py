"""What imports of every kind share: a file within limits, a worker's lease, stop, carry on, abandon."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.history import record
from accounts.verbs.recipe import Invalid, Stale, lock
from contracts.holding import has_died, new_token

log = logging.getLogger("socialvalue.imports")
LEASE = dt.timedelta(seconds=90)
OPEN = ("reading", "checked", "stopped", "failed")
AT_WORK = ("checking", "applying")


def bytes_of(file: Any) -> bytes:
    """Return a file's bytes; raise Invalid where it is larger than MAX_UPLOAD_MEGABYTES."""
    most = settings.MAX_UPLOAD_MEGABYTES * 1_000_000
    size = len(file) if isinstance(file, bytes) else getattr(file, "size", None)
    data = b""
    if size is None or size <= most:
        data = file if isinstance(file, bytes) else file.read(most + 1)
    if len(data) > most or (size or 0) > most:
        raise Invalid([("file", f"The file must be smaller than {settings.MAX_UPLOAD_MEGABYTES} MB")])
    return data


@dataclass(frozen=True)
class Journey:
    """The journey of one kind of import: its tables, and the words it is told in."""

    model: type[models.Model]
    # What is applied ("register"), and how its acts are called in the history ("register.apply").
    noun: str
    prefix: str
    # What it is counted in: the relation and the two counters of the import.
    lines: str = "rows"
    numbered: str = "row_number"
    total: str = "rows_total"
    done: str = "rows_done"
    to_write: tuple[str, ...] = ("created", "updated", "unchanged")

    @property
    def overtaken(self) -> str:
        """Return what is said where the check is out of date."""
        return f"Another {self.noun} was applied since this one was checked. Check it again first."

    def note(self, act: str, subject: Any, by: Any, summary: str) -> None:
        """Keep in the history what was done with an import."""
        record(action=f"{self.prefix}.{act}", subject=subject, by=by, summary=summary)

    def wake(self, standing: Any, task: Any) -> None:
        """Ask a worker to take the import up; where no broker answers, the minute's sweep will."""
        try:
            task.delay(standing.pk)
        except Exception:  # Any broker, any failure: the database holds the truth.
            log.warning("No worker could be woken for import %s of a %s", standing.pk, self.noun)

    def open_import(self, standing: Any, *also: str) -> Any:
        """Return the import locked, where it can still be changed; raise Stale otherwise."""
        standing = lock(self.model, standing.pk)
        if standing.status not in (*OPEN, *also):
            raise Stale(
                f"This import is now “{standing.get_status_display().lower()}”, so that can’t be changed."
            )
        return standing

    def begin_applying(self, standing: Any, *, by: Any) -> Any:
        """Mark the import as being applied and return it; raise Stale where another is, or was meanwhile."""
        try:
            with transaction.atomic():
                standing = lock(self.model, standing.pk)
                if standing.status not in ("checked", "stopped"):
                    raise Stale(f"This import is now “{standing.get_status_display().lower()}”.")
                self._nobody_else(standing)
                others = self.model._default_manager.exclude(pk=standing.pk)
                if others.filter(finished_at__gt=standing.checked_at).exists():
                    raise Stale(self.overtaken)
                standing.status, standing.worker_until, standing.message = "applying", None, ""
                standing.save()
                self.note("apply", standing, by, f"Began to apply the {self.noun} {standing.file_name}")
        except IntegrityError:
            self._nobody_else(standing)
            raise Stale(self.overtaken) from None
        return standing

    def _nobody_else(self, standing: Any) -> None:
        others = self.model._default_manager.filter(status="applying").exclude(pk=standing.pk)
        other: Any = others.first()
        if other:
            raise Stale(
                f"Another {self.noun}, {other.file_name}, is being applied. Wait until it has finished: only "
                "one can be applied at a time."
            )

    def stop(self, standing: Any, *, by: Any) -> Any:
        """Stop applying after the batch at work; what was applied stays applied, the rest waits."""
        with transaction.atomic():
            standing = lock(self.model, standing.pk)
            if standing.status != "applying":
                said = standing.get_status_display().lower()
                raise Stale(f"This import is now “{said}”, so there is nothing to stop.")
            standing.status, standing.worker_until = "stopped", None
            # Contracts were written: another import checked before this moment is out of date.
            standing.finished_at = timezone.now()
            standing.save()
            self.note("stop", standing, by, f"Stopped applying the {self.noun} {standing.file_name}")
        return standing

    def abandon(self, standing: Any, *, by: Any) -> Any:
        """Give the import up: what it wrote stays, nothing more will be written."""
        with transaction.atomic():
            standing = self.open_import(standing, "checking")
            standing.status, standing.worker_until = "abandoned", None
            standing.save()
            self.note("abandon", standing, by, f"Abandoned the import of {standing.file_name}")
        return standing

    def _free(self) -> Q:
        """Nobody holds it, or not any more: the lease is past, or the process is known to have died."""
        held = self.model._default_manager.filter(status__in=AT_WORK).exclude(worker="")
        dead = [token for token in held.values_list("worker", flat=True) if has_died(token)]
        return Q(worker_until=None) | Q(worker_until__lt=timezone.now()) | Q(worker__in=dead)

    def waiting(self) -> Iterable[int]:
        """Return the numbers of imports nobody is at work on."""
        found = self.model._default_manager.filter(self._free(), status__in=AT_WORK)
        return list(found.values_list("pk", flat=True))

    def carry_on(
        self,
        import_id: int,
        *,
        check: Callable[[Any], Any],
        applier: Callable[[Any], Any],
        finish: Callable[[Any], None],
        batch: int,
    ) -> Any:
        """Check or apply, whichever it waits for, until done or stopped; None where a worker is at it.

        Each batch is one transaction with its progress: a killed worker loses at most the batch it was in.
        """
        token = new_token()
        free = self.model._default_manager.filter(self._free(), pk=import_id, status__in=AT_WORK)
        if not free.update(worker_until=timezone.now() + LEASE, worker=token):
            return None
        standing: Any = self.model._default_manager.select_related("uploaded_by").get(pk=import_id)
        try:
            if standing.status == "checking":
                return check(standing)
            at_work = applier(standing)
            while self._apply_batch(import_id, at_work, token, finish, batch):
                pass
        except Exception:
            log.exception("Import %s of a %s stopped", import_id, self.noun)
            self._stop_broken(import_id, token)
        return self.model._default_manager.get(pk=import_id)

    def _apply_batch(
        self, import_id: int, at_work: Any, token: str, finish: Callable[[Any], None], batch: int
    ) -> bool:
        """Apply the next lines; False when there are none, it was stopped or another worker has it."""
        with transaction.atomic():
            standing: Any = lock(self.model, import_id)
            if standing.status != "applying" or standing.worker != token:
                return False
            waiting = getattr(standing, self.lines).filter(is_applied=False, outcome__in=self.to_write)
            lines = list(waiting.order_by(self.numbered)[:batch])
            if lines:
                at_work.apply(lines)
                setattr(standing, self.done, getattr(standing, self.done) + len(lines))
                standing.worker_until = timezone.now() + LEASE
            else:
                standing.status, standing.worker_until = "applied", None
                standing.finished_at = timezone.now()
                finish(standing)
            standing.save()
        return bool(lines)

    def _stop_broken(self, import_id: int, token: str) -> None:
        with transaction.atomic():
            standing: Any = lock(self.model, import_id)
            if standing.worker != token or standing.status not in AT_WORK:
                return
            standing.worker_until = None
            if standing.status == "checking":
                standing.status = "failed"
                standing.message = (
                    "The file could not be checked because something went wrong. Nothing was changed. "
                    "Tell whoever runs this service."
                )
            else:
                standing.status, standing.finished_at = "stopped", timezone.now()
                standing.message = (
                    f"It stopped after {getattr(standing, self.done):,} {self.lines} because something went "
                    "wrong. What was applied is kept and nothing is applied twice: carry on, and if it stops "
                    "again tell whoever runs this service."
                )
            standing.save()

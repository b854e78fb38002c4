"""What was done, by whom, for whom, when and why: added to, never changed."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class HistoryIsAppendOnly(Exception):
    """Somebody tried to change or remove history."""


class HistoryQuerySet(models.QuerySet):
    """Questions about history; its rows can't be changed from here or from SQL (see the triggers)."""

    def of(self, subject):
        """Return the rows about one object, newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def of_contract(self, number):
        """Return the rows about a contract and everything under it, newest first."""
        return self.filter(contract_number=number)

    def update(self, **kwargs):
        """Refuse: history is added to, never changed."""
        raise HistoryIsAppendOnly("History can't be changed.")

    def delete(self):
        """Refuse: history is never removed."""
        raise HistoryIsAppendOnly("History can't be removed.")


class HistoryRow(models.Model):
    """One act. `before` and `after` hold the fields that changed, as text a reader understands."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="history"
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="history_in_their_name"
    )
    delegation = models.ForeignKey(
        "accounts.Delegation", null=True, on_delete=models.PROTECT, related_name="history"
    )
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    # No foreign key: this floor knows no contracts. Empty for what belongs to none.
    contract_number = models.BigIntegerField(null=True, db_index=True)
    summary = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="history_subject")]

    def __str__(self):
        return self.summary

    def save(self, *args, **kwargs):
        """Add the row; refuse to save it twice."""
        if not self._state.adding:
            raise HistoryIsAppendOnly("History can't be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refuse: history is never removed."""
        raise HistoryIsAppendOnly("History can't be removed.")

    @property
    def changes(self):
        """Return what changed as a list of (field, was, is), each as text; "" stands for blank."""
        names = list(dict.fromkeys([*self.before, *self.after]))
        return [(name, self.before.get(name, ""), self.after.get(name, "")) for name in names]

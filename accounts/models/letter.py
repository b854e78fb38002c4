"""Letters: written in the same transaction as the act they tell of, posted by a sweep."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class LetterQuerySet(models.QuerySet):
    """Questions about letters."""

    def waiting(self):
        """Return letters not yet posted, oldest first."""
        return self.filter(sent_at=None, given_up_at=None).order_by("pk")


class Letter(models.Model):
    """One letter to one person. It leaves once: its Message-ID never changes."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    message_id = models.CharField(max_length=120, unique=True)
    # Letters with a sign-in link: the text is wiped once they have left.
    is_secret = models.BooleanField(default=False)
    contract_number = models.BigIntegerField(null=True, db_index=True)
    written_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"], name="letter_waiting", condition=models.Q(sent_at=None, given_up_at=None)
            )
        ]

    def __str__(self):
        return self.subject


class LetterTemplate(models.Model):
    """A council's own wording of one kind of letter; without a row the text in code is used."""

    kind = models.CharField(max_length=60, unique=True)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self):
        return self.kind

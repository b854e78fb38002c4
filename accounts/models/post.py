"""Named posts such as Head of Parks, and who holds them: authority can be delegated to a post."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.calendar import today
from accounts.models.dated import Dated


class PostQuerySet(models.QuerySet):
    """Questions about posts."""

    def open(self):
        """Return posts in use."""
        return self.filter(is_active=True)

    def with_holders(self, on=None):
        """Return posts with those who hold them on a day (today where none is given): one query more."""
        holdings = PostHolding.objects.in_force(on).select_related("person")
        return self.prefetch_related(models.Prefetch("holdings", holdings, to_attr="holdings_then"))


class Post(models.Model):
    """A post in a directorate. Whoever holds it on a day holds what was delegated to it."""

    title = models.CharField(max_length=150)
    directorate = models.ForeignKey("accounts.Directorate", on_delete=models.PROTECT, related_name="posts")
    is_active = models.BooleanField("in use", default=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["directorate", "title"]
        constraints = [
            models.UniqueConstraint(fields=["directorate", "title"], name="post_title_once_a_directorate")
        ]

    def __str__(self):
        return self.title

    @property
    def holders(self):
        """Return the people who hold it today (on the day asked for, where `with_holders` fetched them)."""
        then = getattr(self, "holdings_then", None)
        if then is None:
            then = PostHolding.objects.in_force().filter(post=self).select_related("person")
        return list({holding.person_id: holding.person for holding in then}.values())

    @property
    def words(self):
        """Return "Head of Parks (Della Marsh)", or "Head of Parks (vacant)"."""
        return f"{self.title} ({', '.join(str(person) for person in self.holders) or 'vacant'})"


class PostHoldingQuerySet(models.QuerySet):
    """Questions about who holds which post."""

    def in_force(self, on=None):
        """Return holdings on a day (today where none is given) by people who can sign in; both days count."""
        day = on or today()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, person__is_active=True)

    def between(self, starts_on, ends_on=None):
        """Return holdings that meet this time, by whoever can sign in; `ends_on` None: for ever."""
        meets = self.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on), person__is_active=True)
        return meets.filter(starts_on__lte=ends_on) if ends_on else meets


class PostHolding(Dated, models.Model):
    """A person in a post, from and to, both days included."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts_held")
    starts_on = models.DateField("from")
    ends_on = models.DateField("to", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PostHoldingQuerySet.as_manager()

    class Meta:
        ordering = ["post", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="post_holding_ends_after_start",
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.post}"

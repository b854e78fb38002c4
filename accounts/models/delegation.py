"""A director's authority to approve, handed to somebody for a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.calendar import today


class DelegationQuerySet(models.QuerySet):
    """Questions about delegations."""

    def in_force(self, on=None):
        """Return delegations that hold on a day: not revoked, and the delegator still in post.

        A delegation falls with the post it came from: the same person must hold a director's or
        deputy's appointment for the directorate on that day; one handed on falls with the one it came from.
        One to a post holds while somebody is in the post.
        """
        day = on or today()
        standing = DelegationQuerySet(self.model)._begun_and_not_over(day).filter(under=None)
        first_hand = Q(under=None, pk__in=_first_hand(day))
        handed_on = Q(under__in=standing.filter(pk__in=_first_hand(day)))
        return self._begun_and_not_over(day).filter(first_hand | handed_on)

    def held_by(self, person, on=None):
        """Return delegations in force a person holds on a day, given to them or to a post they are in."""
        from accounts.models.post import PostHolding

        posts = PostHolding.objects.in_force(on).filter(person=person).values("post")
        return self.in_force(on).filter(Q(given_to=person) | Q(post__in=posts))

    def _begun_and_not_over(self, day):
        """Return delegations whose own dates include the day and to whom somebody answers."""
        from accounts.models.post import PostHolding

        in_post = PostHolding.objects.in_force(day).filter(post=models.OuterRef("post"))
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            Q(given_to__is_active=True) | Q(models.Exists(in_post)),
            starts_on__lte=day,
            revoked_at=None,
        )


def _first_hand(day):
    """Return the keys of delegations whose delegator directs or deputises in the directorate on a day."""
    from accounts.models.appointment import Appointment, Role

    still_in_post = Appointment.objects.in_force(day).filter(
        person=models.OuterRef("given_by"),
        directorate=models.OuterRef("directorate"),
        role__in=[Role.DIRECTOR, Role.DEPUTY_DIRECTOR],
    )
    return Delegation.objects.filter(models.Exists(still_in_post)).values("pk")


class Delegation(models.Model):
    """Authority to decide one directorate's KPI sets, up to a contract value, between two days inclusive."""

    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given"
    )
    # To a person or to a post, never both.
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delegations_held",
    )
    post = models.ForeignKey(
        "accounts.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="delegations"
    )
    # The delegation it was handed on from, where the council allows that.
    under = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="handed_on"
    )
    directorate = models.ForeignKey(
        "accounts.Directorate", on_delete=models.PROTECT, related_name="delegations"
    )
    scheme_reference = models.CharField("reference in the scheme of delegation", max_length=120)
    value_limit = models.DecimalField(
        "for contracts up to (£)", max_digits=16, decimal_places=2, null=True, blank=True
    )
    starts_on = models.DateField("from")
    ends_on = models.DateField("to", null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(given_by=F("given_to")), name="delegation_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(given_to=None, post__isnull=False) | Q(given_to__isnull=False, post=None),
                name="delegation_to_a_person_or_a_post",
            ),
        ]

    def __str__(self):
        return f"Delegation by {self.given_by} to {self.holder}"

    @property
    def holder(self):
        """Return the person or the post it was given to."""
        return self.given_to or self.post

    def covers_value(self, value):
        """Return whether a contract of this value (£, or None where unknown) falls within the limit.

        A contract whose value is unknown is outside any limit.
        """
        return self.value_limit is None or (value is not None and value <= self.value_limit)

    @property
    def state(self):
        """Return "revoked", "over", "not yet begun" or "in force" as words for a page."""
        day = today()
        if self.revoked_at:
            return "revoked"
        if self.ends_on and self.ends_on < day:
            return "over"
        return "not yet begun" if self.starts_on > day else "in force"

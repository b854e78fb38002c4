"""A director's authority to approve, handed to somebody for a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.calendar import today


class DelegationQuerySet(models.QuerySet):
    """Questions about delegations."""

    def in_force(self, on=None):
        """Return delegations under which somebody may decide on a day (today where none is given).

        A delegation falls with what it came from: its giver must direct or deputise in the directorate on
        that day, or, where it was handed on, still hold the delegation it was handed on from, and the council
        must still allow that. One to a post holds while somebody is in the post. Nothing passes through
        anybody who was deactivated.
        """
        day = on or today()
        first_hand = Q(under=None) & Q(models.Exists(_directing(day)))
        standing = self._running(day)
        if not settings.ONWARD_DELEGATION:
            return standing.filter(first_hand)
        parents = DelegationQuerySet(self.model)._running(day).filter(first_hand)
        still_theirs = Q(given_by=F("under__given_to")) | Q(
            models.Exists(_in_post(day, post="under__post", person="given_by"))
        )
        return standing.filter(first_hand | Q(under__in=parents.values("pk")) & still_theirs)

    def held_by(self, person, on=None):
        """Return delegations in force a person holds on a day, given to them or to a post they are in.

        Nobody holds what they gave themselves, even when they come into the post they gave it to.
        """
        posts = _holdings(on or today()).filter(person=person).values("post")
        return self.in_force(on).filter(Q(given_to=person) | Q(post__in=posts)).exclude(given_by=person)

    def seen_by(self, person):
        """Return delegations a person gave or holds, or of a directorate they direct; past ones too."""
        posts = _holdings(today()).filter(person=person).values("post")
        return self.filter(
            Q(given_by=person)
            | Q(given_to=person)
            | Q(post__in=posts)
            | Q(under__given_by=person)
            | Q(directorate__in=person.authority.directs)
        )

    def running_between(self, starts_on, ends_on=None):
        """Return delegations not revoked whose own dates meet this time; `ends_on` None: for ever."""
        meets = self.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on), revoked_at=None)
        return meets.filter(starts_on__lte=ends_on) if ends_on else meets

    def with_people(self):
        """Return them with giver, holder, who holds the post today, and the delegation they came from."""
        from accounts.models.post import Post

        return self.select_related(
            "given_by", "given_to", "directorate", "revoked_by", "under__given_by"
        ).prefetch_related(models.Prefetch("post", Post.objects.with_holders()))

    def _running(self, day):
        """Return delegations whose own dates include the day and that somebody holds."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            Q(given_to__is_active=True) | Q(models.Exists(_in_post(day, post="post"))),
            starts_on__lte=day,
            revoked_at=None,
        )


def _holdings(day):
    from accounts.models.post import PostHolding

    return PostHolding.objects.in_force(day)


def _in_post(day, **columns):
    """Return who is in post on a day, for an outer query whose columns are named."""
    return _holdings(day).filter(**{name: models.OuterRef(column) for name, column in columns.items()})


def _directing(day):
    """Return the appointments by which the giver of an outer delegation directs or deputises on a day."""
    from accounts.models.appointment import Appointment, Role

    return Appointment.objects.in_force(day).filter(
        person=models.OuterRef("given_by"),
        directorate=models.OuterRef("directorate"),
        role__in=[Role.DIRECTOR, Role.DEPUTY_DIRECTOR],
    )


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

    @property
    def holders(self):
        """Return the people who hold it today by name: one person, or whoever is in the post."""
        if self.given_to:
            return [self.given_to] if self.given_to.is_active else []
        in_post = self.post.holders if self.post else []
        return [person for person in in_post if person.pk != self.given_by_id]

    @property
    def holder_words(self):
        """Return "Della Marsh" or "Head of Parks (Della Marsh)"; a post without a holder is "(vacant)"."""
        return self.post.words if self.post else str(self.given_to)

    @property
    def root(self):
        """Return the director's own delegation: this one, or the one it was handed on from."""
        return self.under or self

    @property
    def in_the_name_of(self):
        """Return the director in whose name decisions under it are made."""
        return self.root.given_by

    def holds(self, on=None):
        """Return whether somebody may decide under it on a day."""
        return Delegation.objects.in_force(on).filter(pk=self.pk).exists()

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

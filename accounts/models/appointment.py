"""Who holds which post, from when to when: the only source of what a person may do."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.calendar import today
from accounts.models.dated import Dated


class Role(models.TextChoices):
    """The posts of the service. What a council calls them is a setting (`settings.WORDS`)."""

    COMMISSIONER = "commissioner", "Commissioner"
    CONTRACT_MANAGER = "contract_manager", "Contract manager"
    DIRECTOR = "director", "Strategic Director"
    DEPUTY_DIRECTOR = "deputy_director", "Deputy director"
    LEAD = "lead", "Social value lead"
    EXECUTIVE_MEMBER = "executive_member", "Executive member"
    SCRUTINY = "scrutiny", "Scrutiny member"
    ADMINISTRATOR = "administrator", "Administrator"

    @property
    def title(self):
        """Return what this council calls the post."""
        return settings.WORDS[self.value]

    @property
    def needs_directorate(self):
        """Return whether the post is held for one directorate (an executive member has one row for each)."""
        return self in DIRECTORATE_ROLES


DIRECTORATE_ROLES = frozenset({Role.COMMISSIONER, Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.EXECUTIVE_MEMBER})


class AppointmentQuerySet(models.QuerySet):
    """Questions about appointments."""

    def in_force(self, on=None):
        """Return appointments held on a day (today where none is given); the last day counts."""
        day = on or today()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, person__is_active=True)


class Appointment(Dated, models.Model):
    """A person in a post, for a directorate where the post has one. Both dates inclusive."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    directorate = models.ForeignKey(
        "accounts.Directorate", null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )
    starts_on = models.DateField("from")
    ends_on = models.DateField("to", null=True, blank=True)
    reports_yearly = models.BooleanField("nominated to report on social value each year", default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="appointments_made"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["role", "starts_on"]
        indexes = [models.Index(fields=["role", "directorate"], name="appointment_role_directorate")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=(Q(role__in=DIRECTORATE_ROLES) & Q(directorate__isnull=False))
                | (~Q(role__in=DIRECTORATE_ROLES) & Q(directorate__isnull=True)),
                name="appointment_directorate_where_needed",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="appointment_role_known"),
        ]

    def __str__(self):
        return f"{self.person}, {self.title}"

    @property
    def title(self):
        """Return the post in the council's words: "Strategic Director, Neighbourhoods"."""
        title = Role(self.role).title
        return f"{title}, {self.directorate.name}" if self.directorate else title

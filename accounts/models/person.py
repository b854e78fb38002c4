"""People who sign in: invited, deactivated when they leave, never deleted."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from accounts.authority import Authority, authority_on
from accounts.calendar import today


class PersonQuerySet(models.QuerySet):
    """Questions about people."""

    def active(self):
        """Return those who may sign in."""
        return self.filter(is_active=True)

    def appointed(self, *roles, directorate=None, on=None):
        """Return active people who hold one of these roles on a day (today where none is given)."""
        from accounts.models.appointment import Appointment

        held = Appointment.objects.in_force(on).filter(role__in=roles)
        if directorate is not None:
            held = held.filter(directorate=directorate)
        return self.active().filter(pk__in=held.values("person"))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Makes people. Only the command that makes the first administrator and the invitation call it."""

    def create_user(self, email, full_name="", password=None):
        """Return a new active person; without a password nobody can sign in as them yet."""
        if not email:
            raise ValueError("A person needs an email address.")
        person = self.model(email=self.normalize_email(email).lower(), full_name=full_name)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username):
        """Return the person with this email address, whatever its case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody with a work email address. What they may do comes from appointments, never from flags."""

    email = models.EmailField("email address", unique=True)
    full_name = models.CharField("full name", max_length=150)
    is_active = models.BooleanField(default=True)
    # Stays after a return: sessions from before it must not come alive again.
    deactivated_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    about = models.CharField("job title", max_length=150, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name_plural = "people"
        ordering = ["full_name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once_any_case")]

    def __str__(self):
        return self.full_name or self.email

    def get_full_name(self):
        """Return the name used in letters."""
        return str(self)

    @property
    def first_name(self):
        """Return the name to greet the person with."""
        return self.full_name.split(" ")[0] if self.full_name else self.email

    def _get_session_auth_hash(self, secret=None):
        """Return what a session must match: it changes with the password and with each deactivation."""
        left = self.deactivated_at.isoformat() if self.deactivated_at else ""
        return salted_hmac(
            "accounts.Person.session", f"{self.password}{left}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def authority(self) -> Authority:
        """Return what this person holds today; worked out once for each object."""
        return authority_on(self, today())


class Invitation(models.Model):
    """A letter with a link by which somebody sets their first password."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="invitation")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="invitations_made"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"Invitation of {self.person}"

    @property
    def is_open(self):
        """Return whether the link still works."""
        return self.accepted_at is None and self.expires_at > timezone.now()

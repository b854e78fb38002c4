"""A contract: one row of the council's register, with the people who answer for it."""

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.calendar import today
from accounts.models import Versioned

# The Procurement Act 2023 governs procurements that began on or after this day.
PA2023_IN_FORCE = dt.date(2025, 2, 24)


class Stage(models.TextChoices):
    """Where a contract stands in its life."""

    COMMISSIONING = "commissioning", "Commissioning and pre-tender"
    TENDER = "tender", "Tender"
    MOBILISATION = "mobilisation", "Mobilisation"
    LIVE = "live", "Live"
    ENDED = "ended", "Ended"


class AgreementType(models.TextChoices):
    """What kind of agreement it is; a call-off names its parent, a shared contract our share."""

    CONTRACT = "contract", "Contract"
    FRAMEWORK = "framework", "Framework"
    CALL_OFF = "call_off", "Call-off from a framework"
    SHARED = "shared", "Shared contract"


class ActKind(models.TextChoices):
    """Kinds of contract that section 52 of the Procurement Act 2023 leaves out (besides frameworks)."""

    ORDINARY = "", "None of these"
    CONCESSION = "concession", "Concession"
    LIGHT_TOUCH = "light_touch", "Light touch contract"
    PRIVATE_UTILITY = "private_utility", "Utilities contract of a private utility"


class Regime(models.TextChoices):
    """The law the procurement began under."""

    UNKNOWN = "", "Not recorded"
    PA2023 = "pa2023", "Procurement Act 2023"
    PCR2015 = "pcr2015", "Public Contracts Regulations 2015"
    EARLIER = "earlier", "Earlier rules"


class ValueBasis(models.TextChoices):
    """What the value is the value of: registers often don't say."""

    UNKNOWN = "", "Not stated"
    WHOLE = "whole", "Whole contract"
    ANNUAL = "annual", "A year"


class TriState(models.TextChoices):
    """Yes, no, or nobody has said."""

    UNKNOWN = "", "Not recorded"
    YES = "yes", "Yes"
    NO = "no", "No"


class Ward(models.Model):
    """A ward of the council's area."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class ContractQuerySet(models.QuerySet):
    """Questions about contracts."""

    def visible_to(self, person):
        """Return the contracts a person may read.

        The lead and administrators see everything; scrutiny every contract of a directorate; commissioners,
        directors, deputies, delegates and executive members those of their directorates (lead or partner);
        contract managers and deputies their own. A contract whose directorate is not known is seen by the
        lead and administrators only.
        """
        held = person.authority
        if held.sees_everything:
            return self
        mapped = self.filter(directorate__isnull=False)
        if held.is_scrutiny:
            return mapped
        seen = Q(directorate__in=held.directorates_seen) | Q(
            pk__in=Contract.partner_directorates.through.objects.filter(
                directorate__in=held.directorates_seen
            ).values("contract")
        )
        if held.is_contract_manager:
            seen |= managed_by(person)
        return mapped.filter(seen)

    def managed_by(self, person):
        """Return the contracts this person manages or deputises for (while appointed a contract manager)."""
        if not person.authority.is_contract_manager:
            return self.none()
        return self.filter(managed_by(person))

    def live_on(self, day):
        """Return contracts that are live and whose dates include the day."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day),
            Q(ends_on=None) | Q(ends_on__gte=day) | Q(extended_to__gte=day),
            Q(terminated_on=None) | Q(terminated_on__gte=day),
            stage=Stage.LIVE,
        )

    def live_in_month(self, month):
        """Return contracts whose dates include any day of a month, live now or ended since."""
        from accounts.calendar import last_of_month

        last = last_of_month(month)
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=last),
            Q(ends_on=None) | Q(ends_on__gte=month) | Q(extended_to__gte=month),
            Q(terminated_on=None) | Q(terminated_on__gte=month),
            stage__in=[Stage.LIVE, Stage.ENDED],
        )

    def unmapped(self):
        """Return contracts whose directorate is not known."""
        return self.filter(directorate=None)

    def with_suppliers(self):
        """Return the contracts with their suppliers fetched, for lists that name them: one query more.

        The suppliers come with the links: SQLite refuses a second query that names over a thousand of them.
        """
        links = ContractSupplier.objects.select_related("supplier")
        return self.prefetch_related(models.Prefetch("supplier_links", queryset=links))

    def with_names(self):
        """Return the contracts with directorate, category and people fetched, for lists."""
        return self.select_related("directorate", "department", "category", "commissioner", "manager")


def managed_by(person):
    """Return the condition "this person is its manager or one of its deputies"."""
    deputy = Contract.deputies.through.objects.filter(person=person).values("contract")
    return Q(manager=person) | Q(pk__in=deputy)


class Contract(Versioned):
    """One row of the register. Its number is the council's own here: a reference is not a key."""

    number = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=200, blank=True)
    # Lower-case letters and digits of the reference: for matching and search, never unique.
    reference_key = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)

    supplier_text = models.CharField("supplier", max_length=500, blank=True)
    suppliers = models.ManyToManyField(
        "contracts.Supplier", through="contracts.ContractSupplier", related_name="contracts"
    )
    sme = models.CharField("small or medium-sized (SME)", max_length=3, choices=TriState.choices, blank=True)
    vcse = models.CharField(
        "voluntary, community or social enterprise (VCSE)", max_length=3, choices=TriState.choices, blank=True
    )

    directorate = models.ForeignKey(
        "accounts.Directorate", null=True, blank=True, on_delete=models.PROTECT, related_name="contracts"
    )
    partner_directorates = models.ManyToManyField(
        "accounts.Directorate", blank=True, related_name="partner_contracts"
    )
    department = models.ForeignKey(
        "accounts.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="contracts"
    )
    directorate_text = models.CharField("department in the register", max_length=250, blank=True)
    commissioner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="commissioned_contracts",
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managed_contracts",
        verbose_name="contract manager",
    )
    deputies = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="deputised_contracts",
        verbose_name="deputy contract managers",
    )

    category = models.ForeignKey(
        "contracts.Category",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contracts",
    )
    category_text = models.CharField("category in the register", max_length=250, blank=True)
    process = models.CharField("procurement process", max_length=200, blank=True)
    wards = models.ManyToManyField(Ward, blank=True, related_name="contracts")
    citywide = models.BooleanField("serves the whole area", default=True)

    agreement_type = models.CharField(
        max_length=12, choices=AgreementType.choices, default=AgreementType.CONTRACT
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="call_offs",
        verbose_name="framework it is called off from",
    )
    our_share = models.DecimalField("our share (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    regime = models.CharField("procurement rules", max_length=10, choices=Regime.choices, blank=True)
    procurement_began_on = models.DateField("procurement began on", null=True, blank=True)
    act_kind = models.CharField(
        "special kind under the Procurement Act", max_length=15, choices=ActKind.choices, blank=True
    )
    signed_on = models.DateField("signed on", null=True, blank=True)
    split_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="split_into",
        verbose_name="split from",
    )

    starts_on = models.DateField("start date", null=True, blank=True)
    ends_on = models.DateField("end date", null=True, blank=True)
    review_on = models.DateField("review date", null=True, blank=True)
    last_extension_to = models.DateField("latest possible end date", null=True, blank=True)
    extended_to = models.DateField("extended to", null=True, blank=True)
    terminated_on = models.DateField("terminated on", null=True, blank=True)
    termination_reason = models.TextField("why it was terminated", blank=True)

    value = models.DecimalField("value (£)", max_digits=16, decimal_places=2, null=True, blank=True)
    value_basis = models.CharField("value is for", max_length=6, choices=ValueBasis.choices, blank=True)
    value_note = models.CharField("fixed or estimated cost", max_length=120, blank=True)
    irrecoverable_vat = models.DecimalField(
        "irrecoverable VAT (£)", max_digits=16, decimal_places=2, null=True, blank=True
    )
    estimated_value_inc_vat = models.DecimalField(
        "estimated value including VAT (£)", max_digits=16, decimal_places=2, null=True, blank=True
    )
    social_value_weighting = models.DecimalField(
        "social value weighting at tender (%)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    tier = models.CharField("tier", max_length=40, blank=True)
    monitoring = models.TextField("how it is monitored", blank=True)
    kpis_elsewhere = models.PositiveIntegerField("KPIs held elsewhere", null=True, blank=True)
    kpi_exemption = models.TextField("reason for setting no KPIs (section 52)", blank=True)

    stage = models.CharField(max_length=13, choices=Stage.choices, default=Stage.LIVE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["title", "number"]
        indexes = [
            models.Index(fields=["directorate", "stage"], name="contract_directorate_stage"),
            models.Index(fields=["title"], name="contract_title"),
            models.Index(fields=["ends_on"], name="contract_ends_on"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="contract_stage_known"),
            models.CheckConstraint(
                condition=Q(our_share=None) | Q(our_share__gt=0, our_share__lte=100),
                name="contract_our_share_is_a_percentage",
            ),
            models.CheckConstraint(condition=~Q(parent=F("number")), name="contract_not_its_own_parent"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the address of the contract's page."""
        return reverse("reporting:contract-page", args=[self.number])

    @property
    def last_day(self) -> dt.date | None:
        """Return the last day the contract runs, extension and termination included; None = open-ended."""
        ends = max((day for day in (self.ends_on, self.extended_to) if day), default=None)
        if self.terminated_on:
            return min(ends, self.terminated_on) if ends else self.terminated_on
        return ends

    @property
    def current_suppliers(self) -> list:
        """Return its suppliers today, in their order; past ones (before a novation) are left out."""
        return [link.supplier for link in self.supplier_links.all() if link.until is None]

    @property
    def supplier_names(self) -> str:
        """Return the names of its suppliers today, or the register's words where none is known."""
        return "; ".join(supplier.name for supplier in self.current_suppliers) or self.supplier_text

    @property
    def whole_value(self) -> Decimal | None:
        """Return the value in £ over the contract's whole life, without VAT; None where nobody can tell.

        A yearly value counts a twelfth for each month begun between the first day and the last (extension and
        termination included); None where either is not known or they are the wrong way round. A value whose
        basis is not stated is taken for the whole contract.
        """
        if self.value is None or self.value_basis != ValueBasis.ANNUAL:
            return self.value
        first, last = self.starts_on, self.last_day
        if first is None or last is None or last < first:
            return None
        months = (last.year - first.year) * 12 + last.month - first.month + (last.day >= first.day)
        return (self.value * months / 12).quantize(Decimal("0.01"))

    @property
    def governing(self) -> "Contract":
        """Return the contract whose procurement governs this one: a call-off follows its parent framework."""
        if self.agreement_type == AgreementType.CALL_OFF and self.parent is not None:
            return self.parent
        return self

    @property
    def governing_regime(self) -> str:
        """Return the rules its procurement began under: as recorded, or told from the day it began."""
        root = self.governing
        if root.regime or root.procurement_began_on is None:
            return root.regime
        return Regime.PA2023 if root.procurement_began_on >= PA2023_IN_FORCE else Regime.UNKNOWN

    @property
    def governing_began_on(self) -> dt.date | None:
        """Return the day its procurement began; a call-off follows its parent."""
        return self.governing.procurement_began_on

    @property
    def awarded_on(self) -> dt.date | None:
        """Return the day it was signed, or its start where that is not recorded."""
        return self.signed_on or self.starts_on

    @property
    def award_year(self) -> int | None:
        """Return the year the financial year of its award begins in (2026 for 2026/27); None if not known."""
        day = self.awarded_on
        return None if day is None else day.year - (day.month < 4)

    @property
    def is_live(self) -> bool:
        """Return whether the contract is live today."""
        day = today()
        last = self.last_day
        return (
            self.stage == Stage.LIVE
            and (self.starts_on is None or self.starts_on <= day)
            and (last is None or last >= day)
        )

    @property
    def is_mapped(self) -> bool:
        """Return whether the contract's directorate is known."""
        return self.directorate_id is not None


class ContractSupplierQuerySet(models.QuerySet):
    """Questions about who supplies what."""

    def current(self):
        """Return the links of today's suppliers, without those a contract was novated away from."""
        return self.filter(until=None)


class ContractSupplier(models.Model):
    """A supplier of a contract, now or (where it was novated to another) until a day."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="supplier_links")
    supplier = models.ForeignKey(
        "contracts.Supplier", on_delete=models.PROTECT, related_name="contract_links"
    )
    position = models.PositiveSmallIntegerField(default=1)
    # Where it came in by novation; blank for from the start.
    since = models.DateField(null=True, blank=True)
    # The last day it was the supplier; blank while it is.
    until = models.DateField(null=True, blank=True)

    objects = ContractSupplierQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "supplier"], condition=Q(until=None), name="supplier_once_a_contract"
            )
        ]

    def __str__(self):
        return str(self.supplier)

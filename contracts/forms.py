"""The forms of contracts: facts, who answers for many at once, what a department text means."""

from typing import Any, ClassVar

from django import forms

from accounts.models import Department, Directorate, Person, Role
from contracts import permissions
from contracts.checks import LISTS, MOVED_ELSEWHERE, PEOPLE
from contracts.models import AgreementType, Contract, ContractTier, Ward
from govuk.fields import MoneyField, WholeNumberField
from govuk.forms import GovukForm, GovukModelForm

MONEY = {"max_digits": 16}
SECTIONS = (
    (
        "What it is",
        ("title", "reference", "description", "stage", "category", "tier", "citywide", "wards"),
    ),
    ("Who supplies it", ("supplier_names", "sme", "vcse")),
    (
        "Who answers for it",
        ("directorate", "department", "partner_directorates", "commissioner", "manager", "deputies"),
    ),
    ("Dates", ("signed_on", "starts_on", "ends_on", "extended_to", "last_extension_to", "review_on")),
    (
        "How it was bought",
        ("agreement_type", "act_kind", "process", "procurement_began_on", "regime"),
    ),
    (
        "Money and monitoring",
        (
            "value", "value_basis", "value_note", "irrecoverable_vat", "estimated_value_inc_vat",
            "social_value_weighting", "monitoring", "kpis_elsewhere", "kpi_exemption",
        ),
    ),
)  # fmt: skip
# What the page on which a contract is added asks for at once; the rest is folded under "More about ...".
NEEDED = ("title", "stage", "directorate", "supplier_names", "starts_on", "ends_on", "value", "value_basis")
FOLDED = {
    "What it is": "More about what it is",
    "Who supplies it": "More about who supplies it",
    "Who answers for it": "More about who answers for it",
    "Dates": "More about its dates",
    "How it was bought": "More about how it was bought",
    "Money and monitoring": "More about money and monitoring",
}


class PersonChoice(forms.ModelChoiceField):
    """Somebody by name."""

    def label_from_instance(self, obj):
        """Return the name alone: an email address on every line helps nobody."""
        return str(obj)


class ContractForm(GovukModelForm):
    """A contract's facts. Fields a person may not change are not there."""

    widths: ClassVar = {
        "reference": "20", "tier": "20", "our_share": "5", "social_value_weighting": "5",
        "kpis_elsewhere": "3", "value_note": "20", "parent_number": "10",
    }  # fmt: skip
    nouns: ClassVar = {"parent_number": "number of a contract", "supplier_names": "supplier’s name"}
    inline = ("sme", "vcse", "value_basis")
    reveals: ClassVar[dict[str, dict[str, str]]] = {
        "agreement_type": {AgreementType.CALL_OFF: "parent_number", AgreementType.SHARED: "our_share"}
    }

    supplier_names = forms.CharField(
        label="Suppliers",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One on each line, as they are called in the contract.",
    )
    parent_number = WholeNumberField(
        label="Framework it is called off from",
        required=False,
        help_text="Its number here, as in the address of its page.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label="Why you are changing this",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept in the contract’s history.",
    )

    class Meta:
        model = Contract
        fields = [name for _, names in SECTIONS for name in names if name not in {"supplier_names"}] + [
            "our_share"
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "monitoring": forms.Textarea(attrs={"rows": 3}),
            "kpi_exemption": forms.Textarea(attrs={"rows": 3}),
            "agreement_type": forms.RadioSelect,
            "sme": forms.RadioSelect,
            "vcse": forms.RadioSelect,
            "value_basis": forms.RadioSelect,
            "partner_directorates": forms.CheckboxSelectMultiple,
            "wards": forms.CheckboxSelectMultiple,
            "deputies": forms.CheckboxSelectMultiple,
        }
        field_classes = {
            "value": MoneyField, "irrecoverable_vat": MoneyField, "estimated_value_inc_vat": MoneyField,
            "commissioner": PersonChoice, "manager": PersonChoice,
        }  # fmt: skip
        labels = {
            "tier": "Contract tier", "category": "Category", "value": "Value",
            "irrecoverable_vat": "Irrecoverable VAT",
            "estimated_value_inc_vat": "Estimated value including VAT",
            "commissioner": "Commissioner", "department": "Department", "directorate": "Directorate",
            "sme": "Is a supplier small or medium-sized (SME)?",
            "vcse": "Is a supplier a voluntary, community or social enterprise (VCSE)?",
            "kpis_elsewhere": "KPIs kept elsewhere, such as service KPIs",
            "partner_directorates": "Partner directorates",
        }  # fmt: skip
        help_texts = {
            "kpis_elsewhere": "Section 52 of the Procurement Act counts all KPIs of a contract.",
            "value_note": "As the register has it, such as “fixed” or “estimated”.",
            "last_extension_to": "If every extension in the contract were used.",
            "tier": "As your council ranks its contracts.",
            "act_kind": "Section 52 of the Procurement Act does not ask for KPIs in these.",
            "procurement_began_on": "The day its notice was published, or suppliers were first approached. "
            "A call-off follows its framework.",
            "regime": "Leave it at “Not recorded” to have it told from the day the procurement began.",
            "estimated_value_inc_vat": "As estimated for the procurement: thresholds of the Act count VAT.",
            "extended_to": "Only where it has been extended already.",
        }  # fmt: skip

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        contract = self.instance
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        self._limit_directorates(fields, contract)
        self._offer_tiers(fields, contract)
        self._limit_people(fields, contract)
        for name in ("category", "directorate", "department"):
            if name in fields:
                fields[name].empty_label = "Not given"
        if not Ward.objects.exists():
            fields.pop("wards", None)
        if contract.pk:
            # Each of these changes by a page of its own, which asks for what follows from it.
            for name in MOVED_ELSEWHERE:
                fields.pop(name, None)
            fields["version"].initial = contract.version
            fields["parent_number"].initial = contract.parent_id
            names = [
                str(link.supplier) for link in contract.supplier_links.current().select_related("supplier")
            ]
            fields["supplier_names"].initial = "\n".join(names) or contract.supplier_text
        else:
            fields.pop("note")
        fields["title"].help_text = "As people in the council know it."
        self.order_fields(self._as_read(new=not contract.pk))
        self.refresh_messages()

    def _as_read(self, new: bool) -> list[str]:
        """Return the names in the page's order, for the list of errors above it to follow."""
        inner = self.reveals["agreement_type"].values()
        listed = [name for _, names in SECTIONS for name in names]
        if new:
            listed = [*NEEDED, *(name for name in listed if name not in NEEDED)]
        at = listed.index("agreement_type") + 1
        return [*listed[:at], *inner, *listed[at:]]

    def _limit_directorates(self, fields: dict[str, Any], contract: Contract) -> None:
        """Offer the directorates this person may put the contract in."""
        held = self.by.authority
        offered = Directorate.objects.open()
        if "directorate" in fields:
            if not held.sees_everything:
                offered = offered.filter(pk__in=held.commissions)
                fields["directorate"].required = True
                if not contract.pk and offered.count() == 1:
                    # The form's own initial values, taken from the new contract, would hide a field's.
                    self.initial["directorate"] = offered.first()
            fields["directorate"].queryset = offered
        fields["partner_directorates"].queryset = Directorate.objects.open().exclude(
            pk__in=[contract.directorate_id or 0]
        )
        departments = Department.objects.select_related("directorate")
        if contract.pk:
            departments = departments.filter(directorate=contract.directorate_id)
        elif not held.sees_everything:
            departments = departments.filter(directorate__in=held.commissions)
        fields["department"].queryset = departments
        fields["department"].widget.choices = [
            ("", "Not given"),
            *((one.pk, f"{one.name} ({one.directorate.name})") for one in departments),
        ]

    def _offer_tiers(self, fields: dict[str, Any], contract: Contract) -> None:
        """Offer the council's tiers, and what stands where it is none of them; without tiers, a box."""
        names = list(ContractTier.objects.values_list("name", flat=True))
        if not names:
            return
        standing = contract.tier
        known = {name.casefold(): name for name in names}
        if standing and standing.casefold() not in known:
            names.append(standing)
        fields["tier"] = forms.ChoiceField(
            label="Contract tier",
            required=False,
            # One that differs in capitals alone stays as it is until somebody chooses.
            choices=[
                ("", "Not given"),
                *((standing if standing.casefold() == name.casefold() else name, name) for name in names),
            ],
            help_text=fields["tier"].help_text,
        )

    def _limit_people(self, fields: dict[str, Any], contract: Contract) -> None:
        """Offer those who hold the post; whoever is named now stays on offer."""
        may = permissions.may_assign(self.by, contract) if contract.pk else True
        if not may:
            for name in PEOPLE:
                fields.pop(name)
            return
        managers = Person.objects.appointed(Role.CONTRACT_MANAGER)
        commissioners = Person.objects.appointed(Role.COMMISSIONER)
        if contract.directorate_id and not self.by.authority.sees_everything:
            commissioners = Person.objects.appointed(Role.COMMISSIONER, directorate=contract.directorate)
        now = Person.objects.all()
        fields["manager"].queryset = managers | now.filter(pk=contract.manager_id)
        fields["commissioner"].queryset = commissioners | now.filter(pk=contract.commissioner_id)
        standing = contract.deputies.values("pk") if contract.pk else []
        fields["deputies"].queryset = managers | now.filter(pk__in=standing)
        for name in ("manager", "commissioner"):
            fields[name].empty_label = "Nobody yet"

    def clean_version(self) -> int:
        """Return the version; a form sent without it has seen none, so it saves nothing over what stands."""
        return self.cleaned_data["version"] or 0

    def clean(self) -> dict[str, Any]:
        """Leave out what belongs to an agreement of another type: its box is folded away, so is its error."""
        typed = super().clean() or self.cleaned_data
        chosen = typed.get("agreement_type")
        for kind, name in self.reveals["agreement_type"].items():
            if chosen and chosen != kind and name in self.fields:
                self.errors.pop(name, None)
                typed[name] = None
        return typed

    def clean_parent_number(self) -> Any:
        """Return the contract with this number; refuse one the person can't see."""
        number = self.cleaned_data["parent_number"]
        if number is None:
            return None
        found = Contract.objects.visible_to(self.by).filter(pk=number).first()
        if found is None and number == self.instance.parent_id:
            found = self.instance.parent
        if found is None:
            raise forms.ValidationError(f"There is no contract {number} that you can see")
        return found

    def _post_clean(self) -> None:
        """Leave the contract alone: the verb puts the facts on a locked copy and checks them."""

    @property
    def sections(self) -> list[tuple[str, list]]:
        """Return (heading, bound fields) in the page's order."""
        revealed = {name for choices in self.reveals.values() for name in choices.values()}
        return [
            (title, [self[name] for name in names if name in self.fields and name not in revealed])
            for title, names in SECTIONS
        ]

    @property
    def needed(self) -> list:
        """Return the bound fields a new contract is asked for at once."""
        return [self[name] for name in NEEDED if name in self.fields]

    @property
    def folded(self) -> list[tuple[str, list, bool]]:
        """Return (summary, bound fields, is open) of what else may be said; open where something is wrong."""
        found = []
        for title, fields in self.sections:
            rest = [box for box in fields if box.name not in NEEDED]
            beneath = [self[inner] for box in rest for inner in self.reveals.get(box.name, {}).values()]
            found.append((FOLDED[title], rest, any(box.errors for box in (*rest, *beneath))))
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verb is given: facts by name, many-to-many ones as lists."""
        data = self.cleaned_data
        named = {name: data[name] for name in self.fields if name in self.Meta.fields and name in data}
        for name in LISTS.intersection(named):
            named[name] = list(named[name])
        named["parent"] = data.get("parent_number")
        if named.get("agreement_type") != AgreementType.CALL_OFF:
            named["parent"] = None
        if named.get("agreement_type") != AgreementType.SHARED:
            named["our_share"] = None
        if self.suppliers is not None:
            named["supplier_text"] = "; ".join(self.suppliers)
        return named

    @property
    def suppliers(self) -> list[str] | None:
        """Return the suppliers' names, or None where nobody touched them."""
        if "supplier_names" not in self.changed_data:
            return None
        lines = self.cleaned_data["supplier_names"].splitlines()
        return list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))


LEAVE, NOBODY = "", "nobody"


class AssignForm(GovukForm):
    """Who answers for several contracts at once; each box may leave things as they are."""

    mark_optional = False
    manager = forms.ChoiceField(label="Contract manager", required=False)
    deputy = forms.ChoiceField(label="Deputy contract manager", required=False)
    second_deputy = forms.ChoiceField(label="Second deputy", required=False)
    commissioner = forms.ChoiceField(label="Commissioner", required=False)
    note = forms.CharField(
        label="Why (optional)",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept in the history of each contract.",
    )

    def __init__(self, *args: Any, directorates: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managers = list(Person.objects.appointed(Role.CONTRACT_MANAGER))
        commissioners = list(
            Person.objects.appointed(Role.COMMISSIONER).filter(
                appointments__directorate__in=directorates, appointments__role=Role.COMMISSIONER
            ).distinct()
        )  # fmt: skip
        self.people = {str(person.pk): person for person in [*managers, *commissioners]}
        for name, people in (
            ("manager", managers), ("deputy", managers), ("second_deputy", managers),
            ("commissioner", commissioners),
        ):  # fmt: skip
            named = [(str(person.pk), str(person)) for person in people]
            start = [(LEAVE, "Leave as it is")] if name != "second_deputy" else [(LEAVE, "Nobody")]
            nobody = [(NOBODY, "Nobody")] if name != "second_deputy" else []
            self.fields[name].choices = [*start, *nobody, *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a form that changes nothing, and one person as both manager and deputy."""
        data = super().clean() or self.cleaned_data
        if data.get("second_deputy") and data.get("deputy") in (LEAVE, NOBODY):
            self.add_error("deputy", "Select the first deputy before the second")
        elif data.get("second_deputy") and data["second_deputy"] == data.get("deputy"):
            self.add_error("second_deputy", "Select somebody else as second deputy")
        manager = data.get("manager")
        if manager not in (LEAVE, NOBODY, None) and manager in (
            data.get("deputy"),
            data.get("second_deputy"),
        ):
            self.add_error("manager", "Select somebody who is not a deputy too")
        if not any(data.get(name) for name in ("manager", "deputy", "commissioner")):
            self.add_error("manager", "Select at least one person to name, or go back to the list")
        return data

    @property
    def who(self) -> dict[str, Any]:
        """Return what `assign_many` is given."""
        data, who = self.cleaned_data, {}
        for name in ("manager", "commissioner"):
            if data[name]:
                who[name] = None if data[name] == NOBODY else self.people[data[name]]
        if data["deputy"]:
            who["deputies"] = [
                self.people[value]
                for value in (data["deputy"], data["second_deputy"])
                if value and value != NOBODY
            ]
        return who


class DirectorateTextForm(GovukForm):
    """What a department in the register means."""

    directorate = forms.ModelChoiceField(
        queryset=Directorate.objects.open(), label="Directorate", empty_label="Select one"
    )
    department = forms.ModelChoiceField(
        queryset=Department.objects.none(), label="Department", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.filter(directorate__is_active=True).select_related("directorate")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        self.fields["department"].widget.choices = [  # type: ignore[attr-defined]
            ("", "Not given"),
            *((one.pk, f"{one.name} ({one.directorate.name})") for one in departments),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a department of another directorate."""
        data = super().clean() or self.cleaned_data
        directorate, department = data.get("directorate"), data.get("department")
        if directorate and department and department.directorate_id != directorate.pk:
            self.add_error("department", f"Select a department of {directorate.name}")
        return data

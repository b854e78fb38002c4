"""Writing checked contracts: a set each, sent and frozen, gathered in the part of its directorate."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import letters
from accounts.calendar import months_between
from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, lock
from contracts.models import Contract, ProportionateRule
from contracts.rules.finding import rules_for
from govuk import formats
from kpis.adoption.models import AdoptedSet, AdoptionContract, AdoptionImport, AdoptionPart, AdoptionRow
from kpis.adoption.results import hash_of_results
from kpis.adoption.setting_up import hands_in
from kpis.library.models import Measure, Unit
from kpis.library.own_words import write_own
from kpis.measure_imports import meanings
from kpis.measure_imports.cells import text_key
from kpis.proposals import priced, targets
from kpis.proposals.content import canonical, content_of, hash_of
from kpis.proposals.deciders import told_of
from kpis.proposals.models import KPI, KPISet, KPITerms, MonthlyTarget, SetSubmission
from kpis.proposals.moves import MOVES
from kpis.proxies.models import Proxy

NEXT = AdoptedSet.Outcome


class Applier:
    """Applies contracts of one import; what all of them need is read once."""

    def __init__(self, standing: AdoptionImport) -> None:
        by = standing.uploaded_by
        assert by is not None
        self.standing, self.by = standing, by
        self.hands = hands_in(standing)
        self.parts = {part.directorate_id: part for part in standing.parts.all()}
        self.measures: dict[int, Measure] = {}
        self.proxies: dict[int, Proxy | None] = {}
        self.units = {unit.code: unit for unit in Unit.objects.all()}

    def apply(self, lines: list[AdoptionContract]) -> None:
        """Write these contracts' sets, each whole or not at all; in the caller's transaction."""
        wanted = {kpi["measure"] for line in lines for kpi in line.plan["kpis"] if kpi["measure"]}
        missing = wanted - set(self.measures)
        found = Measure.objects.filter(pk__in=missing).select_related("unit", "framework", "cohort")
        self.measures |= {one.pk: one for one in found}
        contracts = {
            one.pk: one
            for one in Contract.objects.select_related("directorate", "category").filter(
                pk__in=[line.contract_id for line in lines]
            )
        }
        rules = rules_for(contracts.values())
        for line in lines:
            contract = contracts[line.contract_id]
            try:
                with transaction.atomic():
                    self._one(line, contract, rules[contract.pk])
            except (Stale, Invalid) as reason:
                self._not_after_all(line, str(reason))
            line.is_applied = True
        AdoptionContract.objects.bulk_update(lines, ["is_applied", "said"])

    def _not_after_all(self, line: AdoptionContract, said: str) -> None:
        """Say on the contract's rows why they could not be taken although they had been checked."""
        line.said = said
        rows = self.standing.rows.filter(contract=line.contract_id, outcome=AdoptionRow.Outcome.CREATED)
        rows.update(outcome=AdoptionRow.Outcome.REJECTED, reasons=[said])

    def _part(self, contract: Contract) -> AdoptionPart:
        key = contract.directorate_id
        if key is None:
            raise Stale(
                f"Contract {contract.pk} has no directorate any more. Say which it belongs to, then "
                "try again."
            )
        if key not in self.parts:
            self.parts[key], _ = AdoptionPart.objects.get_or_create(
                adoption_import=self.standing, directorate_id=key, defaults={"uploaded_by": self.by}
            )
        return self.parts[key]

    def _one(self, line: AdoptionContract, contract: Contract, rule: ProportionateRule | None) -> None:
        lock(Contract, contract.pk)
        other = contract.kpi_sets.exclude(status=KPISet.Status.WITHDRAWN).order_by("-number").first()
        if other is not None:
            raise Stale(
                f"Contract {contract.pk} got {other} meanwhile, which is "
                f"“{other.get_status_display().lower()}”. "
                "What the workbook says of it was not brought in."
            )
        part, plan = self._part(contract), line.plan
        is_joint = contract.partner_directorates.exists()
        last = contract.kpi_sets.order_by("-number").values_list("number", flat=True).first() or 0
        kpi_set = KPISet.objects.create(
            contract=contract,
            number=last + 1,
            effective_month=min(_day(kpi["starts"]) for kpi in plan["kpis"]),
            returns_every=rule.returns_every if rule else ProportionateRule.Often.MONTHLY,
            returns_from=self.standing.first_month,
            signed_document=plan["document"],
            adoption=None if is_joint else part,
            why=f"Adopted as signed, from {self.standing.file_name}.",
            started_by=self.by,
        )
        kpi_set.editors.add(self.by, *self.hands)
        results = self._terms(kpi_set, contract, plan["kpis"])
        submission = self._freeze(kpi_set)
        AdoptedSet.objects.create(
            part=part,
            row_number=line.row_number,
            contract=contract,
            kpi_set=kpi_set,
            content_hash=submission.content_hash,
            results=results,
            results_hash=hash_of_results(results),
            counts={
                "kpis": len(plan["kpis"]),
                "own": sum(kpi["measure"] is None for kpi in plan["kpis"]),
                "results": len(results),
                "measures": [entry["measure"] for entry in submission.content["kpis"]],
            },
            warnings=plan["warnings"],
            outcome=NEXT.ORDINARY if is_joint else NEXT.WAITING,
            said="It is a joint contract: each of its directors decides it by itself." if is_joint else "",
        )

    def _terms(self, kpi_set: KPISet, contract: Contract, kpis: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Write the KPIs; return the past results with the KPI of each."""
        monthly: list[MonthlyTarget] = []
        results = []
        for position, kpi in enumerate(kpis, start=1):
            measure = self._measure(contract, kpi)
            identity, _ = KPI.objects.get_or_create(
                contract=contract,
                measure=measure,
                unit=measure.unit,
                direction=measure.direction,
                kind=measure.kind,
            )
            terms = KPITerms.objects.create(
                kpi_set=kpi_set, kpi=identity, position=position, title=kpi["title"],
                target=Decimal(kpi["target"]),
                starts_month=_day(kpi["starts"]), ends_month=_day(kpi["ends"]),
                baseline=Decimal(kpi["baseline"]) if kpi["baseline"] is not None else None,
                cohort_id=kpi["cohort"], counting_rule=kpi["rule"], evidence_expected=kpi["evidence"],
                proxy=self._proxy(measure), why=kpi["why"],
            )  # fmt: skip
            profile = targets.flat(
                measure, terms.target, months_between(terms.starts_month, terms.ends_month)
            )
            monthly += [
                MonthlyTarget(terms=terms, month=month, amount=amount) for month, amount in profile.items()
            ]
            results += [{"kpi": identity.pk, **one} for one in kpi["results"]]
        MonthlyTarget.objects.bulk_create(monthly, batch_size=1000)
        return results

    def _measure(self, contract: Contract, kpi: dict[str, Any]) -> Measure:
        if kpi["measure"]:
            measure = self.measures.get(kpi["measure"])
            if measure is None or measure.status != Measure.Status.LIVE:
                raise Stale(
                    f"The measure of row {kpi['row']} was taken out of the library meanwhile. Check again."
                )
            return measure
        own = dict(kpi["own"])
        text, code = own.pop("unit_text"), own.pop("unit")
        return write_own(contract, by=self.by, unit=self._unit(code, text), note="Adopted as signed.", **own)

    def _unit(self, code: str, text: str) -> Unit:
        if code != meanings.NEW:
            return self.units[code]
        known = meanings.Meanings().unit(text)
        if known:
            return Unit.objects.get(code=known)
        unit = meanings.new_unit(text)
        meanings.remember(by=self.by, units={text_key(text): (text, unit)}, kinds={})
        return unit

    def _proxy(self, measure: Measure) -> Proxy | None:
        if measure.contract_id:
            return None
        if measure.pk not in self.proxies:
            self.proxies[measure.pk] = priced.usual_proxy(measure)
        return self.proxies[measure.pk]

    def _freeze(self, kpi_set: KPISet) -> SetSubmission:
        content = content_of(kpi_set)
        kpi_set.content_hash = hash_of(content)
        MOVES.apply(kpi_set, "submit")
        kpi_set.submitted_by, kpi_set.submitted_at = self.by, timezone.now()
        kpi_set.version += 1
        kpi_set.save()
        submission = SetSubmission.objects.create(
            kpi_set=kpi_set, ordinal=1, content=content, content_hash=kpi_set.content_hash,
            submitted_by=self.by, submitted_at=kpi_set.submitted_at,
        )  # fmt: skip
        record(
            action="adoption.bring_in",
            subject=kpi_set,
            by=self.by,
            contract_number=kpi_set.contract_id,
            summary=f"Brought in {kpi_set} as signed, from {self.standing.file_name}",
            after={
                "KPIs": len(content["kpis"]),
                "Signed document": kpi_set.signed_document,
                "First month returned here": formats.month(kpi_set.returns_from),
                "Content hash": kpi_set.content_hash,
            },
        )
        return submission


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def hash_of_part(part: AdoptionPart) -> str:
    """Return the hash over all a part holds: each contract's submission and past results."""
    standing = part.adoption_import
    content = {
        "batch": standing.pk,
        "file": standing.sha256,
        "directorate": part.directorate_id,
        "first_month": f"{standing.first_month:%Y-%m}" if standing.first_month else None,
        "sets": [
            list(row)
            for row in part.lines.order_by("contract").values_list(
                "contract", "kpi_set__number", "content_hash", "results_hash"
            )
        ],
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def close_parts(standing: AdoptionImport) -> None:
    """Let each part of an import wait for its director, with its hash and its totals; one letter to each.

    Call in a transaction, once nothing more will be applied.
    """
    for part in standing.parts.filter(status=AdoptionPart.Status.BUILDING).select_related("directorate"):
        totals: Counter[str] = Counter()
        measures: Counter[str] = Counter()
        for line in part.lines.all():
            totals.update(contracts=1, warnings=len(line.warnings), joint=line.outcome == NEXT.ORDINARY)
            totals.update({name: line.counts[name] for name in ("kpis", "own", "results")})
            measures.update(line.counts["measures"])
        part.counts = {**totals, "measures": measures.most_common()}
        part.content_hash = hash_of_part(part)
        part.status, part.waiting_since = AdoptionPart.Status.WAITING, timezone.now()
        if part.lines.filter(outcome=NEXT.WAITING).exists():
            _tell(part)
        else:
            part.status, part.finished_at = AdoptionPart.Status.CONFIRMED, timezone.now()
            part.message = "All of its contracts are joint ones: each is decided by itself."
        part.save()
        record(
            action="adoption.part", subject=part, by=standing.uploaded_by,
            summary=f"{part.directorate}: {formats.plural(totals['contracts'], 'contract')} of "
            f"{standing.file_name} wait to be adopted as signed",
            after={"Content hash": part.content_hash},
        )  # fmt: skip


def _tell(part: AdoptionPart) -> None:
    """Write one letter to each who may confirm the part; where nobody may, to the uploader."""
    lines = part.lines.filter(outcome=NEXT.WAITING).select_related("kpi_set__contract__directorate")
    people: dict[int, Person] = {}
    for line in lines[:50]:
        for one in told_of(line.kpi_set):
            people.setdefault(one.person.pk, one.person)
        if people:
            break
    values = {
        "directorate": part.directorate.name,
        "contracts": formats.plural(part.counts["contracts"], "contract"),
        "kpis": formats.plural(part.counts["kpis"], "KPI"),
        "results": formats.plural(part.counts["results"], "past result"),
        "file": part.adoption_import.file_name,
        "by": str(part.uploaded_by),
        "link": letters.link(part.get_absolute_url()),
    }
    for person in people.values():
        letters.write("adoption-waiting", to=person, values=values)
    if not people:
        letters.write("adoption-without-decider", to=part.uploaded_by, values=values)

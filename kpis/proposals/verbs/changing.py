"""What every change of a KPI set's content begins and ends with."""

from accounts.verbs.recipe import Stale, check_version, lock, require
from kpis.proposals import permissions
from kpis.proposals.models import KPISet


def open_set(kpi_set, by, version, *, kind=KPISet.Kind.KPIS):
    """Return the set, locked, for a change of its content; `kind` says of which kind the change can be."""
    kpi_set = lock(KPISet, kpi_set.pk)
    require(permissions.may_propose(by, kpi_set.contract))
    refuse_another_kind(kpi_set, kind)
    check_version(kpi_set, version, "this KPI set")
    if not kpi_set.is_open:
        raise Stale(
            f"This KPI set is now “{kpi_set.get_status_display().lower()}”, so it can't be changed. "
            "Somebody may have been there before you."
        )
    return kpi_set


def refuse_another_kind(kpi_set, kind):
    """Refuse what only a set of KPIs, or only an exception, can have."""
    if kpi_set.kind == kind:
        return
    if kpi_set.is_exception:
        raise Stale(
            f"{kpi_set} says why this contract has no KPIs, so it holds none. To promise KPIs, withdraw it "
            "and start a KPI set."
        )
    raise Stale(f"{kpi_set} promises KPIs: it is not an exception.")


def changed(kpi_set, by):
    """Keep a change of the content: a new version, and one more who may not approve it."""
    kpi_set.version += 1
    kpi_set.save()
    kpi_set.editors.add(by)

"""Who gets a step, as appointments stand on the day: read once for a whole run."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from accounts.models import Appointment, Person, Role
from contracts.models import Contract
from kpis.reminders.models import ReminderStep

Audience = ReminderStep.Audience


class Audiences:
    """Contract managers, commissioners and directors in post on a day: one query."""

    def __init__(self, day: dt.date):
        self._managers: set[int] = set()
        self._by_post: dict[tuple[str, int], dict[int, Person]] = defaultdict(dict)
        roles = [Role.CONTRACT_MANAGER, Role.COMMISSIONER, Role.DIRECTOR, Role.DEPUTY_DIRECTOR]
        held = Appointment.objects.in_force(day).filter(role__in=roles).select_related("person")
        for row in held.order_by("person__full_name", "person_id"):
            if row.role == Role.CONTRACT_MANAGER:
                self._managers.add(row.person_id)
            elif row.directorate_id is not None:
                self._by_post[row.role, row.directorate_id][row.person_id] = row.person

    def managers_of(self, contract: Contract) -> list[Person]:
        """Return manager and deputies in post; where there is nobody, the commissioner answers for it."""
        people = [contract.manager, *contract.deputies.all()]
        found = {person.pk: person for person in people if person and person.pk in self._managers}
        return list(found.values()) or self.commissioners_of(contract)

    def commissioners_of(self, contract: Contract) -> list[Person]:
        """Return the contract's commissioner; where they left the post, all of the directorate's."""
        if contract.directorate_id is None:
            return []
        in_post = self._by_post[Role.COMMISSIONER, contract.directorate_id]
        if contract.commissioner_id in in_post:
            return [in_post[contract.commissioner_id]]
        return list(in_post.values())

    def directors_of(self, directorate_id: int) -> list[Person]:
        """Return the director and deputy directors."""
        return list(
            {
                **self._by_post[Role.DIRECTOR, directorate_id],
                **self._by_post[Role.DEPUTY_DIRECTOR, directorate_id],
            }.values()
        )

    def of_return(self, step: ReminderStep, monthly_return) -> Iterable[Person]:
        """Return the people a step about a monthly return goes to, each once."""
        contract = monthly_return.contract
        return self.of_contract(step, contract, contract.directorate_id or monthly_return.directorate_id)

    def of_contract(
        self, step: ReminderStep, contract: Contract, directorate_id: int | None
    ) -> Iterable[Person]:
        """Return the people a step about a contract goes to, each once."""
        if step.audience == Audience.DIRECTOR_DIGEST:
            return self.directors_of(directorate_id) if directorate_id is not None else []
        people = self.managers_of(contract)
        if step.audience == Audience.MANAGER_COMMISSIONER:
            people = [*people, *self.commissioners_of(contract)]
        return {person.pk: person for person in people}.values()

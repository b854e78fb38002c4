"""What everything held from one day to another has in common: both days are included."""

from __future__ import annotations

import datetime as dt

from accounts.calendar import today


class Dated:
    """Facts of a row with `starts_on` and `ends_on`, None for no end."""

    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def is_in_force(self) -> bool:
        """Return whether today is one of its days."""
        day = today()
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)

    @property
    def is_ahead(self) -> bool:
        """Return whether it begins after today."""
        return self.starts_on > today()

    @property
    def can_be_taken_back(self) -> bool:
        """Return whether it begins today or later, so that a slip can be undone."""
        return self.starts_on >= today()

"""The nouns of this floor."""

from accounts.models.appointment import Appointment, Role
from accounts.models.delegation import Delegation
from accounts.models.directorate import Department, Directorate
from accounts.models.history import HistoryRow
from accounts.models.letter import Letter, LetterTemplate
from accounts.models.person import Invitation, Person
from accounts.models.post import Post, PostHolding
from accounts.models.versioned import Versioned

__all__ = [
    "Appointment",
    "Delegation",
    "Department",
    "Directorate",
    "HistoryRow",
    "Invitation",
    "Letter",
    "LetterTemplate",
    "Person",
    "Post",
    "PostHolding",
    "Role",
    "Versioned",
]

"""What a section of the contract page is."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Section:
    """A part of the contract page: its anchor, heading, template and what the template is given."""

    key: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)

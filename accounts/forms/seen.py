"""A form that notices when what it shows was changed by somebody else meanwhile."""

from typing import Any

from django import forms

from accounts.verbs.recipe import Stale


class SeenMixin(forms.Form):
    """Carries the mark of what was read (see `mark_of`); give it as initial "seen"."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_seen(self) -> int:
        """Return the mark; a form sent without it has seen nothing, so nothing is saved over a change."""
        return self.cleaned_data["seen"] or 0

    def overtaken(self, stale: Stale, mark: int) -> int:
        """Keep what was typed, say what stands, let the next sending count; return the status 409."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("seen")] = str(mark)
        self.data = data
        self.add_error(None, str(stale))
        return 409


class VersionMixin(forms.Form):
    """Carries the version of the row it changes; give it as initial "version"."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_version(self) -> int:
        """Return the version; a form sent without it has seen none, so it saves nothing over what stands."""
        return self.cleaned_data["version"] or 0

    def overtaken(self, stale: Stale, version: int) -> int:
        """Keep what was typed, say what stands, let the next sending count; return the status 409."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("version")] = str(version)
        self.data = data
        self.add_error(None, str(stale))
        return 409

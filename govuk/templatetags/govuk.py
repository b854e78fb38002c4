"""The tags and filters every page uses: formats, GOV.UK components, charts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from govuk import formats
from govuk.errors import summary_of

register = template.Library()

TAG_COLOURS = ("", "grey", "green", "teal", "purple", "magenta", "red", "orange", "yellow")
STATUSES = {
    "on_track": ("●", "On track"),
    "watch": ("▲", "Watch"),
    "behind": ("■", "Behind"),
    "not_due": ("○", "Not due"),
}

register.filter("day", formats.day)
register.filter("day_time", formats.day_time)
register.filter("long_day", formats.long_day)
register.filter("month", formats.month)
register.filter("short_month", formats.short_month)
register.filter("financial_year", formats.financial_year)
register.filter("money", formats.money)
register.filter("money_short", formats.money_short)
register.filter("figure", formats.figure)
register.filter("percent", formats.percent)
register.simple_tag(formats.n_of, name="n_of")


@register.filter
def email(address: str) -> SafeString:
    """Return an email address that may break onto a new line after its name, on a phone."""
    name, at, host = address.partition("@")
    return format_html("{}<wbr>{}{}", name, at, host)


@register.simple_tag
def count(n: int, word: str, many: str = "") -> str:
    """Return "1 return" or "3 returns"."""
    return formats.plural(n, word, many)


@register.inclusion_tag("govuk/tag.html")
def govuk_tag(text: str, colour: str = "") -> dict[str, Any]:
    """Draw a tag; an unknown colour is a mistake of ours and says so."""
    if colour not in TAG_COLOURS:
        raise template.TemplateSyntaxError(f"There is no tag colour {colour!r}.")
    return {"text": text, "colour": colour}


@register.inclusion_tag("govuk/rag.html")
def rag(status: str, words: str = "") -> dict[str, Any]:
    """Draw a status as shape, word and colour; words replaces the usual word, "" draws nothing."""
    shape, usual = STATUSES.get(str(status), ("", ""))
    return {"status": status, "shape": shape, "words": words or usual}


@register.inclusion_tag("govuk/button.html")
def govuk_button(text: str, kind: str = "", name: str = "", value: str = "") -> dict[str, Any]:
    """Draw a submit button that refuses a double click; kind is "", secondary or warning."""
    return {"text": text, "kind": kind, "name": name, "value": value}


@register.inclusion_tag("govuk/link_button.html")
def govuk_link_button(text: str, url: str, kind: str = "") -> dict[str, Any]:
    """Draw a link that looks like a button, for the start of a journey."""
    return {"text": text, "url": url, "kind": kind}


@register.inclusion_tag("govuk/back.html")
def govuk_back(url: str, text: str = "Back") -> dict[str, Any]:
    """Draw the link back, in the breadcrumbs block."""
    return {"url": url, "text": text}


@register.inclusion_tag("govuk/breadcrumbs.html")
def breadcrumbs(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Draw the trail of (label, url); an empty url is the page one is on."""
    return {"items": list(items)}


@register.inclusion_tag("govuk/pagination.html")
def pagination(page_obj: Page[Any], request: HttpRequest) -> dict[str, Any]:
    """Draw links to the other pages that keep the rest of the query string; nothing for a single page."""

    def url(number: int) -> str:
        return query_with(request, page=number)

    paginator = page_obj.paginator
    numbers = [
        {"number": number, "url": url(number), "current": number == page_obj.number}
        if isinstance(number, int)
        else {"number": None}
        for number in paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    ]
    return {
        "shown": paginator.num_pages > 1,
        "numbers": numbers,
        "previous": url(page_obj.number - 1) if page_obj.has_previous() else "",
        "next": url(page_obj.number + 1) if page_obj.has_next() else "",
        "first_row": formats.figure(page_obj.start_index()),
        "last_row": formats.figure(page_obj.end_index()),
        "rows": formats.figure(paginator.count),
    }


def query_with(request: HttpRequest, **changes: object) -> str:
    """Return this request's query string, question mark first, with those parameters changed."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return "?" + query.urlencode()


@register.inclusion_tag("govuk/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any] | None) -> dict[str, Any]:
    """Draw the list of what is wrong in one or several forms and formsets, each linked to its field."""
    return {"entries": summary_of(forms)}


@register.inclusion_tag("govuk/summary_row.html")
def summary_row(label: str, value: object, change_url: str = "", action: str = "Change") -> dict[str, Any]:
    """Draw one row of a summary list; a blank value says "Not given"."""
    blank = value is None or value == ""
    return {"label": label, "value": value, "blank": blank, "change_url": change_url, "action": action}


@register.inclusion_tag("govuk/sort_header.html")
def sort_header(label: str, field: str, request: HttpRequest, numeric: bool = False) -> dict[str, Any]:
    """Draw a column header that sorts by the field, and the other way round when it is sorted so already."""
    now = request.GET.get("sort", "")
    direction = {field: "ascending", "-" + field: "descending"}.get(now, "none")
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = "-" + field if now == field else field
    return {"label": label, "url": "?" + query.urlencode(), "direction": direction, "numeric": numeric}


@register.inclusion_tag("govuk/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """Draw what will be here, why it is not, and the one thing to do."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.simple_block_tag(end_name="enddetails")
def details(content: str, summary: str, open: bool = False) -> SafeString:
    """Draw the block's content folded under the summary."""
    return render_to_string("govuk/details.html", {"content": content, "summary": summary, "open": open})


@register.simple_tag
def chart(picture: Any, table: bool = True) -> SafeString:
    """Draw one of `govuk.charts`' pictures with its title and, folded, its figures as a table."""
    return render_to_string(picture.template_name, {"chart": picture, "with_table": table})


@register.filter
def has_errors(forms: object) -> bool:
    """Return whether a form, a formset or nothing at all holds errors that were shown to somebody."""
    if isinstance(forms, BaseFormSet):
        return forms.is_bound and forms.total_error_count() > 0
    if isinstance(forms, BaseForm):
        return forms.is_bound and bool(forms.errors)
    return False

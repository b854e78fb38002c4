"""Tags draw components and keep the query string."""

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory


def drawn(source, **context):
    return Template("{% load govuk %}" + source).render(Context(context))


def test_pagination_keeps_the_rest_of_the_query_string():
    request = RequestFactory().get("/", {"q": "a&b", "page": "2"})
    page = Paginator(range(100), 10).get_page(2)
    html = drawn("{% pagination page request %}", page=page, request=request)
    assert 'href="?q=a%26b&amp;page=3"' in html
    assert 'aria-current="page"' in html
    assert "Showing 11 to 20 of 100" in html


def test_a_single_page_has_no_pagination():
    request = RequestFactory().get("/")
    page = Paginator(range(3), 10).get_page(1)
    assert drawn("{% pagination page request %}", page=page, request=request).strip() == ""


@pytest.mark.parametrize(
    ("now", "direction", "link"),
    [
        ("", "none", "sort=title"),
        ("title", "ascending", "sort=-title"),
        ("-title", "descending", "sort=title"),
    ],
)
def test_a_column_header_sorts_and_turns_round(now, direction, link):
    request = RequestFactory().get("/", {"q": "x", "page": "4", "sort": now})
    html = drawn("{% sort_header 'Title' 'title' request %}", request=request)
    assert f'aria-sort="{direction}"' in html
    assert link in html
    assert "q=x" in html
    assert "page=" not in html


@pytest.mark.parametrize(
    ("status", "words"),
    [("on_track", "On track"), ("watch", "Watch"), ("behind", "Behind"), ("not_due", "Not due")],
)
def test_a_status_has_shape_word_and_class(status, words):
    html = drawn("{% rag status %}", status=status)
    assert words in html
    assert f"app-status--{status}" in html
    assert 'aria-hidden="true"' in html


def test_an_unknown_status_draws_nothing_and_an_unknown_colour_is_an_error():
    assert drawn("{% rag '' %}").strip() == ""
    with pytest.raises(TemplateSyntaxError):
        drawn("{% govuk_tag 'x' 'beige' %}")


def test_a_summary_row_escapes_and_shows_a_nought_but_not_a_blank():
    html = drawn("{% summary_row 'Value' value '/x' %}", value="<b>")
    assert "&lt;b&gt;" in html
    assert "Not given" in drawn("{% summary_row 'Value' value %}", value=None)
    assert "Not given" not in drawn("{% summary_row 'Value' value %}", value=0)


def test_details_fold_their_content_and_escape_what_is_in_it():
    html = drawn("{% details 'Why' %}<p>{{ text }}</p>{% enddetails %}", text="<i>")
    assert "<p>&lt;i&gt;</p>" in html
    assert "<summary" in html

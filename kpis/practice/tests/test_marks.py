"""The marks of a guidance page: the few there are, and nothing that could do harm."""

import pytest
from django.template.loader import render_to_string

from kpis.practice import marks


def drawn(text):
    return render_to_string("kpis/_marked_blocks.html", {"blocks": marks.blocks(text)})


def test_headings_lists_quotes_tables_and_emphasis_are_drawn():
    shown = drawn(
        "## Agreeing\n\nAsk **early** and *often*.\n\n### First\n\n- one\n- two\n  1. within\n\n3. third\n\n"
        "> as the policy says\n\n| Value | KPIs |\n| --- | --- |\n| £1m | **2** |\n"
    )
    assert '<h2 class="govuk-heading-m">Agreeing</h2>'.replace(" ", "") in shown.replace(" ", "").replace(
        "\n", ""
    )
    assert "<strong>early</strong> and <em>often</em>." in shown
    assert '<h3 class="govuk-heading-s">First' in shown
    assert shown.count('<ul class="govuk-list govuk-list--bullet">') == 1
    assert '<ol class="govuk-list govuk-list--number" start="3">' in shown
    assert '<blockquote class="govuk-inset-text">' in shown
    assert '<th scope="col" class="govuk-table__header">Value' in shown
    assert "<strong>2</strong>" in shown


def test_a_title_mark_never_makes_a_second_title():
    shown = drawn("# Biggest\n\n###### Smallest")
    assert "<h1" not in shown
    assert '<h2 class="govuk-heading-m">Biggest' in shown
    assert '<h3 class="govuk-heading-s">Smallest' in shown


@pytest.mark.parametrize(
    "address",
    ["https://www.example.gov.uk/policy?a=1&b=2", "http://example.org", "mailto:lead@example.gov.uk",
     "/library/"],
)  # fmt: skip
def test_links_lead_to_the_web_to_mail_and_to_own_pages(address):
    assert f'href="{address}"'.replace("&", "&amp;") in drawn(f"[go]({address})")


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](data:image/png;base64,AAAA)",
        "[x](file:///etc/passwd)",
        "[x](ftp://example.org/a)",
        "[x](//evil.example)",
        "[x](/\\evil.example)",
        "[x](\\\\evil.example)",
        "[x](http:evil)",
        "[x](evil.example)",
        "[x][r]\n\n[r]: javascript:alert(1)",
        "<javascript:alert(1)>",
    ],
)
def test_a_link_anywhere_else_stays_words(text):
    shown = drawn(text)
    assert "<a" not in shown
    assert "href" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "Words <img src=x onerror=alert(1)> words",
        "<div onclick='x()'>\n\n<b>bold</b>",
        "`<script>alert(1)</script>`",
        "```html\n<script>alert(1)</script>\n```",
        "    <script>alert(1)</script>",
        '![<script>](https://example.org/a.png "<script>")',
        '[<script>](https://example.org/"><script>alert(1)</script>)',
        "| <script> |\n| --- |\n| <img onerror=x> |",
        "<!-- <script> -->",
        "<style>*{display:none}</style>",
    ],
)
def test_html_stays_words(text):
    shown = drawn(text)
    for tag in ("<script", "<img", "<div onclick", "<b>", "<style", "<!--"):
        assert tag not in shown


def test_a_link_cannot_break_out_of_its_address():
    shown = drawn('[x](https://example.org/"onmouseover="alert(1))')
    assert 'onmouseover="' not in shown


def test_pictures_and_code_are_shown_as_plain_words():
    shown = drawn("![Our bus](https://example.org/bus.png)\n\n```\nline one\nline two\n```")
    assert "Our bus" in shown
    assert "bus.png" not in shown
    assert "line one<br>line two" in shown


def test_what_is_nested_beyond_reason_is_still_read():
    shown = drawn("> " * 60 + "deep down")
    assert "deep down" in shown
    assert shown.count("<blockquote") == marks.DEEPEST
    assert "item" in drawn("".join("  " * level + "- item\n" for level in range(40)))
    assert "word" in drawn("*" * 500 + "word" + "*" * 500)
    assert "word" in drawn("[" * 2000 + "word" + "](" * 2000)

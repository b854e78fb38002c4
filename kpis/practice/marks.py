"""Reads the few marks of a guidance page (Markdown) into blocks that templates draw, never into HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

# Lists and quotes within each other: what stands deeper is shown as plain paragraphs.
DEEPEST = 4
# Above what anybody writes: the parser drops what is nested deeper.
NESTED = 100
OWN_PATH = re.compile(r"/(?!/|%5c)", re.IGNORECASE)
WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
MAIL = re.compile(r"mailto:[^/]", re.IGNORECASE)
# A browser drops some of these out of an address and reads a backslash as a slash.
NEVER = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True)
class Run:
    """Words that look alike: plain, strong, in emphasis, or a link; or the break of a line."""

    text: str = ""
    is_strong: bool = False
    is_emphasis: bool = False
    href: str = ""
    is_break: bool = False


@dataclass(frozen=True)
class Block:
    """A part of a page, by its kind: what it holds is in `runs`, in `items`, or in `head` and `rows`."""

    # heading, smaller, paragraph, words (a list item's, without space round it), bullets, numbers, quote,
    # table, rule.
    kind: str
    runs: tuple[Run, ...] = ()
    # Of a list: each item's blocks; of a quote: one entry with its blocks.
    items: tuple[tuple[Block, ...], ...] = ()
    start: int = 1
    head: tuple[tuple[Run, ...], ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()


def blocks(text: str) -> tuple[Block, ...]:
    """Return the page's blocks; HTML stays text, and a link that may not be followed stays its words."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTED}).enable("table")
    tokens = parser.parse(text)
    # Words are read token by token: a tree of them would be as deep as somebody types stars.
    words: dict[int, tuple[Run, ...]] = {}
    for token in tokens:
        if token.type == "inline":
            token.meta["words"] = len(words)
            words[len(words)] = tuple(_inline(token.children or []))
            token.children = None
    return _Reader(words).all(SyntaxTreeNode(tokens).children, 0)


def address(href: str) -> str:
    """Return the address where a page may link to it (web, mail, a path of this service), else ""."""
    if NEVER.search(href):
        return ""
    return href if any(one.match(href) for one in (OWN_PATH, WEB, MAIL)) else ""


class _Reader:
    """Reads a tree of blocks whose words were read already."""

    def __init__(self, words: dict[int, tuple[Run, ...]]) -> None:
        self.words = words

    def all(self, nodes: Iterable[SyntaxTreeNode], depth: int) -> tuple[Block, ...]:
        """Return the blocks of the nodes, standing this deep in lists and quotes."""
        return tuple(block for node in nodes for block in self._of(node, depth))

    def _of(self, node: SyntaxTreeNode, depth: int) -> Iterator[Block]:
        if node.type == "heading":
            yield Block("heading" if node.tag in {"h1", "h2"} else "smaller", self._runs(node))
        elif node.type == "paragraph":
            yield Block("words" if node.hidden else "paragraph", self._runs(node))
        elif node.type == "hr":
            yield Block("rule")
        elif node.type in {"bullet_list", "ordered_list", "blockquote"} and depth >= DEEPEST:
            yield from (Block("paragraph", runs) for runs in self._flat(node))
        elif node.type in {"bullet_list", "ordered_list"}:
            yield Block(
                "bullets" if node.type == "bullet_list" else "numbers",
                items=tuple(self.all(item.children, depth + 1) for item in node.children),
                start=int(node.attrs.get("start", 1)),
            )
        elif node.type == "blockquote":
            yield Block("quote", items=(self.all(node.children, depth + 1),))
        elif node.type == "table":
            head, *bodies = node.children
            yield Block(
                "table",
                head=tuple(self._runs(cell) for row in head.children for cell in row.children),
                rows=tuple(
                    tuple(self._runs(cell) for cell in row.children)
                    for body in bodies
                    for row in body.children
                ),
            )
        elif node.content.strip():
            yield Block("paragraph", _lines(node.content))

    def _runs(self, node: SyntaxTreeNode) -> tuple[Run, ...]:
        return tuple(run for child in node.children for run in self.words[child.meta["words"]])

    def _flat(self, node: SyntaxTreeNode) -> Iterator[tuple[Run, ...]]:
        """Return the words of everything within, a paragraph each."""
        for one in node.walk():
            if one.type == "inline":
                yield self.words[one.meta["words"]]
            elif one.type in {"fence", "code_block"}:
                yield _lines(one.content)


def _inline(tokens: list[Token]) -> Iterator[Run]:
    """Return the words of a line of text; what is marked within a link is the link's plain words."""
    depth = {"strong": 0, "em": 0}
    href, linked = "", None
    for token in tokens:
        name, _, _way = token.type.rpartition("_")
        if name in depth:
            depth[name] += token.nesting
            continue
        if token.type == "link_open":
            href, linked = address(str(token.attrs.get("href", ""))), ""
            continue
        strong, emphasis = bool(depth["strong"]), bool(depth["em"])
        if token.type == "link_close":
            yield Run(linked or href, strong, emphasis, href)
            linked = None
        elif token.type == "hardbreak" and linked is None:
            yield Run(is_break=True)
        else:
            text = " " if token.type in {"softbreak", "hardbreak"} else token.content
            if linked is not None:
                linked += text
            elif text:
                yield Run(text, strong, emphasis)


def _lines(text: str) -> tuple[Run, ...]:
    """Return text as it was typed, line by line."""
    runs: list[Run] = []
    for line in text.rstrip("\n").split("\n"):
        runs += [Run(is_break=True)] * bool(runs) + [Run(text=line)]
    return tuple(runs)

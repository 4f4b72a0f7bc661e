"""What people write as plain text: Markdown of which nothing is left that only a program reads."""

from collections.abc import Callable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode


def as_plain(said: str) -> str:
    """Return a text as plain text: links with their addresses, lists and quotes as people write them in mails.

    A text in which there is nothing to change is left as it was laid out.
    """
    plain = "\n".join(_block(SyntaxTreeNode(_parser().parse(said))))
    return said if plain.split() == said.split() else plain


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    return parser.enable(["table", "strikethrough"]).disable("image")


def _block(node: SyntaxTreeNode) -> list[str]:
    """Return the lines of a block."""
    draw = _BLOCKS.get(node.type, _blocks)
    return draw(node)


def _blocks(node: SyntaxTreeNode) -> list[str]:
    """Return the lines of the blocks in another one, with one empty line between them."""
    lines: list[str] = []
    for number, child in enumerate(node.children):
        is_tight = (child.type == "paragraph" and child.hidden) or node.type in {"bullet_list", "ordered_list"}
        lines += [""] if number and not is_tight else []
        lines += _block(child)
    return lines


def _inline(node: SyntaxTreeNode) -> list[str]:
    return "".join(_span(child) for child in node.children).split("\n")


def _span(node: SyntaxTreeNode) -> str:
    """Return a piece of a line. Emphasis stays, as people write it in plain text and names have underscores."""
    if node.type in {"softbreak", "hardbreak"}:
        return "\n"
    if not node.children:
        return node.content
    inside = "".join(_span(child) for child in node.children)
    if node.type == "link":
        address = str(node.attrs.get("href", ""))
        return inside if not address or address.removeprefix("mailto:") == inside else f"{inside} <{address}>"
    mark = {"**": "*"}.get(node.markup, node.markup)
    return f"{mark}{inside}{mark}"


def _quote(node: SyntaxTreeNode) -> list[str]:
    return [f"> {line}".rstrip() for line in _blocks(node)]


def _items(node: SyntaxTreeNode) -> list[str]:
    """Return a list, each item behind its number or a dash, with its further lines below its first word."""
    first, lines = int(node.attrs.get("start", 1)), list[str]()
    for number, item in enumerate(node.children, start=first):
        mark = f"{number}. " if node.type == "ordered_list" else "- "
        inside = _blocks(item) or [""]
        lines.append(f"{mark}{inside[0]}".rstrip())
        lines += [f"{' ' * len(mark)}{line}".rstrip() for line in inside[1:]]
    return lines


def _code(node: SyntaxTreeNode) -> list[str]:
    return [f"    {line}".rstrip() for line in node.content.rstrip("\n").split("\n")]


def _row(node: SyntaxTreeNode) -> list[str]:
    return [" | ".join(" ".join(_blocks(cell)) for cell in node.children)]


def _rows(node: SyntaxTreeNode) -> list[str]:
    return [line for part in node.children for row in part.children for line in _row(row)]


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], list[str]]] = {
    "inline": _inline,
    "blockquote": _quote,
    "bullet_list": _items,
    "ordered_list": _items,
    "fence": _code,
    "code_block": _code,
    "table": _rows,
    "hr": lambda _: ["---"],
}

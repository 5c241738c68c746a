"""Links of the site that its sources need not write.

The pages are plain Markdown and the docstrings plain text, which are read where they stand too.
Here a name of the package in code type, such as ``mf.count`` or ``Counts.tune``, becomes a link to
its page of the reference, and a path such as ``docs/explanation/streams.md`` a link to that page.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

import makemore_fast as mf

_PAGE = re.compile(r"docs/((?:tutorial|how-to|reference|explanation)/[\w-]+)\.md")
_NAME = re.compile(r"(?:mf\.)?([A-Za-z_]\w*(?:\.[a-z_]\w*)?)(?:\(.*\))?", re.DOTALL)

#: What a page calls an object of a class, as in ``model.score(words)``.
_CALLED = {"counts": ("Counts",), "model": ("LanguageModel", "CountModel", "BigramModel")}

#: Public names that are more often other things.
_COMMON = {"count", "examples", "load", "mix", "names", "split"}


def public_name(text: str) -> str | None:
    """Return the full name of what a piece of code names, if it is public."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    first, _, member = found[1].partition(".")
    if not member:
        bare = text == first and first in _COMMON
        return f"makemore_fast.{first}" if first in mf.__all__ and not bare else None
    for owner in _CALLED.get(first, (first,)):
        if owner in mf.__all__ and isinstance(getattr(mf, owner), type):
            value = getattr(getattr(mf, owner), member, None)
            if getattr(value, "__doc__", None) and not member.startswith("_"):
                return f"makemore_fast.{owner}.{member}"
    return None


def link(domain: str, kind: str, target: str, inner: nodes.Node, page: str) -> pending_xref:
    """Return a link that Sphinx resolves, or shows as it is."""
    made = pending_xref(
        "", refdomain=domain, reftype=kind, reftarget=target, refexplicit=True, refwarn=False
    )
    made["refdoc"] = page
    made += inner
    return made


class LinkNames(SphinxTransform):
    """Links code that names something public."""

    default_priority = 200

    def apply(self, **_: Any) -> None:
        """Change the document."""
        for literal in list(self.document.findall(nodes.literal)):
            name = public_name(literal.astext())
            if name is not None and isinstance(literal.parent, nodes.Element):
                if isinstance(literal.parent, nodes.reference | pending_xref | nodes.title):
                    continue
                inner = literal.deepcopy()
                literal.parent.replace(literal, link("py", "obj", name, inner, self.env.docname))


class LinkPages(SphinxTransform):
    """Links paths of pages, wherever they stand."""

    default_priority = 201

    def apply(self, **_: Any) -> None:
        """Change the document."""
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if isinstance(parent, nodes.literal_block | nodes.reference | pending_xref):
                continue
            content = text.astext()
            parts: list[nodes.Node] = []
            done = 0
            for found in _PAGE.finditer(content):
                if found[1] not in self.env.found_docs:
                    continue
                parts.append(nodes.Text(content[done : found.start()]))
                inner = nodes.inline("", found[0])
                parts.append(link("std", "doc", f"/{found[1]}", inner, self.env.docname))
                done = found.end()
            if parts:
                parent.replace(text, [*parts, nodes.Text(content[done:])])


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx what is here."""
    app.add_transform(LinkNames)
    app.add_transform(LinkPages)
    return {"version": mf.__version__, "parallel_read_safe": True, "parallel_write_safe": True}

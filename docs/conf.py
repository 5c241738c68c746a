"""The site: ``nox -s docs`` builds it, or ``sphinx-build -W docs build/site``."""

import sys
from pathlib import Path
from typing import Any

import makemore_fast as mf

sys.path.insert(0, str(Path(__file__).parent / "extensions"))
import class_pages  # beside this file

project = "makemore_fast"
author = "the makemore_fast authors"
copyright = author  # noqa: A001  # Sphinx's name
version = release = mf.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_parser",
    "sphinx_copybutton",
    "sphinx_design",
    "links",
    "sphinx_click",
    "commands",
    "docstrings",
]
exclude_patterns = ["extensions"]
templates_path = ["templates"]
default_role = "py:obj"
nitpicky = False
suppress_warnings = ["myst.strikethrough"]

# -- pages ---------------------------------------------------------------------------------------

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# -- docstrings ----------------------------------------------------------------------------------

autodoc_typehints = "none"  # the docstrings tell the types, in words
autosummary_generate = True
numpydoc_show_class_members = False  # the template lists them
numpydoc_validation_checks = {
    *("GL01", "GL02", "GL03", "GL05", "GL06", "GL07", "GL08", "GL09", "GL10"),
    *("SS01", "SS02", "SS03", "SS04", "SS05"),
    *("PR01", "PR02", "PR03", "PR05", "PR07", "PR10", "YD01", "SA02", "SA03", "SA04"),
}
numpydoc_validation_exclude = {
    r"\.__\w+__$",  # operators, and the version, a str
    r"\.UNKNOWN$",
    *(rf"^{name}$".replace(".", r"\.") for name in class_pages.made_by_calls()),
}

#: What the template of classes shows.
autosummary_context = class_pages.context()

# -- HTML ----------------------------------------------------------------------------------------

html_theme = "pydata_sphinx_theme"
html_title = f"makemore_fast {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options: dict[str, Any] = {
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_context = {"default_mode": "auto"}

"""What pictures need: matplotlib, an Axes of it, a colour map of it."""


def require_matplotlib() -> None:
    """Raise ImportError, which says what to install, unless matplotlib is there."""
    try:
        import matplotlib as mpl  # noqa: F401
    except ImportError as error:
        raise ImportError("plotting needs matplotlib: pip install 'makemore_fast[plot]'") from error


def check_axes(ax: object) -> None:
    """Raise TypeError unless this is an Axes of matplotlib, or None."""
    from matplotlib.axes import Axes

    if ax is not None and not isinstance(ax, Axes):
        raise TypeError(f"ax must be a matplotlib Axes or None, got {type(ax).__name__}")


def check_colours(cmap: object) -> None:
    """Raise TypeError or ValueError unless this is a colour map of matplotlib, or its name."""
    import matplotlib as mpl

    if isinstance(cmap, mpl.colors.Colormap):
        return
    if not isinstance(cmap, str):
        raise TypeError(f"cmap must be the name of a colour map, got {type(cmap).__name__}")
    if cmap not in mpl.colormaps:
        raise ValueError(f"cmap must be the name of a colour map of matplotlib, got {cmap!r}")


def check_title(title: object) -> None:
    """Raise TypeError unless a title is a str or None."""
    if title is not None and not isinstance(title, str):
        raise TypeError(f"title must be a str or None, got {type(title).__name__}")

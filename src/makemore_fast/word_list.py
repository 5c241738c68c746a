"""The built-in word list."""

from pathlib import Path


def names() -> list[str]:
    """Return the given names that ship with the package.

    Returns
    -------
    list of str
        2,910 given names from some fifty languages in lower case, in code-point order, in
        Latin script with the letters of their language. Written down by hand for this
        package; meant for trying things out.

    See Also
    --------
    count : Count them.
    fit : Fit a model to them.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> len(mf.names())
    2910
    >>> mf.names()[:3]
    ['aadu', 'aafke', 'aarti']
    """
    data = Path(__file__).with_name("data") / "names.txt"
    return data.read_text(encoding="utf-8").splitlines()

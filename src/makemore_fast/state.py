"""`State`: a place in a word, for decoders that go on symbol by symbol."""

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.options import checked_str


class State:
    """A place in a word of a model; made by `LanguageModel.start`.

    Two states are equal if they are of one model and all that may come is the same for both: what
    a beam search keeps one of.

    See Also
    --------
    LanguageModel.start : Makes them.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model()
    >>> state = model.start()
    >>> total = sum(state.step(symbol) for symbol in "emma.")
    >>> bool(abs(total - model.score(["emma"])[0]) < 1e-12)
    True
    """

    __slots__ = ("_core",)
    __hash__ = None  # type: ignore[assignment]  # a state moves

    def __init__(self, core: _core.State) -> None:
        if not isinstance(core, _core.State):
            raise TypeError(f"states are made by model.start(), not of {type(core).__name__}")
        self._core = core

    def step(self, symbol: str) -> float:
        """Move behind a symbol and return its log-probability, in nats.

        Parameters
        ----------
        symbol : str
            One symbol. The boundary ends the word, and the next step is the first of another one.

        Returns
        -------
        float
            What `LanguageModel.symbol_scores` has for the symbol in this place, to the last bit:
            -inf for one that is impossible. One outside the alphabet is `UNKNOWN` if the model has
            that, and impossible else.

        Raises
        ------
        TypeError, ValueError
            If it is not a str of one symbol; the state has not moved then.

        See Also
        --------
        LanguageModel.symbol_scores : The same numbers, of whole words.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> state = mf.count(["emma", "olivia", "ava"]).model().start("emm")
        >>> round(state.step("a"), 3), round(state.step("."), 3)
        (-0.693, -0.288)
        """
        return self._core.step(checked_str("symbol", symbol))

    def probabilities(self) -> NDArray[np.float64]:
        """Return how likely each symbol is to come next, as `LanguageModel.next_probabilities`.

        See Also
        --------
        State.step : Moves on.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> dict(zip(model.alphabet, model.start("a").probabilities().tolist()))["v"]
        0.25
        """
        return self._core.probabilities()

    def copy(self) -> "State":
        """Return another state in the same place.

        See Also
        --------
        State.step : Moves on.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> state = mf.count(["emma", "olivia", "ava"]).model().start("em")
        >>> other = state.copy()
        >>> state.step("m") == other.step("m")
        True
        """
        return State(self._core.copy())

    __copy__ = copy

    def __deepcopy__(self, _memo: object) -> "State":
        return self.copy()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return self._core.same_place(other._core)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a state cannot be pickled; pickle its model, and start() again")

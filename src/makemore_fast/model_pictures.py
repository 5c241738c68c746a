"""`HasPictures`: what every model draws of itself."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.late import Late
from makemore_fast.symbols import NumbersSymbols
from makemore_fast.tokens import Part, checked_part
from makemore_fast.units import Unit, unit_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

    from makemore_fast.display import heatmap, pictures, word_plot
    from makemore_fast.display.colours import NormLike
else:
    heatmap = Late("makemore_fast.display.heatmap")
    pictures = Late("makemore_fast.display.pictures")
    word_plot = Late("makemore_fast.display.word_plot")


class HasPictures(NumbersSymbols):
    """Has probabilities of symbols, and draws them."""

    __slots__ = ()

    _core: _core.LanguageModel

    @abstractmethod
    def next_probabilities(self, prefix: str = "") -> NDArray[np.float64]:
        """Return how likely each symbol is to follow a prefix."""

    @abstractmethod
    def symbol_scores(self, words: Any) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the log-probability of each symbol."""

    def plot(
        self,
        ax: "Axes | None" = None,
        *,
        prefixes: Sequence[str] | None = None,
        cmap: "str | Colormap | None" = None,
        norm: "NormLike" = None,
        title: str | None = None,
        colorbar: bool = False,
        text: bool | None = None,
    ) -> "Axes":
        """Draw the probabilities as a heatmap: a row for each symbol before, columns are the next.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure of a fitting size if None.
        prefixes : sequence of str, optional
            Starts of words, a row for each: what may follow them, by `next_probabilities`. By
            default the empty one and each symbol alone, which is all that a bigram model looks at;
            in models that look further, rows are then of words that begin with the symbol.
        cmap, norm, title, colorbar, text
            As in `heatmap`.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ImportError
            If matplotlib is not installed (``pip install makemore_fast[plot]``).
        TypeError, ValueError
            If prefixes are no str, none or more than 1,000; or as in `heatmap`.

        See Also
        --------
        heatmap : Draws any matrix.
        Counts.plot : Draws counts.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"], order=3).model(smoothing="kneser-ney")
        >>> ax = model.plot(prefixes=["", "e", "em", "emm", "emma"], norm="log", colorbar=True)
        """
        style = heatmap.Style(cmap, norm, title, colorbar, text)
        return pictures.model_heatmap(self, prefixes, ax, style)

    def plot_word(
        self,
        word: Part,
        *,
        unit: Unit = "nats",
        title: str | None = None,
        ax: "Axes | None" = None,
    ) -> "Axes":
        """Draw the surprisal of each symbol of a word: -log of its probability, its end included.

        Parameters
        ----------
        word : str or list of str
            A symbol that is impossible, as an unknown one may be, is drawn without end.
        unit : {"nats", "bits"}
            Of the surprisal.
        title : str, optional
            What stands above.
        ax : matplotlib Axes, optional
            Where to draw; a new figure if None.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ImportError
            If matplotlib is not installed (``pip install makemore_fast[plot]``).

        See Also
        --------
        LanguageModel.symbol_scores : The numbers.

        Notes
        -----
        The bars are the negated `symbol_scores`, their mean the loss of the word.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "maria", "ava"]).model(smoothing=1)
        >>> ax = model.plot_word("maria", unit="bits")
        """
        size = unit_size(unit)
        parts = [*self._core.symbols_of_part(checked_part("word", word), "word"), self.symbols[0]]
        scores, _ = self.symbol_scores([word])
        # 0.0 and not -0.0 for what is certain
        return word_plot.word_plot(parts, 0.0 - scores / size, unit, title, ax)

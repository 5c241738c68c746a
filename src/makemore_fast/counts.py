"""`Counts`: how often each n-gram occurs, and the models and pictures of that."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, overload

from makemore_fast.alphabets import AlphabetLike, over, told_of_new_symbols
from makemore_fast.count_model import CountModel
from makemore_fast.display.checks import check_axes, require_matplotlib
from makemore_fast.late import Late
from makemore_fast.losses import losses_by_order
from makemore_fast.modelling import model_of
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.ngram_model import NgramModel
from makemore_fast.pruning import PrunedCounts
from makemore_fast.smoothing import METHODS, Method, Named, SmoothingLike
from makemore_fast.words import WordCounts, Words
from makemore_fast.wrong_names import names_meant

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

    from makemore_fast import tuning
    from makemore_fast.display import heatmap, loss_plot, pictures, table
    from makemore_fast.display.colours import NormLike
else:
    heatmap = Late("makemore_fast.display.heatmap")
    loss_plot = Late("makemore_fast.display.loss_plot")
    pictures = Late("makemore_fast.display.pictures")
    table = Late("makemore_fast.display.table")
    tuning = Late("makemore_fast.tuning")


class Counts(NgramCounts):
    """Exact counts of bigrams, or n-grams, of an alphabet; made by `count` and `load_counts`.

    Counts of order n have one n-gram for each symbol that a word predicts, its end included:
    the symbol is the last of it, and before a word stand n - 1 boundaries.

    Symbols are numbered as in makemore: id 0 is the boundary, the others follow in
    code-point order.

    See Also
    --------
    count : Counts of words.
    count_file : Counts of files.
    load_counts : Counts that were saved.
    PrunedCounts : Counts without the rare n-grams.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> counts = mf.count(["emma", "ava"])
    >>> counts
    Counts(2 words, 9 bigrams, 5 symbols '.aemv')
    >>> counts["a", "."], counts.array[1, 0]
    (2, np.int64(2))
    >>> counts += mf.count(["mia"])
    >>> counts.words, counts.alphabet
    (3, '.aeimv')
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        return table.html_table(self._now())

    def plot(
        self,
        ax: "Axes | None" = None,
        *,
        cmap: "str | Colormap | None" = None,
        norm: "NormLike" = None,
        title: str | None = None,
        colorbar: bool = False,
        text: bool | None = None,
        rows: int | None = None,
    ) -> "Axes":
        """Draw the lecture's heatmap: a cell for each bigram, the darker the more frequent.

        Of order 3 and higher, rows are the most frequent contexts, the first order - 1 symbols of
        n-grams; of order 1 there is one row.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure of a fitting size if None.
        cmap : str or matplotlib Colormap, optional
            The colours, by default ``"Blues"``.
        norm : {"linear", "log"} or matplotlib Normalize, optional
            How counts become colours, by default evenly from 0 to the largest.
        title : str, optional
            What stands above.
        colorbar : bool
            Whether a bar says what count a colour is.
        text : bool, optional
            Whether each cell shows its n-gram and its count; if None, where they fit (up to
            40 symbols, on a new figure). Otherwise the symbols stand along the axes.
        rows : int, optional
            Of order 3 and higher, how many contexts; by default 40.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ImportError
            If matplotlib is not installed (``pip install makemore_fast[plot]``).
        TypeError, ValueError
            If an option is none, as in `heatmap`.

        See Also
        --------
        heatmap : Draws any matrix.
        LanguageModel.plot : Draws probabilities.

        Notes
        -----
        A symbol that cannot be seen, or that no font has which is installed, is written as U+XXXX;
        of the latter a warning tells. Of more than 1,000 symbols, neighbours share a pixel that
        shows their sum. The picture is that of A. Karpathy's lecture "The spelled-out intro to
        language modeling: building makemore" (2022).

        Examples
        --------
        >>> import makemore_fast as mf
        >>> ax = mf.count(["emma", "ava"]).plot(norm="log", title="two names", colorbar=True)
        >>> ax = mf.count(["emma", "ava"], order=3).plot(rows=5)
        """
        style = heatmap.Style(cmap, norm, title, colorbar, text)
        return pictures.counts_heatmap(self._now(), ax, style, rows)

    def plot_loss(
        self,
        dev: Words | WordCounts | None = None,
        test: Words | WordCounts | None = None,
        *,
        smoothing: SmoothingLike = "kneser-ney",
        min_counts: Iterable[int] | None = None,
        unknown: bool = False,
        marks: Mapping[str, float] | Literal["lectures"] | None = None,
        ax: "Axes | None" = None,
    ) -> "Axes":
        """Draw the loss of models of each order, from 2 (or 1) to that of these counts.

        Parameters
        ----------
        dev, test : iterable of str, mapping, NumPy array, Arrow or data frame column, optional
            Other words; each gets a line beside that of the words counted here. All their
            symbols must have been counted, but with `unknown`.
        smoothing
            As in `model`.
        min_counts : iterable of int, optional
            As in `pruned`: each model is that of pruned counts.
        unknown
            As in `model`.
        marks : mapping from str to float, or "lectures", optional
            Losses to compare with, drawn across as labelled lines. ``"lectures"`` are those
            that makemore's models reach on names.txt.
        ax : matplotlib Axes, optional
            Where to draw; a new figure if None.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ImportError
            If matplotlib is not installed (``pip install makemore_fast[plot]``).
        ValueError
            If a part has no words, or words that a model finds impossible: with the first of
            them, and the symbol or n-gram that is impossible.

        See Also
        --------
        Counts.tune : Finds the best order and smoothing.
        Tuned.plot : Draws what was found.

        Notes
        -----
        The lectures' marks, as their author A. Karpathy published them: bigrams 2.45 ("The
        spelled-out intro to language modeling: building makemore", 2022, all words), MLP 2.10
        ("Building makemore part 3", 2022, dev words), WaveNet 1.993 ("Building makemore part
        5", 2022, dev words), Transformer 1.92 (README of the repository karpathy/makemore,
        test words of another split).
        """
        require_matplotlib()
        check_axes(ax)
        now = type(self)(over(self._core, None, unknown))
        parts = {"train": now}
        for name, words in (("dev", dev), ("test", test)):
            if words is not None:
                with told_of_new_symbols(name):
                    parts[name] = now._counts_of(words, None, same_alphabet=True)
        losses = losses_by_order(parts, smoothing, min_counts, {"dev": dev, "test": test})
        return loss_plot.loss_plot(losses, marks, ax, min(2, now.order))

    @overload
    def model(
        self,
        *,
        smoothing: Named,
        discounts: Sequence[Sequence[float]] | None = None,
        unknown: bool = False,
        alphabet: AlphabetLike | None = None,
    ) -> NgramModel: ...
    @overload
    def model(
        self,
        *,
        smoothing: SmoothingLike = 0.0,
        discounts: Sequence[Sequence[float]] | None = None,
        unknown: bool = False,
        alphabet: AlphabetLike | None = None,
    ) -> CountModel: ...
    @names_meant
    def model(
        self,
        *,
        smoothing: SmoothingLike = 0.0,
        discounts: Sequence[Sequence[float]] | None = None,
        unknown: bool = False,
        alphabet: AlphabetLike | None = None,
    ) -> CountModel:
        """Return the model whose probabilities are these counts, smoothed.

        Parameters
        ----------
        smoothing : float, "kneser-ney" or "witten-bell"
            A number is added to every count (add-k); 0 leaves them as they are. The others
            tell what follows a rare context by what follows the shorter ones: modified
            Kneser-Ney, interpolated (Chen and Goodman 1998), best for orders from 3 up, and
            Witten-Bell (1991), which has nothing to estimate.
        discounts : (order, 3) sequence of float, optional
            For Kneser-Ney: what is taken from counts of 1, 2, and 3 and more, for n-grams of
            each length from 1 on. By default estimated from the counts of counts, and
            (0.5, 1, 1.5) for a length where they allow no estimate.
        unknown : bool
            Whether the alphabet gets the unknown symbol, `UNKNOWN`, if it has not got it: every
            symbol outside the alphabet then has the share of one that was never seen, as KenLM's
            ``<unk>``, or of those that were counted as it. New words never hold it.
        alphabet : str, Counts or model, optional
            The symbols of the model, as in `count`, instead of those that were counted. Those
            counted that it does not hold become the unknown symbol.

        Returns
        -------
        CountModel
            A `BigramModel` of bigrams with add-k smoothing, a `NgramModel` of all else.

        Raises
        ------
        ValueError
            If no words were counted, a number is negative or not finite, options do not go
            together, or a symbol was counted that a given alphabet does not hold and there is no
            unknown one.

        See Also
        --------
        Counts.tune : Finds the best smoothing by other words.
        fit : A better model, of words.
        Counts.pruned : Models without rare n-grams.

        Notes
        -----
        Takes time and memory by the n-grams that occur, of all lengths up to the order: about 70
        bytes for each in the model.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> mf.count(["ab", "b"]).model(smoothing=1).probabilities.round(2)
        array([[0.2 , 0.4 , 0.4 ],
               [0.25, 0.25, 0.5 ],
               [0.6 , 0.2 , 0.2 ]])
        >>> mf.count(["ab", "b"], order=3).model(smoothing="kneser-ney")
        NgramModel(order 3, kneser-ney, 3 symbols)
        >>> model = mf.count(["ab", "b"]).model(smoothing=1, unknown=True)
        >>> dict(zip(model.alphabet, model.next_probabilities("a").tolist()))
        {'.': 0.2, 'a': 0.2, 'b': 0.4, '�': 0.2}
        >>> model.score(["az", "aß"]).round(3)
        array([-4.094, -4.094])
        """
        return model_of(self._core, smoothing, discounts, unknown, alphabet)

    def pruned(self, min_counts: Iterable[int]) -> "PrunedCounts":
        """Return what makes models without rare n-grams, as ``--prune`` of KenLM does.

        Parameters
        ----------
        min_counts : iterable of int
            For n-grams of each length, from single symbols on: those that occur so often or less
            are left out, and 0 leaves out none. The numbers do not fall, the first is 0, and the
            last one goes for all longer n-grams too: ``[0, 0, 1]`` leaves out what occurs once,
            from trigrams on.

        Returns
        -------
        PrunedCounts
            Which has `model`. Discounts are estimated from all n-grams; the share of those that
            are left out goes to what shorter contexts tell, so probabilities sum to one.

        Raises
        ------
        TypeError
            If they are not whole numbers.
        ValueError
            If there are none or more than the order, or if they fall or begin above 0.

        See Also
        --------
        Counts.model : Models with all n-grams.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(mf.names(), order=4)
        >>> pruned = counts.pruned([0, 0, 1])
        >>> len(pruned.ngrams()[1]), len(counts.ngrams()[1])
        (2731, 10252)
        >>> pruned.model(smoothing="kneser-ney")
        NgramModel(order 4, kneser-ney, 108 symbols)
        """
        return PrunedCounts(self._now(), min_counts)

    @names_meant
    def tune(
        self,
        dev: Words | WordCounts,
        *,
        orders: Iterable[int] | None = None,
        methods: Iterable[Method] = METHODS,
        unknown: bool = False,
        alphabet: AlphabetLike | None = None,
        column: str | None = None,
    ) -> "tuning.Tuned":
        """Find the order and the smoothing that predict other words best.

        Parameters
        ----------
        dev : iterable of str, mapping, NumPy array, Arrow or data frame column
            Words that were not counted, as in `count`; all their symbols must have been, unless
            the models have the unknown symbol.
        orders : iterable of int, optional
            Which orders to try; by default all from 2 (or 1) to that of these counts.
        methods : iterable of {"add-k", "witten-bell", "kneser-ney"}
            Which kinds of smoothing to try. For add-k, k is searched from 0.0001 to 10. If
            Kneser-Ney comes out best, its discounts are searched too: the estimated ones times
            a factor from 0.5 to 1.5.
        unknown, alphabet
            Of all models, as in `model`.
        column : str, optional
            Which column of a table holds the words.

        Returns
        -------
        Tuned
            The best model, and each that was tried with its loss; prints as a table.

        Raises
        ------
        ValueError
            If a dev word holds a symbol that every model finds impossible (with the word), or as
            in `count`.

        See Also
        --------
        Counts.model : One model.
        Counts.plot_loss : Draws the loss by order.
        fit : A model that needs no such search.

        Notes
        -----
        Searches are golden sections of nine steps, so the same words give the same answer.
        Time is that of making each model that was tried, 42 in the example, and of scoring `dev`
        with it. Of the models only the best is held at the end.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> train, dev = mf.split(mf.names(), (0.9, 0.1), rng=42)
        >>> mf.count(train, order=4).tune(dev, unknown=True)
        order                 add-k           witten-bell            kneser-ney
            2       k=0.071 2.7857                2.7787                2.7698
            3       k=0.056 2.9361                2.7494                2.6922
            4       k=0.044 3.4145                2.8085                2.6579*
        * NgramModel(order 4, kneser-ney, 106 symbols), the best of 42
        """
        now = type(self)(over(self._core, alphabet, unknown))
        tried = range(min(2, now.order), now.order + 1) if orders is None else orders
        with told_of_new_symbols("dev"):
            others = now._counts_of(dev, column, same_alphabet=True)
        return tuning.tuned(now, others, tried, methods)

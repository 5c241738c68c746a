"""Choosing an order and a smoothing by the loss of words that were not counted."""

import contextlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from makemore_fast.count_model import CountModel
from makemore_fast.late import Late
from makemore_fast.modelling import model_of
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.ngram_model import NgramModel
from makemore_fast.options import checked_order, checked_str
from makemore_fast.smoothing import METHODS, SMOOTHINGS, Discounts, method_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from makemore_fast.display import tuned_plot
else:
    tuned_plot = Late("makemore_fast.display.tuned_plot")

_GOLDEN = (math.sqrt(5) - 1) / 2


class Trial(NamedTuple):
    """One model that was tried, and its loss of the dev words in nats per symbol."""

    order: int
    smoothing: str | float  # a number is the k of add-k
    discounts: Discounts | None  # of Kneser-Ney
    loss: float


@dataclass(frozen=True, repr=False)
class Tuned:
    """What `Counts.tune` found: the best model, and everything that was tried.

    Attributes
    ----------
    model : CountModel
        The one of least loss.
    trials : tuple of Trial
        ``(order, smoothing, discounts, loss)`` of each model, in the order of trying.

    See Also
    --------
    Counts.tune : Makes them.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> tuned = mf.count(["emma", "olivia", "ava"], order=3).tune(["via", "lia"])
    >>> isinstance(tuned, mf.Tuned), tuned.model, len(tuned.trials)
    (True, NgramModel(order 3, kneser-ney, 8 symbols), 31)
    """

    model: CountModel
    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial:
        """The trial of least loss; of equals the first."""
        return min(self.trials, key=lambda trial: trial.loss)

    def plot(self, *, title: str | None = None, ax: "Axes | None" = None) -> "Axes":
        """Draw the loss by order, a line for each method: of its trials the one of least loss.

        Parameters
        ----------
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
        Counts.plot_loss : The loss by order of one method, for several lists of words.
        """
        losses: dict[str, dict[int, float]] = {}
        for method in METHODS:
            for trial in self.trials:
                if _method(trial) == method:
                    by_order = losses.setdefault(method, {})
                    by_order[trial.order] = min(trial.loss, by_order.get(trial.order, math.inf))
        return tuned_plot.tuned_plot(losses, (self.best.order, self.best.loss), title, ax)

    def __repr__(self) -> str:
        methods = [method for method in METHODS if any(_method(t) == method for t in self.trials)]
        lines = ["order" + "".join(f"{method:>22}" for method in methods)]
        for order in dict.fromkeys(trial.order for trial in self.trials):
            cells = []
            for method in methods:
                tried = [t for t in self.trials if (t.order, _method(t)) == (order, method)]
                best = min(tried, key=lambda trial: trial.loss)
                mark = "*" if best == self.best else " "
                how = "" if isinstance(best.smoothing, str) else f"k={best.smoothing:.2g} "
                cells.append(f"{how}{best.loss:.4f}{mark}".rjust(22))
            lines.append((f"{order:5}" + "".join(cells)).rstrip())
        return "\n".join([*lines, f"* {self.model!r}, the best of {len(self.trials)}"])


def _method(trial: Trial) -> str:
    return method_of(trial.smoothing).name


def tuned(
    counts: NgramCounts, dev: NgramCounts, orders: Iterable[int], methods: Iterable[str]
) -> Tuned:
    """Try models of `counts` on `dev`, as `Counts.tune` says."""
    search, chosen = _Search(counts, dev), _chosen(methods)
    if dev.words == 0:
        raise ValueError("there are no dev words to choose by")
    for order in [checked_order(n, "each of orders") for n in _listed("orders", "int", orders)]:
        for method in SMOOTHINGS:
            if method.name not in chosen:
                continue
            if method.powers is None:
                search.loss(order, method.name)
            else:
                _least(lambda log, n=order: search.loss(n, 10**log), *method.powers)  # type: ignore[misc]
    if not search.trials:
        raise ValueError("there is nothing to try: give orders and methods")
    best = search.best
    if best.loss == math.inf:
        raise ValueError("every model finds the dev words impossible")
    if best.discounts is not None:
        estimated = best.discounts
        _least(lambda f: search.loss(best.order, best.smoothing, _scaled(estimated, f)), 0.5, 1.5)
    return Tuned(search.model, tuple(search.trials))


def _chosen(methods: Any) -> set[str]:
    listed = _listed("methods", "str", methods)
    for method in listed:
        checked_str("each of methods", method)
    if unknown := set(listed) - set(METHODS):
        raise ValueError(f"methods are {', '.join(METHODS)}; got {', '.join(sorted(unknown))}")
    return set(listed)


def _listed(name: str, kind: str, values: Any) -> list[Any]:
    if not isinstance(values, str | bytes):
        with contextlib.suppress(TypeError):
            return list(values)
    raise TypeError(f"{name} must be an iterable of {kind}, got {type(values).__name__}")


class _Search:
    """Makes models, and keeps their losses and the best of them."""

    def __init__(self, counts: NgramCounts, dev: NgramCounts) -> None:
        self._counts = counts
        self._dev = dev
        self.trials: list[Trial] = []
        self.best: Trial
        self.model: CountModel

    def loss(self, order: int, smoothing: str | float, discounts: Discounts | None = None) -> float:
        counts = self._counts.lower(order)
        model = model_of(counts._core, smoothing, discounts)
        used = model.discounts if isinstance(model, NgramModel) else None
        trial = Trial(order, smoothing, used, model.nll(self._dev))
        if not self.trials or trial.loss < self.best.loss:
            self.best, self.model = trial, model
        self.trials.append(trial)
        return trial.loss


def _scaled(discounts: Discounts, factor: float) -> Discounts:
    """Return discounts times a factor, none above the count that it is for."""
    return tuple(
        (min(1, factor * a), min(2, factor * b), min(3, factor * c)) for a, b, c in discounts
    )


def _least(loss: Callable[[float], float], low: float, high: float) -> None:
    """Try ever closer to where a loss with one valley is least, by golden sections."""
    width = high - low
    a, b = high - _GOLDEN * width, low + _GOLDEN * width
    loss_a, loss_b = loss(a), loss(b)
    for _ in range(7):  # to a thirtieth of the width
        if loss_a <= loss_b:
            high, b, loss_b = b, a, loss_a
            a = high - _GOLDEN * (high - low)
            loss_a = loss(a)
        else:
            low, a, loss_a = a, b, loss_b
            b = low + _GOLDEN * (high - low)
            loss_b = loss(b)

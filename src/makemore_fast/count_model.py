"""`CountModel`: what every model of counts has, whatever its order and its smoothing."""

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.language_model import LanguageModel
from makemore_fast.late import Late

if TYPE_CHECKING:
    from makemore_fast.storage import compression, saving
else:
    compression = Late("makemore_fast.storage.compression")
    saving = Late("makemore_fast.storage.saving")


class CountModel(LanguageModel):
    """A model of counts; made by `Counts.model`, immutable.

    See Also
    --------
    BigramModel : Bigrams, add-k.
    NgramModel : All others.
    Counts.model : Makes them.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model(smoothing=0.5)
    >>> isinstance(model, mf.CountModel), model.order, model.smoothing
    (True, 2, 0.5)
    """

    __slots__ = ()

    @property
    @abstractmethod
    def order(self) -> int:
        """Symbols in an n-gram: one more than the model looks back."""

    def _needed_order(self) -> str:
        return f"order {self.order} or higher"

    @property
    @abstractmethod
    def smoothing(self) -> str | float:
        """How the counts were smoothed: the name of a method, or the k of add-k."""

    @property
    @abstractmethod
    def probabilities(self) -> NDArray[np.float64]:
        """P(last symbol | others) as a float64 array of shape (V,) * order.

        Its axes are the symbols from first to last, as those of `Counts.array`.
        """

    def write_arpa(self, file: "saving.Target") -> None:
        """Write the model as an ARPA file, which KenLM and `read_arpa` read.

        Every model of counts can be written, whatever its order and its smoothing.

        Parameters
        ----------
        file : str, PathLike or file object
            A path: compressed if it ends in .gz, .bz2, .xz or .zst, and written whole or not at
            all, as by `save`. Or a file that is open for writing bytes, which gets plain text.

        Raises
        ------
        OSError
            If the file cannot be written; what stood there is as it was.
        TypeError
            If `file` is no path, or not open for bytes.

        See Also
        --------
        read_arpa : Reads such a file.
        LanguageModel.save : Keeps a model exactly.

        Notes
        -----
        A symbol is a token; white space and control characters are written as their code
        points, as in ``U+0020``. The start of a word is ``<s>``, its end ``</s>``, the share
        of unknown symbols, if there is one, ``<unk>``. Numbers are logarithms to base 10 of
        12 digits; -99 stands for the logarithm of zero, which probabilities below 1e-99 become.
        Add-k with k = 0 has -99 for each symbol alone: nothing follows an unseen context.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(mf.names(), order=3).model(smoothing="kneser-ney")
        >>> model.write_arpa("names.arpa.gz")
        >>> read = mf.read_arpa("names.arpa.gz")
        >>> bool(abs(read.score(["emma"]) - model.score(["emma"])) < 1e-9)
        True
        """
        path = saving.path_in(file)
        with (
            saving.writing(file) as whole,
            compression.compressed(whole, "" if path is None else path) as text,
        ):
            _core.write_arpa(self._backoff(), text.write)

    @abstractmethod
    def _backoff(self) -> _core.NgramModel:
        """Return the same probabilities as contexts and what they leave to shorter ones."""


Model = CountModel  # its name in the first versions

"""`KeepsItself`: how every model is kept, in files and in pickles."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import NDArray

from makemore_fast.storage.archives import write_npz

if TYPE_CHECKING:
    from makemore_fast.storage.saving import Target

#: What a file keeps of a model, by the names of its members.
Members = dict[str, NDArray[Any]]


class KeepsItself(ABC):
    """Is saved as arrays; immutable, so that a copy is the object itself."""

    __slots__ = ()

    def save(self, file: "Target") -> None:
        """Write the model to a NumPy .npz file, for `load_model`.

        A loaded model gives the same numbers and draws the same words, to the last bit.

        Parameters
        ----------
        file : str, PathLike or file object
            A path, or a file that is open for writing bytes. At a path the file is written beside
            its place and then renamed, so a reader sees the old or the new model and never a
            half of one.

        Raises
        ------
        OSError
            If the file cannot be written; what stood there is as it was.
        TypeError
            If `file` is no path, or not open for bytes.

        See Also
        --------
        load_model : Reads the file.
        CountModel.write_arpa : For other programs.

        Notes
        -----
        The file holds what was counted and learned. docs/reference/saved.md says how, and what of
        the words it tells.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(mf.names(), order=3).model(smoothing="kneser-ney")
        >>> model.save("names.npz")
        >>> mf.load_model("names.npz").sample(3, rng=42) == model.sample(3, rng=42)
        True
        """
        write_npz(file, self._members(), compressed=False)  # so that it loads fast

    @abstractmethod
    def _members(self) -> Members:
        """Return what a file keeps, its kind and its format first."""

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

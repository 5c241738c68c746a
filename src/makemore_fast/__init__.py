"""Character statistics and character language models at the speed of the machine.

Count the bigrams of words, look at them, turn them into a model, score words with it and
draw new ones:

>>> import makemore_fast as mf
>>> counts = mf.count(["emma", "olivia", "ava", "isabella", "sophia"])
>>> counts["a", "."]
5
>>> model = counts.model(smoothing=1)
>>> model.sample(3, rng=42)
['ahesa', 'bbiaelhsp', 'baapsabmhlolla']
"""

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from makemore_fast._core import __version__, build_info
    from makemore_fast.bigram_model import BigramModel
    from makemore_fast.comparing import divergence
    from makemore_fast.corpus import Corpus
    from makemore_fast.count_model import CountModel, Model
    from makemore_fast.counting import count
    from makemore_fast.counts import Counts
    from makemore_fast.display.heatmap import heatmap
    from makemore_fast.evaluation import Evaluation
    from makemore_fast.fitting import fit
    from makemore_fast.interpolated_model import InterpolatedModel, mix
    from makemore_fast.language_model import LanguageModel
    from makemore_fast.loading import load, load_counts, load_model
    from makemore_fast.merging import merged
    from makemore_fast.mixture import MixtureModel
    from makemore_fast.ngram_model import NgramModel, read_arpa
    from makemore_fast.pruning import PrunedCounts
    from makemore_fast.splitting import split
    from makemore_fast.state import State
    from makemore_fast.storage.text_error import TextError
    from makemore_fast.symbols import UNKNOWN
    from makemore_fast.texts import count_file, count_text
    from makemore_fast.torch_rng import TorchRNG
    from makemore_fast.training import examples
    from makemore_fast.tuning import Tuned
    from makemore_fast.word_list import names

__all__ = [
    "UNKNOWN",
    "BigramModel",
    "Corpus",
    "CountModel",
    "Counts",
    "Evaluation",
    "InterpolatedModel",
    "LanguageModel",
    "MixtureModel",
    "Model",
    "NgramModel",
    "PrunedCounts",
    "State",
    "TextError",
    "TorchRNG",
    "Tuned",
    "__version__",
    "build_info",
    "count",
    "count_file",
    "count_text",
    "divergence",
    "examples",
    "fit",
    "heatmap",
    "load",
    "load_counts",
    "load_model",
    "merged",
    "mix",
    "names",
    "read_arpa",
    "split",
]

# Where each name stands. It is imported when it is first asked for, so that the import of this
# package takes less time than that of NumPy. Type checkers read the imports above instead.
_MODULES = {
    "__version__": "_core",
    "build_info": "_core",
    "BigramModel": "bigram_model",
    "Corpus": "corpus",
    "CountModel": "count_model",
    "Model": "count_model",
    "count": "counting",
    "Counts": "counts",
    "Evaluation": "evaluation",
    "heatmap": "display.heatmap",
    "divergence": "comparing",
    "fit": "fitting",
    "InterpolatedModel": "interpolated_model",
    "mix": "interpolated_model",
    "LanguageModel": "language_model",
    "load": "loading",
    "load_counts": "loading",
    "load_model": "loading",
    "merged": "merging",
    "MixtureModel": "mixture",
    "NgramModel": "ngram_model",
    "read_arpa": "ngram_model",
    "PrunedCounts": "pruning",
    "split": "splitting",
    "State": "state",
    "TextError": "storage.text_error",
    "UNKNOWN": "symbols",
    "count_file": "texts",
    "count_text": "texts",
    "TorchRNG": "torch_rng",
    "examples": "training",
    "Tuned": "tuning",
    "names": "word_list",
}

if not TYPE_CHECKING:

    def _is_command() -> bool:
        """Tell whether this may be the start of the command line, by what the program is called."""
        path: str = (getattr(sys, "argv", None) or [""])[0]
        name = path.replace("\\", "/").rpartition("/")[2]
        return name == "-m" or name.startswith("makemore-fast")

    # At once, so that a core that cannot be used makes this import fail; but the command line
    # imports it where it can tell in its own way of Ctrl-C and of a wrong MAKEMORE_FAST_ISA.
    if not _is_command():
        importlib.import_module(f"{__name__}._core")

    def __getattr__(name: str) -> Any:
        if name in ("blocks", "dask", "ray", "sklearn"):  # most need more than this package does
            return importlib.import_module(f"{__name__}.{name}")
        if name not in _MODULES:
            meant = importlib.import_module(f"{__name__}.wrong_names").ATTRIBUTES.get(name)
            hint = f"; {meant} is meant" if meant is not None else ""
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")
        value = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})

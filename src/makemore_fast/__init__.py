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

from makemore_fast._core import __version__, build_info
from makemore_fast.bigram_model import BigramModel
from makemore_fast.corpus import Corpus
from makemore_fast.count_model import CountModel
from makemore_fast.counting import count
from makemore_fast.counts import Counts
from makemore_fast.fitting import fit
from makemore_fast.language_model import LanguageModel
from makemore_fast.loading import load
from makemore_fast.mixture import MixtureModel
from makemore_fast.names import names
from makemore_fast.ngram_model import NgramModel, read_arpa
from makemore_fast.splitting import split
from makemore_fast.texts import count_file, count_text
from makemore_fast.torch_rng import TorchRNG
from makemore_fast.training import examples
from makemore_fast.tuning import Tuned

Model = CountModel  # its name in the first versions

__all__ = [
    "BigramModel",
    "Corpus",
    "CountModel",
    "Counts",
    "LanguageModel",
    "MixtureModel",
    "Model",
    "NgramModel",
    "TorchRNG",
    "Tuned",
    "__version__",
    "build_info",
    "count",
    "count_file",
    "count_text",
    "examples",
    "fit",
    "load",
    "names",
    "read_arpa",
    "split",
]

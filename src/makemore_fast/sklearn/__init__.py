"""Character models for scikit-learn: text in, as the one column that a pipeline passes on.

Needs scikit-learn: ``pip install makemore_fast[sklearn]``.
"""

try:
    import sklearn  # noqa: F401
except ImportError as error:
    raise ImportError(
        "scikit-learn is not installed; pip install makemore_fast[sklearn]"
    ) from error

from makemore_fast.sklearn.classifier import NgramClassifier
from makemore_fast.sklearn.score import NgramScore

__all__ = ["NgramClassifier", "NgramScore"]

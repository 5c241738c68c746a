"""Trains a small MLP and a small Transformer on the lectures' split, for docs/explanation/fit.md.

Needs torch and a few minutes of CPU: ``python benchmarks/train_networks.py names.txt``. The
networks have the sizes of makemore's part 2 and of its last part; the code is our own. Each is
trained anew for several numbers of passes over the words, with a rate that falls to nothing at
the end: too few passes learn too little, too many learn the words by heart.
"""

import argparse
import itertools
import math
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from lecture_split import losses, names, split

WIDTH = 16  # symbols that a network sees at once: the longest name has 15
BATCH = 256


class MLP(nn.Module):
    """Embeds the last ten symbols, one hidden layer (part 2 of the lectures)."""

    def __init__(self, symbols: int, context: int = 10, embedding: int = 24, hidden: int = 256):
        super().__init__()
        self.context = context
        self.embed = nn.Embedding(symbols, embedding)
        self.hidden = nn.Linear(context * embedding, hidden)
        self.out = nn.Linear(hidden, symbols)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits after each symbol of x, (batch, length, symbols)."""
        padded = functional.pad(x, (self.context - 1, 0))
        windows = padded.unfold(1, self.context, 1)
        logits: Tensor = self.out(torch.tanh(self.hidden(self.embed(windows).flatten(2))))
        return logits


class Block(nn.Module):
    """A layer of a Transformer: attention to what came before, then an MLP."""

    def __init__(self, width: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.drop = nn.Dropout(dropout)
        self.before_attention = nn.LayerNorm(width)
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.mix = nn.Linear(width, width)
        self.mlp = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return x with what the layer adds."""
        batch, length, width = x.shape
        parts = self.queries_keys_values(self.before_attention(x)).chunk(3, dim=2)
        q, k, v = (p.view(batch, length, self.heads, -1).transpose(1, 2) for p in parts)
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        heads_mixed = self.mix(seen.transpose(1, 2).reshape(batch, length, width))
        attended: Tensor = x + self.drop(heads_mixed)
        added: Tensor = attended + self.drop(self.mlp(attended))
        return added


class Transformer(nn.Module):
    """Four layers, four heads, 64 wide: the 200,000 parameters of makemore's default."""

    def __init__(
        self,
        symbols: int,
        dropout: float = 0.0,
        width: int = 64,
        layers: int = 4,
        heads: int = 4,
    ):
        super().__init__()
        self.embed = nn.Embedding(symbols, width)
        self.place = nn.Embedding(WIDTH, width)
        self.blocks = nn.Sequential(*(Block(width, heads, dropout) for _ in range(layers)))
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, symbols, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits after each symbol of x, (batch, length, symbols)."""
        places = torch.arange(x.shape[1], device=x.device)
        logits: Tensor = self.out(self.blocks(self.embed(x) + self.place(places)))
        return logits


KINDS: dict[str, tuple[str, Callable[[int], nn.Module]]] = {
    "mlp": ("MLP, ten symbols of context", MLP),
    "transformer": ("Transformer, four layers", Transformer),
    "dropout": ("Transformer, dropout of a tenth", lambda v: Transformer(v, dropout=0.1)),
    "more-dropout": ("Transformer, dropout of a fifth", lambda v: Transformer(v, dropout=0.2)),
}


def encoded(words: list[str], alphabet: str) -> tuple[Tensor, Tensor]:
    """Return inputs, 0 before each word, and targets, 0 at its end and -1 behind it."""
    x = torch.zeros(len(words), WIDTH, dtype=torch.long)
    y = torch.full((len(words), WIDTH), -1, dtype=torch.long)
    for i, word in enumerate(words):
        ids = torch.tensor([alphabet.index(c) for c in word])
        x[i, 1 : len(word) + 1] = ids
        y[i, : len(word)] = ids
        y[i, len(word)] = 0
    return x, y


def train(network: nn.Module, x: Tensor, y: Tensor, steps: int, rate: float = 2e-3) -> None:
    """Train with AdamW: the rate rises for 100 steps and falls along a cosine."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    for step in range(steps):
        for group in optimizer.param_groups:
            falling = (1 + math.cos(math.pi * step / steps)) / 2
            group["lr"] = rate * min(1, step / 100) * falling
        rows = torch.randint(len(x), (BATCH,))
        loss = functional.cross_entropy(
            network(x[rows]).flatten(0, 1), y[rows].flatten(), ignore_index=-1
        )
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()


@torch.no_grad()
def scores(network: nn.Module, words: list[str], alphabet: str) -> NDArray[np.float64]:
    """Return the log-probability of each word, its end included."""
    x, y = encoded(words, alphabet)
    of_symbols = -functional.cross_entropy(
        network(x).transpose(1, 2), y, ignore_index=-1, reduction="none"
    )
    return of_symbols.sum(dim=1).double().numpy()


def main() -> None:
    """Train each and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names")
    parser.add_argument("--passes", type=int, nargs="+", default=[10, 20, 40])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    how = parser.parse_args()
    torch.set_num_threads(how.threads)
    parts = split(names(how.names))
    alphabet = "." + "".join(sorted(set("".join(parts.train))))
    x, y = encoded(parts.train, alphabet)
    symbols = len(alphabet)
    print("| model | parameters | passes | seconds | threads | dev | test | unseen |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind, passes in itertools.product(how.kinds, how.passes):
        torch.manual_seed(42)
        name, build = KINDS[kind]
        network = build(symbols)
        size = sum(p.numel() for p in network.parameters())
        begin = time.perf_counter()
        train(network, x, y, steps=passes * len(x) // BATCH)
        seconds = time.perf_counter() - begin
        network.eval()
        of_dev, of_test, of_unseen = losses(
            lambda words, network=network: scores(network, words, alphabet),  # type: ignore[misc]
            [parts.dev, parts.test, parts.unseen()],
        )
        print(
            f"| {name} | {size:,} | {passes} | {seconds:.0f} | {torch.get_num_threads()} | "
            f"{of_dev:.4f} | {of_test:.4f} | {of_unseen:.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""Trains a small MLP and a small Transformer on the lectures' split, for docs/fit.md.

Needs torch and a few minutes of CPU: ``python benchmarks/train_networks.py names.txt``. The
networks have the sizes of makemore's part 2 and of its last part; the code is our own. Each
trains for as long as it is given, with a rate that falls to nothing at the end of it, and is
measured as it was when it did best on the dev words.
"""

import argparse
import copy
import math
import time
from typing import NamedTuple

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


class Trained(NamedTuple):
    """How training went: ``steps`` in all, and ``kept``, the step that was best on dev."""

    steps: int
    kept: int


def train(
    network: nn.Module,
    seconds: float,
    of_train: tuple[Tensor, Tensor],
    of_dev: tuple[Tensor, Tensor],
    rate: float = 3e-3,
    steps_between_looks: int = 100,
) -> Trained:
    """Train with AdamW for a time, and leave the network as it was when best on dev."""
    x, y = of_train
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    begin = time.perf_counter()
    best, kept, weights = math.inf, 0, network.state_dict()
    steps, done = 0, 0.0
    while done < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, steps / 100) * (1 + math.cos(math.pi * done)) / 2
        rows = torch.randint(len(x), (BATCH,))
        loss = mean_loss(network, x[rows], y[rows])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        steps += 1
        done = (time.perf_counter() - begin) / seconds
        if steps % steps_between_looks == 0 or done >= 1:
            network.eval()
            with torch.no_grad():
                of_now = mean_loss(network, *of_dev).item()
            network.train()
            if of_now < best:
                best, kept, weights = of_now, steps, copy.deepcopy(network.state_dict())
    network.load_state_dict(weights)
    network.eval()
    return Trained(steps, kept)


def mean_loss(network: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """Return the mean loss a symbol, what lies behind a word's end left out."""
    return functional.cross_entropy(network(x).flatten(0, 1), y.flatten(), ignore_index=-1)


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
    parser.add_argument("--mlp-seconds", type=float, default=60)
    parser.add_argument("--transformer-seconds", type=float, default=180)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    how = parser.parse_args()
    torch.set_num_threads(how.threads)
    parts = split(names(how.names))
    alphabet = "." + "".join(sorted(set("".join(parts.train))))
    of_train, of_dev = encoded(parts.train, alphabet), encoded(parts.dev, alphabet)
    print("| model | parameters | steps | best at | seconds | threads | test | unseen |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    symbols = len(alphabet)
    for name, build, seconds in (
        ("MLP, ten symbols of context", lambda: MLP(symbols), how.mlp_seconds),
        ("Transformer, four layers", lambda: Transformer(symbols), how.transformer_seconds),
        (
            "Transformer, dropout of a tenth",
            lambda: Transformer(symbols, dropout=0.1),
            how.transformer_seconds,
        ),
    ):
        torch.manual_seed(42)
        network = build()
        size = sum(p.numel() for p in network.parameters())
        trained = train(network, seconds, of_train, of_dev)
        of_test, of_unseen = losses(
            lambda words, network=network: scores(network, words, alphabet),  # type: ignore[misc]
            [parts.test, parts.unseen()],
        )
        print(
            f"| {name} | {size:,} | {trained.steps:,} | {trained.kept:,} | {seconds:.0f} | "
            f"{torch.get_num_threads()} | {of_test:.4f} | {of_unseen:.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

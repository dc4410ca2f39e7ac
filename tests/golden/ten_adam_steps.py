"""Writes ten_adam_steps.json: small classifiers, one a cell and some that pool their states, keep an average, have several layers or words
with n-grams, trained for ten Adam steps by PyTorch in double precision.

Run with Debian's python3-torch:  /usr/bin/python3 tests/golden/ten_adam_steps.py
The models are built from torch.nn parts (Embedding, EmbeddingBag, GRU and LSTM over packed sequences, Linear, cross_entropy, mse_loss, optim.Adam and
SparseAdam), but
for the GRU with the reset before the product, which torch.nn lacks and which is written here in single operations. They are the
reference that tests/boundary/golden.test.ts holds the addon to. All cases share the batches, those of a cell its initial
parameters too.

Initial parameters are float32, little-endian, in base64. Of every other tensor, of which the test asks for less than that, the largest
absolute value stands as a float32, and then each value as a fraction of it in 24 bits, which keeps the file small.
"""

import base64
import itertools
import json
import os
import struct

import torch

torch.manual_seed(20180507)
torch.set_default_dtype(torch.float64)

V, E, H, M, C = 13, 5, 18, 7, 3
STEPS = 10
LEARNING_RATE = 0.01
EPSILON = 0.05
ALPHA = 0.4
CLIP_NORM = 0.5
BUCKETS = 40
# Vectors of n-grams learn at a multiple of the learning rate, see native/model/adam.h.
TOUCHED_ROW_RATE = 4
DIRECTIONS = (("forward", ""), ("reverse", "_reverse"))
# Of the models that are trained with random signs too, which are drawn from the seed.
SEED = 3
RANDOM_SIGN_STREAM = 14


class Packed(torch.nn.Module):
    """A layer of torch.nn over packed sequences. PyTorch has a recurrent bias beside each input bias, which adds nothing: what
    of it the engine lacks is kept at zero."""

    def __init__(self, layer, prefix, first_own_bias):
        super().__init__()
        self.layer, self.prefix, self.first_own_bias = layer, prefix, first_own_bias
        for number, suffix in self.parts():
            bias = getattr(layer, f"bias_hh_{suffix}")
            with torch.no_grad():
                bias[:first_own_bias] = 0
            bias.register_hook(lambda g: torch.cat([torch.zeros(first_own_bias), g[first_own_bias:]]))

    def parts(self):
        """The addon's and PyTorch's name of each direction of each layer."""
        for number in range(self.layer.num_layers):
            for direction, suffix in DIRECTIONS:
                yield f"{self.prefix}{number + 1 if number else ''}.{direction}", f"l{number}{suffix}"

    def forward(self, embedded, lengths):
        packed = torch.nn.utils.rnn.pack_padded_sequence(embedded, lengths, enforce_sorted=False)
        every, last = self.layer(packed)
        states = last[0] if isinstance(last, tuple) else last
        return torch.cat([states[-2], states[-1]], dim=1), torch.nn.utils.rnn.pad_packed_sequence(every)[0]

    def named(self, values):
        for name, suffix in self.parts():
            yield f"{name}.inputWeights", values(getattr(self.layer, f"weight_ih_{suffix}"))
            yield f"{name}.recurrentWeights", values(getattr(self.layer, f"weight_hh_{suffix}"))
            yield f"{name}.bias", values(getattr(self.layer, f"bias_ih_{suffix}"))
            own = values(getattr(self.layer, f"bias_hh_{suffix}"))[self.first_own_bias :]
            if len(own) > 0:
                yield f"{name}.candidateBias", own


class GruCho(torch.nn.Module):
    """n = tanh(Wn·x + bn + Un·(r∘h)), h' = (1 − z)∘n + z∘h; gates r, z, n. A padded position leaves the state as it is."""

    def __init__(self):
        super().__init__()
        shapes = {"inputWeights": (3 * H, E), "recurrentWeights": (3 * H, H), "bias": (3 * H,)}
        for direction, _ in DIRECTIONS:
            for part, shape in shapes.items():
                values = torch.empty(shape).uniform_(-(H**-0.5), H**-0.5)
                self.register_parameter(f"{direction}_{part}", torch.nn.Parameter(values))

    def last_state(self, direction, embedded, lengths, steps):
        W, U, b = (getattr(self, f"{direction}_{part}") for part in ("inputWeights", "recurrentWeights", "bias"))
        h = torch.zeros(embedded.shape[1], H)
        for t in steps:
            x = embedded[t] @ W.T + b
            r = torch.sigmoid(x[:, :H] + h @ U[:H].T)
            z = torch.sigmoid(x[:, H : 2 * H] + h @ U[H : 2 * H].T)
            n = torch.tanh(x[:, 2 * H :] + (r * h) @ U[2 * H :].T)
            h = torch.where((t < lengths).unsqueeze(1), (1 - z) * n + z * h, h)
        return h

    def forward(self, embedded, lengths):
        lengths, T = torch.tensor(lengths), len(embedded)
        forward = self.last_state("forward", embedded, lengths, range(T))
        reverse = self.last_state("reverse", embedded, lengths, reversed(range(T)))
        return torch.cat([forward, reverse], dim=1), None

    def named(self, values):
        for name, parameter in self.named_parameters():
            yield "gruCho." + name.replace("_", "."), values(parameter)


CELLS = {
    "gru": lambda layers: Packed(torch.nn.GRU(E, H, layers, bidirectional=True), "gru", 2 * H),
    "gru-cho": lambda _: GruCho(),
    "lstm": lambda layers: Packed(torch.nn.LSTM(E, H, layers, bidirectional=True), "lstm", 4 * H),
}


VARIANTS = [
    {"cell": "gru", "pooling": ["max", "attention", "last", "mean"], "layers": 1, "ema": 0.4},
    {"cell": "lstm", "pooling": ["mean", "last"], "layers": 2},
    {"cell": "gru", "pooling": ["last"], "layers": 1, "ema": 0.4, "buckets": BUCKETS},
    {"cell": "gru", "pooling": ["last"], "layers": 1, "loss": "squared"},
]


TRAINED_AT_RANDOM = [{"cell": "gru", "pooling": ("last",), "layers": 1, "ema": 0, "buckets": 0, "loss": "cross-entropy"}]
TRAINED_AT_RANDOM += [{"loss": "cross-entropy", **VARIANTS[2]}]


class Attention(torch.nn.Module):
    """Each state weighed by the softmax of v . tanh(W h + b). Where tanh is straight the terms of b's gradient nearly cancel, which no
    float computes to its own accuracy: W is large enough to bend it."""

    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(2 * H, 2 * H)
        torch.nn.init.uniform_(self.hidden.weight, -1, 1)
        self.context = torch.nn.Linear(2 * H, 1, bias=False)

    def forward(self, text):
        weights = torch.softmax(self.context(torch.tanh(self.hidden(text))), dim=0)
        return (weights * text).sum(0)


POOLINGS = {"max": lambda text: text.amax(0), "mean": lambda text: text.mean(0)}


class Classifier(torch.nn.Module):
    def __init__(self, cell, pooling=("last",), layers=1, ema=0, buckets=0, loss="cross-entropy"):
        super().__init__()
        self.options = {"cell": cell, "pooling": pooling, "layers": layers, "ema": ema, "buckets": buckets, "loss": loss}
        self.pooling = pooling
        self.embedding = torch.nn.Embedding(V, E)
        self.recurrent = CELLS[cell](layers)
        self.hidden = torch.nn.Linear(len(pooling) * 2 * H, M)
        self.output = torch.nn.Linear(M, C)
        self.attention = Attention() if "attention" in pooling else None
        self.subwords = torch.nn.EmbeddingBag(buckets, E, mode="mean") if buckets else None

    def embed(self, batch):
        """With n-grams a text's ids are places in the batch's words."""
        padded = torch.nn.utils.rnn.pad_sequence([torch.tensor(t) for t in batch["texts"]])
        if self.subwords is None:
            return self.embedding(padded)
        ids, offsets, buckets = (torch.tensor(batch["words"][part]) for part in ("ids", "offsets", "buckets"))
        return (self.embedding(ids) + self.subwords(buckets, offsets[:-1]))[padded]

    def pool(self, name, last, tokens, lengths):
        """The states of padded positions count for nothing."""
        if name == "last":
            return last
        pooled = self.attention if name == "attention" else POOLINGS[name]
        return torch.stack([pooled(tokens[:length, row]) for row, length in enumerate(lengths)])

    def forward(self, embedded, lengths):
        last, tokens = self.recurrent(embedded, lengths)
        pooled = torch.cat([self.pool(name, last, tokens, lengths) for name in self.pooling], dim=1)
        return self.output(torch.relu(self.hidden(pooled)))


def named(model, values, encoded):
    """The addon's tensor names; `values` maps a PyTorch parameter to what is wanted of it, `encoded` that to text."""
    pairs = {
        "embedding.table": values(model.embedding.weight),
        **dict(model.recurrent.named(values)),
        "mlp.hidden.weights": values(model.hidden.weight),
        "mlp.hidden.bias": values(model.hidden.bias),
        "mlp.output.weights": values(model.output.weight),
        "mlp.output.bias": values(model.output.bias),
    }
    if model.attention is not None:
        pairs["attention.weights"] = values(model.attention.hidden.weight)
        pairs["attention.bias"] = values(model.attention.hidden.bias)
        pairs["attention.context"] = values(model.attention.context.weight)
    if model.subwords is not None:
        pairs["embedding.subwords"] = values(model.subwords.weight)
    return {name: encoded(value) for name, value in pairs.items()}


def exact(tensor):
    values = floats(tensor)
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


def fractions(tensor):
    """Of the tensor's largest absolute value, to 6e-8."""
    values = floats(tensor)
    largest = max(map(abs, values))
    parts = (round(value / largest * (2**23 - 1)).to_bytes(3, "little", signed=True) for value in values)
    return base64.b64encode(struct.pack("<f", largest) + b"".join(parts)).decode()


def floats(tensor):
    return tensor.detach().flatten().float().tolist()


def random_batches():
    batches = []
    for _ in range(STEPS):
        lengths = torch.randint(1, 9, (6,)).tolist()
        texts = [torch.randint(0, V, (length,)).tolist() for length in lengths]
        batches.append({"texts": texts, "labels": torch.randint(0, C, (6,)).tolist()})
    for batch in batches:
        batch["words"] = random_words(batch)
    return batches


def moving_average(model, decay):
    """After update t the average takes 1 - min(decay, (1 + t) / (10 + t)) of the new parameters."""

    def moved(average, parameter, t):
        kept = min(decay, (1 + t) / (10 + t))
        return kept * average + (1 - kept) * parameter

    average = torch.optim.swa_utils.AveragedModel(model, avg_fn=moved)
    average.update_parameters(model)  # the first call copies
    return average


def philox(key, counter):
    """Four words of Philox4x32-10 (Salmon et al. 2011)."""
    (k0, k1), x = key, counter
    for _ in range(10):
        p0, p1 = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = (p1 >> 32 ^ x[1] ^ k0, p1 & 0xFFFFFFFF, p0 >> 32 ^ x[3] ^ k1, p0 & 0xFFFFFFFF)
        k0, k1 = k0 + 0x9E3779B9 & 0xFFFFFFFF, k1 + 0xBB67AE85 & 0xFFFFFFFF
    return x


def random_signs(step, token):
    """Of a token's E coordinates: the bits of blocks of its own, see native/attacks/random_sign.h."""
    per_row = -(-E // 128)
    blocks = (philox((SEED, 0), (token * per_row + i, 0, step, RANDOM_SIGN_STREAM << 28)) for i in range(per_row))
    bits = (word >> bit & 1 for block in blocks for word in block for bit in range(32))
    return [1.0 if bit else -1.0 for bit in itertools.islice(bits, E)]


def random_direction(embedded, lengths, step):
    """[T][B][E]; tokens are numbered text after text, and padding is not moved."""
    direction, tokens = torch.zeros_like(embedded), itertools.count()
    for row, length in enumerate(lengths):
        direction[:length, row] = torch.tensor([random_signs(step, next(tokens)) for _ in range(length)])
    return direction


def squared_error(logits, labels):
    return torch.nn.functional.mse_loss(torch.sigmoid(logits), torch.nn.functional.one_hot(labels, C).double())


LOSSES = {"cross-entropy": torch.nn.functional.cross_entropy, "squared": squared_error}


def gradient_direction(clean, embedded):
    (gradient,) = torch.autograd.grad(clean, embedded, retain_graph=True)
    return gradient.sign()


def random_words(batch):
    """As many words as the vocabulary has ids, some of one id, with up to four n-grams, some of one bucket; most buckets have none."""
    generator = torch.Generator().manual_seed(sum(sum(text) for text in batch["texts"]))
    draw = lambda bound, count: torch.randint(0, bound, (count,), generator=generator).tolist()
    ngrams = [draw(BUCKETS, count) for count in draw(5, V)]
    offsets = [0]
    for buckets in ngrams:
        offsets.append(offsets[-1] + len(buckets))
    return {"ids": draw(V, V), "offsets": offsets, "buckets": sum(ngrams, [])}


class Optimizer:
    """Adam, and SparseAdam for the rows of n-grams that a batch reads."""

    def __init__(self, model):
        self.ngrams = model.subwords.weight if model.subwords is not None else None
        dense = [parameter for parameter in model.parameters() if parameter is not self.ngrams]
        self.dense = torch.optim.Adam(dense, lr=LEARNING_RATE)
        if self.ngrams is not None:
            self.sparse = torch.optim.SparseAdam([self.ngrams], lr=TOUCHED_ROW_RATE * LEARNING_RATE)

    def step(self, t, batch):
        self.dense.step()
        if self.ngrams is None:
            return
        rows = torch.tensor(batch["words"]["buckets"]).unique()
        gradient = self.ngrams.grad
        self.ngrams.grad = torch.sparse_coo_tensor(rows[None], gradient[rows], gradient.shape)
        # SparseAdam adds its epsilon to the root before the correction, Adam after it.
        self.sparse.param_groups[0]["eps"] = 1e-8 * (1 - 0.999**t) ** 0.5
        self.sparse.step()
        self.ngrams.grad = gradient


def train(options, initial, batches, attack, clip_norm):
    model = Classifier(**options)
    model.load_state_dict(initial)
    average = moving_average(model, options["ema"])
    optimizer = Optimizer(model)
    loss_of = LOSSES[options["loss"]]
    losses, first_gradient = [], None
    for t, batch in enumerate(batches, 1):
        lengths = [len(t) for t in batch["texts"]]
        labels = torch.tensor(batch["labels"])
        embedded = model.embed(batch)
        clean = loss_of(model(embedded, lengths), labels)
        loss, perturbed = clean, clean
        if attack:
            at_random = attack == "random-sign"
            direction = random_direction(embedded, lengths, t) if at_random else gradient_direction(clean, embedded)
            perturbed = loss_of(model(embedded + EPSILON * direction, lengths), labels)
            loss = ALPHA * clean + (1 - ALPHA) * perturbed
        model.zero_grad()
        loss.backward()
        if first_gradient is None:
            first_gradient = named(model, lambda p: p.grad, fractions)
        norm = torch.sqrt(sum((p.grad**2).sum() for p in model.parameters())).item()
        if clip_norm > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        optimizer.step(t, batch)
        average.update_parameters(model)
        losses.append({"loss": loss.item(), "clean": clean.item(), "adversarial": perturbed.item(), "norm": norm})
    outcome = {"losses": losses, "firstGradient": first_gradient, "parameters": named(model, lambda p: p, fractions)}
    return {**outcome, "average": named(average.module, lambda p: p, fractions)} if options["ema"] else outcome


def train_every_way(model, batches):
    # The addon starts from float32; so does the reference.
    initial = {key: value.float().double() for key, value in model.state_dict().items()}
    ways = {
        "initial": named(model, lambda p: p, exact),
        "vanilla": train(model.options, initial, batches, None, clip_norm=0),
        "adversarial": train(model.options, initial, batches, "fast-gradient-sign", clip_norm=CLIP_NORM),
    }
    if model.options in TRAINED_AT_RANDOM:
        ways["random"] = train(model.options, initial, batches, "random-sign", clip_norm=CLIP_NORM)
    return ways


def main():
    models = {cell: Classifier(cell) for cell in CELLS}
    batches = random_batches()
    variants = [Classifier(**options) for options in VARIANTS]
    golden = {
        "torch": torch.__version__,
        "config": {"V": V, "E": E, "H": H, "M": M, "C": C},
        "options": {"learningRate": LEARNING_RATE, "epsilon": EPSILON, "alpha": ALPHA, "clipNorm": CLIP_NORM},
        "seed": SEED,
        "batches": batches,
        "cells": {cell: train_every_way(model, batches) for cell, model in models.items()},
        "variants": [{**model.options, **train_every_way(model, batches)} for model in variants],
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ten_adam_steps.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(golden, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()

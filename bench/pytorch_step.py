"""PyTorch's side of `advnative bench`: one training step, timed on request.

All peers' programs work alike. Arguments are name=value: cell (gru, gru-cho or lstm), the sizes V, E, H, M, C, pooling (a list with commas), buckets (0
where words have no n-grams), ema, threads, adversarial (0 or 1), epsilon (absolute), alpha, learningRate, weightDecay, and the folder that holds
parameters.f32 (the engine's flat vector in the order of src/engine/addon.ts), ids.i32, offsets.i32 and labels.i32 (a packed batch) and, with buckets,
wordIds.i32, wordOffsets.i32 and wordBuckets.i32 (its words), all little-endian. The first answer is a JSON
line with version and threads, or with unable: why this machine's build can take no part, and what would help. Then each line on standard input asks for a step, which is answered by a JSON line with
milliseconds, cleanLoss and adversarialLoss; the program ends with its input. What goes wrong ends up on standard error.

The settings are the fastest found for this model: denormals flushed, foreach Adam, OpenBLAS's OpenMP build, SparseAdam for the vectors of n-grams, and
a bidirectional layer where all texts have the same length. Where they have not, one layer a direction over padded texts is
several times faster than packed sequences, whose backward pass clears a gradient of the whole batch at every time step.
"""

import ctypes
import json
import os
import sys
import time

import numpy
import torch
from torch.nn.utils.rnn import pad_sequence


LAYERS = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class UniformStates(torch.nn.Module):
    """States of texts of one length, both directions side by side."""

    def __init__(self, batch, layer, E, H):
        super().__init__()
        self.layer = layer(E, H, bidirectional=True)

    def directions(self):
        return [[getattr(self.layer, f"{name}_{suffix}") for name in NAMES] for suffix in ("l0", "l0_reverse")]

    def forward(self, embedded):
        tokens, last = self.layer(embedded)
        # An LSTM's are hidden and cell states.
        hidden = last[0] if isinstance(last, tuple) else last
        return [(tokens, torch.cat([hidden[0], hidden[1]], dim=1))]


class RaggedStates(torch.nn.Module):
    """States of padded texts, a direction after another. What stands after a text's last token changes nothing: its state is read
    before, and the reverse direction runs over the text's own tokens in reverse order."""

    def __init__(self, batch, layer, E, H):
        super().__init__()
        self.batch = batch
        self.layers = torch.nn.ModuleList([layer(E, H), layer(E, H)])

    def directions(self):
        return [[getattr(layer, f"{name}_l0") for name in NAMES] for layer in self.layers]

    def forward(self, embedded):
        columns, last = self.batch.columns, self.batch.last
        inputs = (embedded, embedded[self.batch.reversal, columns])
        states = [layer(tokens)[0] for layer, tokens in zip(self.layers, inputs)]
        return [(tokens, tokens[last, columns]) for tokens in states]


class Words(torch.nn.Module):
    """Vectors of tokens [T, B, E]: of their words, which where these have n-grams are their own plus the mean of those of their n-grams."""

    def __init__(self, batch, V, E, buckets):
        super().__init__()
        self.batch = batch
        self.own = torch.nn.Embedding(V, E)
        self.ngrams = torch.nn.EmbeddingBag(buckets, E, mode="mean", sparse=True) if buckets else None

    def forward(self):
        batch = self.batch
        if self.ngrams is None:
            return self.own(batch.ids)
        vectors = self.own(batch.word_ids) + self.ngrams(batch.word_buckets, batch.word_offsets[:-1])
        return torch.nn.functional.embedding(batch.ids, vectors)


class Classifier(torch.nn.Module):
    def __init__(self, batch, layer, sizes, pooling):
        super().__init__()
        V, E, H, M, C, buckets = sizes
        self.batch = batch
        self.pooling = pooling
        self.words = Words(batch, V, E, buckets)
        self.states = (UniformStates if batch.uniform else RaggedStates)(batch, layer, E, H)
        self.hidden = torch.nn.Linear(len(pooling) * 2 * H, M)
        self.output = torch.nn.Linear(M, C)

    def pool(self, name, tokens, last):
        """[B, states] of tokens [T, B, states]."""
        if name == "last":
            return last
        if name == "mean":
            return tokens.masked_fill(self.batch.padding, 0).sum(0) / self.batch.lengths.unsqueeze(1)
        return tokens.masked_fill(self.batch.padding, -torch.inf).amax(0)

    def forward(self, embedded):
        """Logits [B, C] of embedded tokens [T, B, E]."""
        states = self.states(embedded)
        pooled = [self.pool(name, *direction) for name in self.pooling for direction in states]
        return self.output(torch.relu(self.hidden(torch.cat(pooled, dim=1))))


class Batch:
    """Ids [T, B], padded with token 0, labels [B], words with n-grams, and where to read tokens in reverse order and final states."""

    def __init__(self, folder, has_ngrams):
        def read(name):
            return torch.from_numpy(numpy.fromfile(os.path.join(folder, f"{name}.i32"), dtype=numpy.int32)).long()

        ids, offsets, labels = (read(name) for name in ("ids", "offsets", "labels"))
        if has_ngrams:
            self.word_ids, self.word_offsets, self.word_buckets = (
                read(name) for name in ("wordIds", "wordOffsets", "wordBuckets")
            )
        lengths = offsets[1:] - offsets[:-1]
        self.uniform = bool((lengths == lengths[0]).all())
        self.ids = pad_sequence(ids.split(lengths.tolist()))
        self.labels = labels
        self.lengths = lengths
        self.columns = torch.arange(len(labels))
        self.last = lengths - 1
        steps = torch.arange(len(self.ids)).unsqueeze(1)
        self.padding = (steps >= lengths).unsqueeze(2)
        self.reversal = torch.where(steps < lengths, self.last - steps, steps)


def load_parameters(model, cell, path):
    values = torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32))
    at = 0

    def take(tensor):
        nonlocal at
        tensor.copy_(values[at : at + tensor.numel()].reshape(tensor.shape))
        at += tensor.numel()

    with torch.no_grad():
        take(model.words.own.weight)
        for weight_ih, weight_hh, bias_ih, bias_hh in model.states.directions():
            for tensor in (weight_ih, weight_hh, bias_ih):
                take(tensor)
            # The engine has one bias a gate where PyTorch has two; only the GRU candidate's second one is its own.
            bias_hh.zero_()
            if cell == "gru":
                take(bias_hh[2 * len(bias_hh) // 3 :])
        for layer in (model.hidden, model.output):
            take(layer.weight)
            take(layer.bias)
        if model.words.ngrams is not None:
            take(model.words.ngrams.weight)
    if at != len(values):
        raise ValueError(f"{path}: expected {at} parameters, got {len(values)}")


# Vectors of n-grams learn at a multiple of the learning rate, see native/model/adam.h.
TOUCHED_ROW_RATE = 4


def optimizers(model, rate, weight_decay):
    """Adam, and SparseAdam for the vectors of n-grams. Biases don't decay."""
    ngrams = [] if model.words.ngrams is None else [model.words.ngrams.weight]
    if ngrams and weight_decay > 0:
        raise ValueError("expected no weight decay beside n-grams: SparseAdam has none")
    dense = [parameter for parameter in model.parameters() if all(parameter is not table for table in ngrams)]
    if weight_decay == 0:
        yield torch.optim.Adam(dense, lr=rate, foreach=True)
    else:
        weights, biases = ([p for p in dense if (p.dim() > 1) == wanted] for wanted in (True, False))
        groups = [{"params": weights, "weight_decay": weight_decay}, {"params": biases, "weight_decay": 0}]
        yield torch.optim.AdamW(groups, lr=rate, foreach=True)
    if ngrams:
        yield torch.optim.SparseAdam(ngrams, lr=TOUCHED_ROW_RATE * rate)


class Average:
    """The moving average of all parameters: after update t it takes 1 - min(decay, (1 + t) / (10 + t)) of the new ones."""

    def __init__(self, model, decay):
        self.decay, self.updates = decay, 0
        self.parameters = [parameter.detach() for parameter in model.parameters()]
        self.average = [parameter.clone() for parameter in self.parameters]

    def update(self):
        self.updates += 1
        kept = min(self.decay, (1 + self.updates) / (10 + self.updates))
        torch._foreach_mul_(self.average, kept)
        torch._foreach_add_(self.average, self.parameters, alpha=1 - kept)


def blas_paths():
    """The files of OpenBLAS that are loaded."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        return {line.split()[-1] for line in maps if "openblas" in line}


def why_unable():
    """OpenBLAS's pthread build beside PyTorch's OpenMP is many times slower, which would be no fair peer."""
    if any("openblas-pthread" in path for path in blas_paths()):
        return "OpenBLAS's pthread build is in use (Debian: apt-get install libopenblas0-openmp)"
    return None


def describe_blas():
    """The core that OpenBLAS computes for: one that it does not know gets kernels many times slower."""
    for path in blas_paths():
        corename = ctypes.CDLL(path).openblas_get_corename
        corename.restype = ctypes.c_char_p
        return f"OpenBLAS {corename().decode()}"
    return "not OpenBLAS"


def main():
    unable = why_unable()
    if unable:
        print(json.dumps({"unable": unable}))
        return
    setup = dict(argument.split("=", 1) for argument in sys.argv[1:])
    torch.set_num_threads(int(setup["threads"]))
    torch.set_flush_denormal(True)
    sizes = [int(setup[name]) for name in ("V", "E", "H", "M", "C", "buckets")]
    batch = Batch(setup["folder"], has_ngrams=sizes[-1] > 0)
    cell = setup["cell"]
    model = Classifier(batch, LAYERS[cell], sizes, setup["pooling"].split(","))
    load_parameters(model, cell, os.path.join(setup["folder"], "parameters.f32"))
    update_rules = list(optimizers(model, float(setup["learningRate"]), float(setup["weightDecay"])))
    decay = float(setup["ema"])
    average = Average(model, decay) if decay > 0 else None
    epsilon, alpha = float(setup["epsilon"]), float(setup["alpha"])
    cross_entropy = torch.nn.functional.cross_entropy

    def clear_gradients():
        for optimizer in update_rules:
            optimizer.zero_grad(set_to_none=True)

    def update():
        for optimizer in update_rules:
            optimizer.step()
        if average is not None:
            average.update()

    def vanilla_step():
        clear_gradients()
        loss = cross_entropy(model(model.words()), batch.labels)
        loss.backward()
        update()
        return loss.item(), loss.item()

    def adversarial_step():
        clear_gradients()
        embedded = model.words()
        # One backward pass gives the perturbation's gradient and the clean half of the weights' gradient; tables get theirs of both at once.
        clean_input = embedded.detach().requires_grad_()
        clean = cross_entropy(model(clean_input), batch.labels)
        (alpha * clean).backward()
        moved_input = (embedded.detach() + epsilon * clean_input.grad.sign()).requires_grad_()
        adversarial = cross_entropy(model(moved_input), batch.labels)
        ((1 - alpha) * adversarial).backward()
        embedded.backward(clean_input.grad + moved_input.grad)
        update()
        return clean.item(), adversarial.item()

    step = adversarial_step if setup["adversarial"] == "1" else vanilla_step
    version = f"{torch.__version__} ({describe_blas()})"
    print(json.dumps({"version": version, "threads": torch.get_num_threads()}), flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        clean, adversarial = step()
        elapsed = 1000 * (time.perf_counter() - begin)
        print(
            json.dumps({"milliseconds": elapsed, "cleanLoss": clean, "adversarialLoss": adversarial}), flush=True
        )


if __name__ == "__main__":
    main()

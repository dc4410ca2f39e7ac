"""PyTorch's side of `advnative bench`: one training step, timed on request.

All peers' programs work alike. Arguments are name=value: cell (gru, gru-cho or lstm), the sizes V, E, H, M, C, threads, adversarial (0 or 1), epsilon
(absolute), alpha, learningRate, and the folder that holds parameters.f32 (the engine's flat vector in the order of
src/engine/addon.ts), ids.i32, offsets.i32 and labels.i32 (a packed batch), all little-endian. The first answer is a JSON
line with version and threads, or with unable: why this machine's build can take no part, and what would help. Then each line on standard input asks for a step, which is answered by a JSON line with
milliseconds, cleanLoss and adversarialLoss; the program ends with its input. What goes wrong ends up on standard error.

The settings are the fastest found for this model: denormals flushed, foreach Adam, OpenBLAS's OpenMP build, and a
bidirectional layer where all texts have the same length. Where they have not, one layer a direction over padded texts is
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
    """Final states [B, 2H] of texts of one length."""

    def __init__(self, batch, layer, E, H):
        super().__init__()
        self.layer = layer(E, H, bidirectional=True)

    def directions(self):
        return [[getattr(self.layer, f"{name}_{suffix}") for name in NAMES] for suffix in ("l0", "l0_reverse")]

    def forward(self, embedded):
        _, last = self.layer(embedded)
        # An LSTM's are hidden and cell states.
        hidden = last[0] if isinstance(last, tuple) else last
        return torch.cat([hidden[0], hidden[1]], dim=1)


class RaggedStates(torch.nn.Module):
    """Final states [B, 2H] of padded texts. What stands after a text's last token changes nothing: its state is read
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
        return torch.cat([layer(tokens)[0][last, columns] for layer, tokens in zip(self.layers, inputs)], dim=1)


class Classifier(torch.nn.Module):
    def __init__(self, batch, layer, V, E, H, M, C):
        super().__init__()
        self.embedding = torch.nn.Embedding(V, E)
        self.states = (UniformStates if batch.uniform else RaggedStates)(batch, layer, E, H)
        self.hidden = torch.nn.Linear(2 * H, M)
        self.output = torch.nn.Linear(M, C)

    def forward(self, embedded):
        """Logits [B, C] of embedded tokens [T, B, E]."""
        return self.output(torch.relu(self.hidden(self.states(embedded))))


class Batch:
    """Ids [T, B], padded with token 0, labels [B], and where to read tokens in reverse order and final states."""

    def __init__(self, folder):
        ids, offsets, labels = (
            torch.from_numpy(numpy.fromfile(os.path.join(folder, name), dtype=numpy.int32)).long()
            for name in ("ids.i32", "offsets.i32", "labels.i32")
        )
        lengths = offsets[1:] - offsets[:-1]
        self.uniform = bool((lengths == lengths[0]).all())
        self.ids = pad_sequence(ids.split(lengths.tolist()))
        self.labels = labels
        self.columns = torch.arange(len(labels))
        self.last = lengths - 1
        steps = torch.arange(len(self.ids)).unsqueeze(1)
        self.reversal = torch.where(steps < lengths, self.last - steps, steps)


def load_parameters(model, cell, path):
    values = torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32))
    at = 0

    def take(tensor):
        nonlocal at
        tensor.copy_(values[at : at + tensor.numel()].reshape(tensor.shape))
        at += tensor.numel()

    with torch.no_grad():
        take(model.embedding.weight)
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
    if at != len(values):
        raise ValueError(f"{path}: expected {at} parameters, got {len(values)}")


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
    batch = Batch(setup["folder"])
    cell = setup["cell"]
    model = Classifier(batch, LAYERS[cell], *(int(setup[name]) for name in "VEHMC"))
    load_parameters(model, cell, os.path.join(setup["folder"], "parameters.f32"))
    optimizer = torch.optim.Adam(model.parameters(), lr=float(setup["learningRate"]), foreach=True)
    epsilon, alpha = float(setup["epsilon"]), float(setup["alpha"])
    cross_entropy = torch.nn.functional.cross_entropy

    def vanilla_step():
        optimizer.zero_grad(set_to_none=True)
        loss = cross_entropy(model(model.embedding(batch.ids)), batch.labels)
        loss.backward()
        optimizer.step()
        return loss.item(), loss.item()

    def adversarial_step():
        optimizer.zero_grad(set_to_none=True)
        embedded = model.embedding(batch.ids)
        embedded.retain_grad()
        clean = cross_entropy(model(embedded), batch.labels)
        # One backward pass gives the perturbation's gradient and the clean half of the weights' gradient.
        (alpha * clean).backward()
        delta = epsilon * embedded.grad.sign()
        adversarial = cross_entropy(model(model.embedding(batch.ids) + delta), batch.labels)
        ((1 - alpha) * adversarial).backward()
        optimizer.step()
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

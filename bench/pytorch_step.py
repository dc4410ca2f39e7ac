"""PyTorch's side of bench/adversarial-step.js: one adversarial training step, timed on request.

Reads one JSON line that says sizes and files, then for each line "step" on standard input runs a step and prints its time and
losses as a JSON line. The settings are the fastest found for this model: denormals flushed, an unpacked GRU (all texts have
the same length), foreach Adam, OpenBLAS's OpenMP build.
"""

import json
import sys
import time

import numpy
import torch


class Classifier(torch.nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.embedding = torch.nn.Embedding(sizes["V"], sizes["E"])
        self.gru = torch.nn.GRU(sizes["E"], sizes["H"], bidirectional=True)
        self.hidden = torch.nn.Linear(2 * sizes["H"], sizes["M"])
        self.output = torch.nn.Linear(sizes["M"], sizes["C"])

    def forward(self, embedded):
        _, last = self.gru(embedded)
        states = torch.cat([last[0], last[1]], dim=1)
        return self.output(torch.relu(self.hidden(states)))


def load_parameters(model, tensors, path, hidden):
    values = torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32))
    named = {}
    for tensor in tensors:
        size = int(numpy.prod(tensor["shape"]))
        named[tensor["name"]] = values[tensor["offset"] : tensor["offset"] + size].reshape(tensor["shape"])
    with torch.no_grad():
        model.embedding.weight.copy_(named["embedding.table"])
        for direction, suffix in (("forward", "l0"), ("reverse", "l0_reverse")):
            getattr(model.gru, f"weight_ih_{suffix}").copy_(named[f"gru.{direction}.inputWeights"])
            getattr(model.gru, f"weight_hh_{suffix}").copy_(named[f"gru.{direction}.recurrentWeights"])
            getattr(model.gru, f"bias_ih_{suffix}").copy_(named[f"gru.{direction}.bias"])
            bias = getattr(model.gru, f"bias_hh_{suffix}")
            bias.zero_()
            bias[2 * hidden :].copy_(named[f"gru.{direction}.candidateBias"])
        model.hidden.weight.copy_(named["mlp.hidden.weights"])
        model.hidden.bias.copy_(named["mlp.hidden.bias"])
        model.output.weight.copy_(named["mlp.output.weights"])
        model.output.bias.copy_(named["mlp.output.bias"])


def main():
    setup = json.loads(sys.stdin.readline())
    sizes = setup["sizes"]
    torch.set_num_threads(setup["threads"])
    torch.set_flush_denormal(True)
    model = Classifier(sizes)
    load_parameters(model, setup["tensors"], setup["parameters"], sizes["H"])
    optimizer = torch.optim.Adam(model.parameters(), lr=setup["learningRate"], foreach=True)
    ids = torch.tensor(setup["ids"]).reshape(sizes["B"], sizes["T"]).t().contiguous()
    labels = torch.tensor(setup["labels"])
    cross_entropy = torch.nn.functional.cross_entropy

    def step():
        optimizer.zero_grad(set_to_none=True)
        embedded = model.embedding(ids)
        embedded.retain_grad()
        clean = cross_entropy(model(embedded), labels)
        # One backward pass gives the perturbation's gradient and the clean half of the weights' gradient.
        (setup["alpha"] * clean).backward()
        delta = setup["epsilon"] * embedded.grad.sign()
        adversarial = cross_entropy(model(model.embedding(ids) + delta), labels)
        ((1 - setup["alpha"]) * adversarial).backward()
        optimizer.step()
        return clean.item(), adversarial.item()

    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        clean, adversarial = step()
        elapsed = 1000 * (time.perf_counter() - begin)
        print(json.dumps({"ms": elapsed, "clean": clean, "adversarial": adversarial}), flush=True)


if __name__ == "__main__":
    main()

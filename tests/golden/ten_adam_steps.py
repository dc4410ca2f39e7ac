"""Writes ten_adam_steps.json: a small classifier trained for ten Adam steps by PyTorch in double precision.

Run with Debian's python3-torch:  /usr/bin/python3 tests/golden/ten_adam_steps.py
The model is built from torch.nn parts alone (Embedding, GRU over packed sequences, Linear, cross_entropy, optim.Adam), and is
the reference that tests/boundary/golden.test.ts holds the addon to. Both cases share initial parameters and batches.
"""

import json
import os

import torch

torch.manual_seed(20180507)
torch.set_default_dtype(torch.float64)

V, E, H, M, C = 13, 5, 18, 7, 3
STEPS = 10
LEARNING_RATE = 0.01
EPSILON = 0.05
ALPHA = 0.4
CLIP_NORM = 0.5


class Classifier(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(V, E)
        self.gru = torch.nn.GRU(E, H, bidirectional=True)
        self.hidden = torch.nn.Linear(2 * H, M)
        self.output = torch.nn.Linear(M, C)
        # PyTorch has recurrent biases for r and z too; beside the input biases they add nothing. Keep them at zero.
        for suffix in ("l0", "l0_reverse"):
            bias = getattr(self.gru, f"bias_hh_{suffix}")
            with torch.no_grad():
                bias[: 2 * H] = 0
            bias.register_hook(lambda g: torch.cat([torch.zeros(2 * H), g[2 * H :]]))

    def embed(self, texts):
        padded = torch.nn.utils.rnn.pad_sequence([torch.tensor(t) for t in texts])
        return self.embedding(padded)

    def forward(self, embedded, lengths):
        packed = torch.nn.utils.rnn.pack_padded_sequence(embedded, lengths, enforce_sorted=False)
        _, last = self.gru(packed)
        states = torch.cat([last[0], last[1]], dim=1)
        return self.output(torch.relu(self.hidden(states)))


def named(model, values):
    """The addon's tensor names and order; `values` maps a PyTorch parameter to what is wanted of it."""
    gru = model.gru
    pairs = [("embedding.table", values(model.embedding.weight))]
    for direction, suffix in (("forward", "l0"), ("reverse", "l0_reverse")):
        pairs += [
            (f"gru.{direction}.inputWeights", values(getattr(gru, f"weight_ih_{suffix}"))),
            (f"gru.{direction}.recurrentWeights", values(getattr(gru, f"weight_hh_{suffix}"))),
            (f"gru.{direction}.bias", values(getattr(gru, f"bias_ih_{suffix}"))),
            (f"gru.{direction}.candidateBias", values(getattr(gru, f"bias_hh_{suffix}"))[2 * H :]),
        ]
    pairs += [
        ("mlp.hidden.weights", values(model.hidden.weight)),
        ("mlp.hidden.bias", values(model.hidden.bias)),
        ("mlp.output.weights", values(model.output.weight)),
        ("mlp.output.bias", values(model.output.bias)),
    ]
    return {name: value.detach().flatten().tolist() for name, value in pairs}


def random_batches():
    batches = []
    for _ in range(STEPS):
        lengths = torch.randint(1, 9, (6,)).tolist()
        texts = [torch.randint(0, V, (length,)).tolist() for length in lengths]
        batches.append({"texts": texts, "labels": torch.randint(0, C, (6,)).tolist()})
    return batches


def train(initial, batches, adversarial, clip_norm):
    model = Classifier()
    model.load_state_dict(initial)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    losses, first_gradient = [], None
    for batch in batches:
        lengths = [len(t) for t in batch["texts"]]
        labels = torch.tensor(batch["labels"])
        embedded = model.embed(batch["texts"])
        clean = torch.nn.functional.cross_entropy(model(embedded, lengths), labels)
        loss, perturbed = clean, clean
        if adversarial:
            (gradient,) = torch.autograd.grad(clean, embedded, retain_graph=True)
            delta = EPSILON * gradient.sign()
            perturbed = torch.nn.functional.cross_entropy(model(embedded + delta, lengths), labels)
            loss = ALPHA * clean + (1 - ALPHA) * perturbed
        optimizer.zero_grad()
        loss.backward()
        if first_gradient is None:
            first_gradient = named(model, lambda p: p.grad)
        norm = torch.sqrt(sum((p.grad**2).sum() for p in model.parameters())).item()
        if clip_norm > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        optimizer.step()
        losses.append({"loss": loss.item(), "clean": clean.item(), "adversarial": perturbed.item(), "norm": norm})
    return {"losses": losses, "firstGradient": first_gradient, "parameters": named(model, lambda p: p)}


def rounded(value):
    """Nine significant digits: float32 needs no more, and the file stays small."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return value


def main():
    model = Classifier()
    initial = {key: value.clone() for key, value in model.state_dict().items()}
    # The addon starts from float32; so does the reference.
    initial = {key: value.float().double() for key, value in initial.items()}
    model.load_state_dict(initial)
    batches = random_batches()
    golden = {
        "torch": torch.__version__,
        "config": {"V": V, "E": E, "H": H, "M": M, "C": C},
        "options": {"learningRate": LEARNING_RATE, "epsilon": EPSILON, "alpha": ALPHA, "clipNorm": CLIP_NORM},
        "initial": named(model, lambda p: p),
        "batches": batches,
        "vanilla": train(initial, batches, adversarial=False, clip_norm=0),
        "adversarial": train(initial, batches, adversarial=True, clip_norm=CLIP_NORM),
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ten_adam_steps.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(rounded(golden), file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()

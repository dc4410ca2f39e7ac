"""scikit-learn's side of `npm run bench:quality`: TF-IDF of n-grams and a linear SVM.

    sklearn_svm.py learn FOLDER SEED CHOICE...   reads train.txt, writes model.pickle
    sklearn_svm.py score FOLDER SPLIT            reads model.pickle and SPLIT.txt, writes SPLIT.f64

A line of a split is `__label__I<TAB>text`, I the place of the class. A choice is FEATURES:C. Features are `both`, n-grams of 1 to 5
characters and of 1 and 2 words, lowercased, or `char`, those of characters alone with the case as written; the rest is
TfidfVectorizer's where nothing is said, but for min_df 2 and sublinear_tf. Of several choices the first with the highest
accuracy on valid.txt is kept. SPLIT.f64 has a decision value for each class of each text, [N, C] doubles, little-endian; of
two classes one is minus the other.
"""

import itertools
import os
import pickle
import sys

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC


def read_split(folder, split):
    """Labels and texts."""
    with open(os.path.join(folder, f"{split}.txt"), encoding="utf-8", newline="\n") as file:
        lines = [line.rstrip("\n").split("\t", 1) for line in file]
    return [int(label[len("__label__") :]) for label, _ in lines], [text for _, text in lines]


def characters(lowercase):
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 5), min_df=2, sublinear_tf=True, lowercase=lowercase)


def words():
    return TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)


FEATURES = {
    "both": lambda: FeatureUnion([("characters", characters(True)), ("words", words())]),
    "char": lambda: characters(False),
}


def candidates(labels, texts, seed, choices):
    """Each choice's vectorizer and model; features are made once for all choices that follow each other with them."""
    for kind, group in itertools.groupby((choice.split(":") for choice in choices), lambda choice: choice[0]):
        vectorizer = FEATURES[kind]()
        rows = vectorizer.fit_transform(texts)
        for _, cost in group:
            yield vectorizer, LinearSVC(C=float(cost), random_state=seed).fit(rows, labels)


def learn(folder, seed, choices):
    found = candidates(*read_split(folder, "train"), seed, choices)
    if len(choices) > 1:
        labels, texts = read_split(folder, "valid")
        kept = max(found, key=lambda one: one[1].score(one[0].transform(texts), labels))
    else:
        kept = next(found)
    with open(os.path.join(folder, "model.pickle"), "wb") as file:
        pickle.dump(kept, file)


def score(folder, split):
    with open(os.path.join(folder, "model.pickle"), "rb") as file:
        vectorizer, model = pickle.load(file)
    values = model.decision_function(vectorizer.transform(read_split(folder, split)[1]))
    if values.ndim == 1:
        values = numpy.stack([-values, values], axis=1)
    values.astype("<f8").tofile(os.path.join(folder, f"{split}.f64"))


if __name__ == "__main__":
    action, folder, *rest = sys.argv[1:]
    if action == "learn":
        learn(folder, int(rest[0]), rest[1:])
    else:
        score(folder, rest[0])

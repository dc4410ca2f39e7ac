"""scikit-learn's side of `npm run bench:quality`: TF-IDF of n-grams and a linear SVM.

    sklearn_svm.py learn FOLDER SEED C...    reads train.txt, writes model.pickle
    sklearn_svm.py score FOLDER SPLIT        reads model.pickle and SPLIT.txt, writes SPLIT.f64

A line of a split is `__label__I<TAB>text`, I the place of the class. Features are n-grams of 1 to 5 characters and of 1 and 2
words, each as TfidfVectorizer takes them where nothing is said (lowercased) but for min_df 2 and sublinear_tf. Of several C
the first with the highest accuracy on valid.txt is kept. SPLIT.f64 has a decision value for each class of each text,
[N, C] doubles, little-endian; of two classes one is minus the other.
"""

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


def features():
    shared = {"min_df": 2, "sublinear_tf": True}
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 5), **shared)
    words = TfidfVectorizer(ngram_range=(1, 2), **shared)
    return FeatureUnion([("characters", characters), ("words", words)])


def learn(folder, seed, costs):
    labels, texts = read_split(folder, "train")
    vectorizer = features()
    rows = vectorizer.fit_transform(texts)
    models = [LinearSVC(C=cost, random_state=seed).fit(rows, labels) for cost in costs]
    if len(models) > 1:
        valid_labels, valid_texts = read_split(folder, "valid")
        valid_rows = vectorizer.transform(valid_texts)
        models.sort(key=lambda model: -model.score(valid_rows, valid_labels))
    with open(os.path.join(folder, "model.pickle"), "wb") as file:
        pickle.dump((vectorizer, models[0]), file)


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
        learn(folder, int(rest[0]), [float(cost) for cost in rest[1:]])
    else:
        score(folder, rest[0])

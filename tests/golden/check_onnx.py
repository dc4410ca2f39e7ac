#!/usr/bin/env python3
"""Checks an exported model with ONNX's own checker and shape inference, which share no code with the exporter.

Usage: check_onnx.py MODEL. Prints what it found; exits with 3 when the onnx package is not installed.
"""

import sys

try:
    import onnx
    from onnx import checker, shape_inference
except ImportError:
    sys.exit(3)

model = onnx.load(sys.argv[1])
checker.check_model(model, full_check=True)
inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)


def shape(value):
    return "[" + ", ".join(str(dim.dim_param or dim.dim_value) for dim in value.type.tensor_type.shape.dim) + "]"


outputs = ", ".join(f"{value.name} {shape(value)}" for value in inferred.graph.output)
print(f"ok: IR {model.ir_version}, opset {model.opset_import[0].version}, {outputs}")

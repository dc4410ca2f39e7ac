// What the initial weights are made with. Compiled apart from the other kernels (initial_values.cpp), because
// here no product may be fused with a sum: a seed stands for the same bits on every instruction set.
#pragma once

#include "cpu/kernels/kernel_table.h"
#include "cpu/kernels/vector.h"

namespace advnative::ADVNATIVE_KERNEL_NAMESPACE {

void FillUniform(const UniformFill& fill);

void OrthogonalizeRow(int size, int row, double* matrix);

}  // namespace advnative::ADVNATIVE_KERNEL_NAMESPACE

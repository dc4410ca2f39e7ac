// Runs the tests on the instruction set that ADVNATIVE_ISA names, or lists those that exist here.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstring>

#include "base/instruction_set.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--list-instruction-sets") == 0) {
    for (const advnative::InstructionSet set : advnative::AvailableInstructionSets()) {
      std::puts(advnative::InstructionSetName(set));
    }
    return 0;
  }
  doctest::Context context(argc, argv);
  return context.run();
}

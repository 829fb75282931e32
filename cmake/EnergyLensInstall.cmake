# SPDX-License-Identifier: Apache-2.0
# Install tree: program, headers, static libraries and the package `find_package(EnergyLens)` looks for.

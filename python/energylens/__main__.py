# SPDX-License-Identifier: Apache-2.0
"""`python -m energylens` is the command energylens."""

from ._commands import main

main()

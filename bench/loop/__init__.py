"""How well the engines find, place and prove, on simulated worlds with a known truth.

One command, `python -m bench.loop`, runs every benchmark and prints one table: what was measured, what the product
must reach, and whether it does. `python -m bench.loop surge --seed 7` runs one part on another seed.
"""

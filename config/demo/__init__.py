"""Warmfold, the demo company: eighteen months of tickets with known truths planted in them.

`world.build(seed, end)` is pure: the same seed and day give the same rows, and nothing it uses knows the database.
`company` is who they are, `taxonomy` and `issues/*.toml` what customers write about, `texts` how they write,
`planted` which changes are real, `history` what people did about them, `logins` how to look at it.
What is planted, and what the nightly analysis must make of it, stands in docs/demo.md; once the company is loaded
(`load`), `nights` runs the analysis over it and `found` holds what was reported against what is planted.
"""

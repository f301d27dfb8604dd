"""Reproduction: recording an edition, making it again, and saying how equal the two are.

In the order in which they are used: `sources` (which files decide a build, and what git knows of
them), `rebuild` (a build in a clean copy), `release` (the tracked manifest), `record` (the other
side of a comparison: a manifest, a folder, an address), `numbers`, `pixels` and `files` (the three
levels), `changes` (what in a source is another), `certificate` (the outcome as data), `rerun` (all
of it in turn), `telling`, `page`, `print` and `publishing` (the outcome for reading).
"""

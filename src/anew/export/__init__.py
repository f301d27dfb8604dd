"""Export: an edition as a research object (RO-Crate, zipped), and as a manifest for CODECHECK.

`people` reads CITATION.cff, `contents` gathers the files, `crate` describes them, `archive` packs
them, `codecheck` writes the list of outputs that a codechecker starts from.
"""

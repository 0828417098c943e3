"""Training of the coder behind `framing.tagger`; needs the extra `[train]`.

One command does all of it: `python -m framing.train --coded ... --polnear ...
--szeged ... --out ...`. Nothing at run time imports this package.
"""

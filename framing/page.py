"""What a page of codes looks like: its style, its lines on hover, its frame.

Nothing is fetched and nothing is run. A line about a mark is an attribute that the
style sheet shows under the pointer and under the Tab key, and that a screen reader
tells as the mark's description.
"""

from __future__ import annotations

import re
from html import escape

# NUL and lone surrogates have no place in HTML; a bare CR would be read as LF.
_UNHOLDABLE = re.compile("[\0\ud800-\udfff]")


def as_html(text: str) -> str:
    """Any text as HTML that shows it.

    >>> as_html("<b>\\r")
    '&lt;b&gt;&#13;'
    """
    return escape(_UNHOLDABLE.sub("\ufffd", text)).replace("\r", "&#13;")


def draw_badge(kind: str, shown: str) -> str:
    """A badge beside the words: unnamed, relay or reason, with what it says."""
    label = as_html(f"unnamed source: {shown}" if kind == "unnamed" else shown)
    return (
        f'<i class="fh-badge fh-badge-{kind}" role="img" aria-label="{label}"'
        f' data-s="{as_html(shown)}"></i>'
    )


def hover_rules(scope: str, n_attributions: int) -> str:
    """One rule: a part of an attribution under pointer or key lights up the rest."""
    selectors = ",\n".join(
        f'.{scope}:has([data-a~="{n}"]:is(:hover,:focus-visible)) .fh-text'
        f' [data-a~="{n}"]'
        for n in range(1, n_attributions + 1)
    )
    return f"{selectors}{{--fh-glow:var(--fh-lit)}}\n" if selectors else ""


LIGHT = """
--fh-paper:#fffefa;--fh-ink:#1c1c21;--fh-muted:#5d6069;--fh-rule:#d9d9d2;
--fh-thread:#8a93a3;--fh-lit:#ffe9a8;--fh-relay:#ececf2;
--fh-modal:#d3e2fb;--fh-modal-line:#1f5fb4;
--fh-epistemic:#c9efe6;--fh-epistemic-line:#00705f;
--fh-doxastic:#e5dcf8;--fh-doxastic-line:#6a3fb5;
--fh-hearsay:#fcd9ca;--fh-hearsay-line:#b13c12;
--fh-contemplated:#f9ebb0;--fh-contemplated-line:#7f5f00;
--fh-unverified:#f8d4e8;--fh-unverified-line:#a3206a;
"""
DARK = """
--fh-paper:#17181c;--fh-ink:#ececee;--fh-muted:#a3a7b1;--fh-rule:#3a3c44;
--fh-thread:#737c8c;--fh-lit:#5a4a12;--fh-relay:#2c2e38;
--fh-modal:#1d3a66;--fh-modal-line:#8fbcff;
--fh-epistemic:#0d4a41;--fh-epistemic-line:#5fdcc4;
--fh-doxastic:#41306b;--fh-doxastic-line:#c3a9ff;
--fh-hearsay:#63270f;--fh-hearsay-line:#ff9d75;
--fh-contemplated:#4f3f06;--fh-contemplated-line:#f0cf5b;
--fh-unverified:#5e1c42;--fh-unverified-line:#ff93cb;
"""
# The same hue never stands alone: each type has an underline of its own, for grey
# print and for readers who see fewer colours.
UNDERLINES = {
    "modal": "solid 2px",
    "epistemic": "dashed 2px",
    "doxastic": "dotted 3px",
    "hearsay": "wavy 1.5px",
    "contemplated": "double 1.5px",
    "unverified": "solid 4px",
}
TYPE_STYLE = "\n".join(
    f".framing-highlight .fh-{name}{{background:var(--fh-{name});"
    f"text-decoration:underline {line} var(--fh-{name}-line)}}"
    for name, line in UNDERLINES.items()
)
STYLE = f"""
.framing-highlight{{{LIGHT}color-scheme:light}}
@media (prefers-color-scheme:dark){{
.framing-highlight{{{DARK}color-scheme:dark}}}}
[data-jp-theme-light="true"] .framing-highlight{{{LIGHT}color-scheme:light}}
[data-jp-theme-light="false"] .framing-highlight{{{DARK}color-scheme:dark}}
.framing-highlight{{max-width:47rem;margin:0 auto;padding:1.25rem 1.5rem;
background:var(--fh-paper);color:var(--fh-ink);border:1px solid var(--fh-rule);
border-radius:6px;font:15px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif}}
.framing-highlight *{{box-sizing:border-box}}
.framing-highlight h2{{margin:0 0 .2rem;font:700 1.45rem/1.25 Georgia,serif;
color:inherit}}
.framing-highlight .fh-about{{margin:0 0 .9rem;color:var(--fh-muted);font-size:.87rem}}
.framing-highlight .fh-legend{{display:grid;gap:.35rem;margin:0 0 1.1rem;
padding:.6rem 0;border-block:1px solid var(--fh-rule);font-size:.87rem}}
.framing-highlight .fh-legend>div{{display:flex;gap:.9rem;align-items:baseline}}
.framing-highlight .fh-legend b{{flex:0 0 5.6rem;font-weight:600}}
.framing-highlight .fh-legend ul{{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;
margin:0;padding:0;list-style:none}}
.framing-highlight .fh-legend li{{margin:0;font-variant-numeric:tabular-nums}}
.framing-highlight .fh-text{{font:1.08rem/1.95 Georgia,"Times New Roman",serif;
overflow-wrap:anywhere}}
.framing-highlight .fh-text p{{margin:0 0 .75em}}
.framing-highlight .fh-text p{{position:relative}}
.framing-highlight .fh-text [aria-description]:is(:hover,:focus-visible)::after{{
content:attr(aria-description);position:absolute;z-index:9;inset-inline:0;
margin-block-start:1.8rem;padding:.55em .8em;border-radius:5px;pointer-events:none;
background:var(--fh-ink);color:var(--fh-paper);white-space:pre-line;text-align:start;
font:400 .8rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}}
.framing-highlight .fh-text [tabindex]:focus-visible{{
outline:2px solid var(--fh-modal-line);outline-offset:2px}}
.framing-highlight mark{{color:inherit;background:none}}
.framing-highlight .fh-hedge{{padding:.08em 0;border-radius:2px;
text-underline-offset:.2em;text-decoration-skip-ink:none}}
{TYPE_STYLE}
.framing-highlight .fh-conditional,.framing-highlight .fh-approximator{{
text-decoration:underline dotted 1px var(--fh-muted)}}
.framing-highlight .fh-content{{border-bottom:1px solid var(--fh-thread)}}
.framing-highlight span.fh-content,.framing-highlight span.fh-cue,
.framing-highlight span.fh-source{{background:var(--fh-glow,none)}}
.framing-highlight .fh-content.fh-mental{{border-bottom-style:dashed}}
.framing-highlight .fh-cue{{font-style:italic}}
.framing-highlight .fh-source,.framing-highlight .fh-via{{
border-block:1px solid var(--fh-ink);padding-block:.08em;font-weight:600}}
.framing-highlight .fh-via{{border-block-style:dashed;font-weight:400}}
.framing-highlight span.fh-via,.framing-highlight span.fh-media{{
background:var(--fh-glow,var(--fh-relay))}}
.framing-highlight .fh-source-start{{border-inline-start:1px solid var(--fh-ink);
border-start-start-radius:3px;border-end-start-radius:3px;padding-inline-start:.18em}}
.framing-highlight .fh-source-end{{border-inline-end:1px solid var(--fh-ink);
border-start-end-radius:3px;border-end-end-radius:3px;padding-inline-end:.18em}}
.framing-highlight .fh-via-start{{border-inline-start:1px dashed var(--fh-ink);
padding-inline-start:.18em}}
.framing-highlight .fh-via-end{{border-inline-end:1px dashed var(--fh-ink);
padding-inline-end:.18em}}
.framing-highlight .fh-media{{border-style:dashed}}
.framing-highlight .fh-reason{{border-top:1px dotted var(--fh-ink)}}
.framing-highlight span.fh-reason{{background:var(--fh-glow,none)}}
.framing-highlight .fh-source.fh-unnamed{{background:var(--fh-ink);
color:var(--fh-paper);box-shadow:0 0 0 3px var(--fh-glow,transparent)}}
.framing-highlight .fh-boilerplate{{color:var(--fh-muted);font-size:.85em;
text-decoration:none}}
.framing-highlight .fh-sign,.framing-highlight .fh-badge{{font:600 .62em/1
system-ui,-apple-system,"Segoe UI",sans-serif;unicode-bidi:isolate;
user-select:none;white-space:nowrap}}
.framing-highlight .fh-sign{{vertical-align:.55em;color:var(--fh-muted);
margin-inline:.1em}}
.framing-highlight .fh-open,.framing-highlight .fh-close{{font-weight:400}}
.framing-highlight .fh-number{{color:var(--fh-ink)}}
.framing-highlight .fh-sign::after,.framing-highlight .fh-badge::after{{
content:attr(data-s)}}
.framing-highlight .fh-badge{{vertical-align:.14em;margin-inline:.2em .1em;
padding:.16em .42em;border:1px solid var(--fh-ink);border-radius:1em;
letter-spacing:.02em}}
.framing-highlight .fh-badge-unnamed{{background:var(--fh-ink);color:var(--fh-paper)}}
.framing-highlight .fh-badge-reason{{border-style:dotted;border-radius:0}}
.framing-highlight .fh-badge-relay{{background:var(--fh-relay);color:var(--fh-ink);
border-style:dashed}}
.framing-highlight .fh-table{{width:100%;margin:1.2rem 0 0;border-collapse:collapse;
table-layout:auto;font-size:.87rem;color:inherit;border:0}}
.framing-highlight .fh-table tbody tr:nth-child(n){{background:none}}
.framing-highlight .fh-table caption{{caption-side:top;text-align:start;
font-weight:600;padding:0 0 .25rem;color:inherit}}
.framing-highlight .fh-table th,.framing-highlight .fh-table td{{text-align:start;
vertical-align:top;padding:.28rem .7rem .28rem 0;white-space:normal;background:none;
border:0;border-top:1px solid var(--fh-rule);font-variant-numeric:tabular-nums;
max-width:none}}
.framing-highlight .fh-table thead th{{font-weight:400;color:var(--fh-muted)}}
.framing-highlight .fh-table [data-a]{{margin-inline-end:.35em;cursor:help;
white-space:nowrap}}
.framing-highlight .fh-measures td+td{{white-space:nowrap}}
.framing-highlight .fh-table [data-a]:hover{{background:var(--fh-lit)}}
@media (max-width:32rem){{.framing-highlight{{padding:.8rem}}
.framing-highlight .fh-legend>div{{flex-direction:column;gap:.2rem}}
.framing-highlight .fh-legend b{{flex-basis:auto}}}}
@media print{{.framing-highlight,
[data-jp-theme-light] .framing-highlight{{{LIGHT}--fh-paper:#fff;
max-width:none;padding:0;border:0;
print-color-adjust:exact;-webkit-print-color-adjust:exact}}
.framing-highlight .fh-table tr,.framing-highlight .fh-legend{{break-inside:avoid}}}}
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
html{{background:#f1f0eb}}
body{{margin:0;padding:1.5rem 1rem}}
@media (prefers-color-scheme:dark){{html{{background:#0e0f12}}}}
@media print{{html{{background:none}}body{{padding:0}}}}
</style>
</head>
<body>
{fragment}
</body>
</html>
"""

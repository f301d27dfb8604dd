"""Where Quarto is found, it and the embedded typesetter say the same, element by element."""

from __future__ import annotations

import re
import shutil
import subprocess

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from typeset_stage import document, fonts, make_stage, write

from anew.typeset.embedded import render_html, render_pdf

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("quarto") is None, reason="Quarto is not on PATH"),
]

FRONT = """\
title: "T {{< var zh.n >}} “q”"
subtitle: S
author:
  - name: A
    affiliation: U
  - B
abstract: |
  One [claim]{.claim ref="china-first"}.

  Two {{< var zh.money >}}.
keywords: [a, b]
title-en: "E's"
abstract-en: "Abstract {{< var en.n >}}."
keywords-en: [c]
anew:
  where: its *own*"""

TEXT = """\
# 第一 {#sec-one}

中文一行
接着，共 {{< var zh.n >}}
企业，{{< var zh.n >}} 与 {{< var en.money >}} 和 {{< var en.money >}}，
{{< var en.star >}}，{{< var zh.bold >}}。
见 @fig-a 与 @fig-b；[@fig-a; @tbl-x]，[-@fig-a]，[详见 @tbl-y]，@sec-two 及 @sec-sub。
[链接]({{< var zh.url >}}) `code {{< var zh.n >}}`。{{< meta anew.where >}}。{{{< var zh.n >}}}。

{{< include parts/_a.qmd >}}

![图题 {{< var zh.n >}} [@wang2020]](../../figures/fig1.zh.svg){#fig-a fig-alt="自带"}

::: {#fig-b}
![](../../figures/fig2.zh.svg){fig-alt="乙图" width=50%}

乙图题
:::

![甲](../../figures/fig1.zh.svg){#fig-1}

| 甲 | 乙 |
|:---|---:|
| {{< var zh.n >}} 个 | 2 |

: 表题 {#tbl-x tbl-colwidths="[30,70]"}

::: {#tbl-y}
| a | b |
|---|---|
| 1 | 2 |

div 表题
:::

::: {#tbl-sums .computed}
:::

见 @tbl-sums。

| 无题 | 表 |
|---|---|
| 1 | 2 |

## 小节一 {#sec-two}

::: {.callout-note}
注记正文[^1]。
:::

::: {.callout-warning title="自己的 *题*"}
- 一
- 二
:::

::: {.callout-tip icon=false}
## 小题
正文
:::

::: {.content-visible when-format="html"}
只在网页 [x](index.qmd#sec-one) <b>b</b>。

::: {.content-hidden unless-format="html"}
嵌套
:::
:::

::: {.content-visible when-format="typst"}
只在纸上 `#strong[纸]`{=typst}
:::

行内[网页]{.content-visible when-format="html"}[纸]{.content-hidden when-format="html"}。
[句一]{.claim ref="china-first"}，[句二 [@smith2021]]{.claim ref="ireland-first"}。

::: {.when claim="china-first"}
甲成立
:::

::: {.unless claim="china-first"}
甲不成立
:::

[若]{.unless claim="ireland-first"}[则]{.when claim="ireland-first"}。

### 三级 {#sec-sub}

#### 四级

[English part's]{lang=en} and [u]{.underline} [sc]{.smallcaps} [mk]{.mark} ~~del~~ H~2~O x^2^
"quotes" 'single' — … --

> 引用
> 一段

1. 甲
   1. 子
2. 乙

术语
:   解释

```python
print("x {{< var zh.n >}}")
```

行内式 $x^2 + \\frac{a}{b}$ 与 $$c = d$$ 在行中。

$$
\\text{比重} = \\frac{a_t}{\\sum_{j=1}^n a_{jt}} \\times 100\\%
$$ {#eq-share alt="a 的 \\"比重\\""}

$$ g = \\sqrt{x} - 1 $$ {#eq-growth}

@Eq-share、@eq-growth 与 [-@eq-growth]；@Fig-a 和 @Sec-two。

前行
**粗**
[链接](https://example.org)
“引”
后行[@bank2026]
末行^[注]
完。

::: {.callout-note appearance="minimal"}
无题。
:::

::: {.callout-tip appearance="simple"}
## 有题
正文
:::

[一]{.content-visible when-format="html:js"}
[二]{.content-visible when-format="docx" when-format="html"}

{{< pagebreak >}}

新页{{< var
zh.n >}}。

| 甲[^t] | 乙^[行内注] |
|---|---|
| $a$ | 2 |

[^t]: 表中注。

* * *

Line\\
break <!-- comment -->

::: {lang=en}
An English block, China's.
:::

[^1]: 脚注 {{< var zh.n >}} @fig-a。

# 未编号 {.unnumbered #sec-u}

见[此处](#sec-one)。

::: {#refs}
:::
"""


@pytest.fixture(scope="module", params=["zh", "en"])
def both(request, tmp_path_factory):
    language = request.param
    front = FRONT if language == "zh" else FRONT.replace("-en:", "-zh:")
    stage = make_stage(tmp_path_factory.mktemp(language), TEXT, language, front)
    write(stage / f"report/{language}/parts/_a.qmd", "包含。\n\n{{< include parts/_b.qmd >}}\n")
    write(stage / f"report/{language}/parts/_b.qmd", "再包含 @fig-1。\n")
    shutil.copytree(fonts(), stage / "fonts")
    html = render_html(stage, document(language))
    render_pdf(stage, document(language), stage / "ours.pdf", fonts())
    done = subprocess.run(
        ["quarto", "render"], cwd=stage, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    unresolved = [
        line for line in done.stderr.splitlines() if "Unable" in line or "Unknown" in line
    ]
    assert not unresolved
    return language, html, stage


def main_of(stage, language):
    page = (stage / f"_site/report/{language}/index.html").read_text("utf-8")
    main = BeautifulSoup(page, "lxml").find("main")
    main.find("header", id="title-block-header").decompose()
    return main


def blocks(root) -> list[str]:
    selected = root.select("h1,h2,h3,h4,p,li,figcaption,td,th,dt,dd,pre,.csl-entry,.callout-header")
    inner = [b for b in selected if b.name == "li" or not b.find(["p", "li", "pre"])]
    return [f"{b.name} " + re.sub(r"\s+", " ", b.get_text()).strip() for b in inner]


def test_the_page_says_the_same(both):
    language, html, stage = both
    theirs, ours = main_of(stage, language), BeautifulSoup(html.body, "lxml")
    assert blocks(ours) == blocks(theirs)
    assert [(i["src"], i["alt"]) for i in ours.select("img")] == [
        (i["src"], i["alt"]) for i in theirs.select("img")
    ]
    assert [(a["href"], a.get_text()) for a in ours.select("a")] == [
        (a["href"], a.get_text()) for a in theirs.select("a[href]")
    ]
    ids = [e["id"] for e in ours.select("[id]") if not e["id"].endswith("-caption")]
    assert set(ids) <= {e["id"] for e in theirs.select("[id]")}
    classes = {tuple(e["class"]) for e in ours.select(".callout, .claim, .quarto-xref, .citation")}
    assert classes <= {tuple(e["class"]) for e in theirs.select("[class]")}


def test_the_print_says_the_same(both):
    language, _, stage = both
    ours, theirs = (
        [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]
        for path in (stage / "ours.pdf", stage / f"_site/report/{language}/index.pdf")
    )
    assert ours == theirs

"""The words of a certificate, in every language."""

from __future__ import annotations

from anew.project.language import LANGUAGES

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("复现证书", "Certificate of reproduction"),
    "lead": (
        "由原始数据表在干净的副本中重新生成该年度版，再与记录逐项比较。",
        "The edition was made again from its raw tables, in a clean copy, and compared with what "
        "was recorded.",
    ),
    "equal": ("相同", "Equal"),
    "equal-in-numbers": ("数值相同", "Equal in numbers"),
    "different": ("不同", "Different"),
    "failed": ("未能重新生成", "Could not be made again"),
    "equal-means": (
        "每个文件逐字节相同，每个数值相同。",
        "Every file is equal byte for byte, and every number is equal.",
    ),
    "equal-in-numbers-means": (
        "软件版本或平台与记录的不同：每个数值在容差内相同，可比较的图在容差内相同，字节不必相同。",
        "Versions or platform are not the recorded ones: every number is equal within the "
        "tolerance, and so is every picture that could be compared; bytes need not be.",
    ),
    "different-means": (
        "与记录有 {count} 处不同，逐一列在下面。",
        "It differs from the record in {count} places, named below.",
    ),
    "failed-means": ("重新生成时出错，原因如下。", "Making it again failed, for the reason below."),
    "subject": ("比较对象", "Compared with"),
    "subject-manifest": ("清单 {name}", "manifest {name}"),
    "subject-site": ("网站文件夹 {name}", "site in the folder {name}"),
    "subject-url": ("网站 {name}", "site at {name}"),
    "sources": ("源文件", "Sources"),
    "sources-same": ("与记录相同", "as recorded"),
    "sources-unknown": ("记录未注明；用到的输入相同", "not recorded; the inputs used are the same"),
    "sources-changed": ("{count} 个文件与记录不同", "{count} files are not as recorded"),
    "sources-commit": ("提交 {commit}", "commit {commit}"),
    "sources-then": (
        "字节在提交 {commit} 处比较，数值用今天的源文件比较",
        "bytes are compared at commit {commit}, numbers with today's sources",
    ),
    "sources-uncommitted": ("{count} 个改动未提交", "{count} changes are in no commit"),
    "bytes": ("文件", "Files"),
    "bytes-of": ("{equal} / {of} 个逐字节相同", "{equal} of {of} equal byte for byte"),
    "level-numbers": ("{count} 个数值相同", "{count} equal in numbers"),
    "level-pixels": ("{count} 个画面相同", "{count} equal in pixels"),
    "level-words": ("{count} 个文字相同", "{count} equal in words"),
    "level-unseen": (
        "{count} 个字节不同，原件不在手边",
        "{count} other in bytes, original not at hand",
    ),
    "level-derived": ("{count} 个派生文件字节不同", "{count} derived files other in bytes"),
    "level-different": ("{count} 个不同", "{count} different"),
    "level-missing": ("缺 {count} 个", "{count} missing"),
    "level-extra": ("多 {count} 个", "{count} too many"),
    "facts": ("事实", "Facts"),
    "data": ("图的数据", "Figure data"),
    "claims": ("论断", "Claims"),
    "statements": ("论文的陈述", "The study’s statements"),
    "figures": ("版本库中的图", "Tracked pictures"),
    "equal-of": ("{equal} / {of} 相同", "{equal} of {of} equal"),
    "not-compared": ("无可比较", "nothing to compare"),
    "claims-hold": ("成立 {holds} 条", "holding {holds}"),
    "claims-fail": (
        "不成立 {count} 条，其中正文说出 {said} 条：{ids}",
        "not holding {count}, of which the text makes {said}: {ids}",
    ),
    "claims-fail-unsaid": (
        "不成立 {count} 条，正文一条也没有说",
        "not holding {count}, none of which the text makes",
    ),
    "verdict-reproduced": ("已复现 {count}", "{count} reproduced"),
    "verdict-differs": ("与论文不一致 {count}", "{count} differ"),
    "verdict-indicative": ("仅供参考 {count}", "{count} indicative"),
    "verdict-not-testable": ("不可检验 {count}", "{count} not testable"),
    "verdicts": ("论文陈述的判定", "Verdicts on the study’s statements"),
    "versions": ("版本", "Versions"),
    "versions-both": ("记录与这里", "recorded and here"),
    "versions-recorded": ("记录", "recorded"),
    "versions-here": ("这里", "here"),
    "tolerance": ("容差", "Tolerance"),
    "tolerance-is": (
        "数值：相对差不超过 {relative}；画面：平均绝对差不超过 {pixels:g}（全幅为 1）",
        "numbers: {relative} relative; pixels: mean absolute difference {pixels:g} of full scale",
    ),
    "worst": ("画面最大平均差 {worst:.4f}", "largest mean difference found {worst:.4f}"),
    "environment": ("环境", "Environment"),
    "environment-same": (
        "平台与 {count} 个版本都与记录相同（{platform}，Python {python}）",
        "platform and all {count} versions as recorded ({platform}, Python {python})",
    ),
    "environment-differs": (
        "{name}：记录 {recorded}，这里 {here}",
        "{name}: recorded {recorded}, here {here}",
    ),
    "promise-bytes": ("因此承诺逐字节相同", "so equal bytes are promised"),
    "promise-numbers": ("因此承诺数值与画面相同", "so equal numbers and pixels are promised"),
    "lock": ("锁文件", "Lock"),
    "lock-kept": ("{count} 个软件包全部与锁文件一致", "all {count} packages as locked"),
    "lock-departs": (
        "{package}：锁定 {locked}，已装 {installed}",
        "{package}: locked {locked}, installed {installed}",
    ),
    "lock-none": ("没有锁文件", "there is no lock"),
    "absent": ("无", "none"),
    "differences": ("不同之处", "Where it differs"),
    "changes": ("记录之后的改动", "What has changed since it was recorded"),
    "errors": ("错误", "Errors"),
    "more": ("……另有 {count} 处，见 certificate.json", "… and {count} more, in certificate.json"),
    "limits": (
        "本证书由 anew {engine} 计算得出，没有人签署，也不含日期。它只说明上述比较的结果："
        "从这些数据和代码能否再次得到同样的内容；不评判数据是否正确、方法是否恰当。"
        "重新运行 anew reproduce 应得到同一证书。",
        "This certificate was computed by anew {engine}. Nobody has signed it and it bears no "
        "date. It says how the comparison above came out: whether the same data and code give the "
        "same again. It does not judge whether the data are right or the methods sound. Running "
        "anew reproduce again should give the same certificate.",
    ),
    "machine": ("机器可读形式", "For machines"),
    "print": ("一页打印版（PDF）", "One page for printing (PDF)"),
    "join": ("；", "; "),
    "kind-fact": ("事实", "fact"),
    "kind-data": ("图的数据", "data of"),
    "kind-claim": ("论断", "claim"),
    "kind-statement": ("陈述", "statement"),
    "kind-file": ("网站文件", "file of the site"),
    "kind-figure": ("版本库中的图", "tracked picture"),
    "kind-source": ("源文件", "source"),
    "place-row": ("第 {row} 行", "row {row}"),
    "place-column": ("{column} 列", "column {column}"),
    "place-line": ("第 {line} 行", "line {line}"),
    "place-cell": ("单元 {cell}", "cell {cell}"),
    "place-page": ("第 {page} 页", "page {page}"),
    "place-key": ("{key}", "{key}"),
    "place-apart": ("平均差 {apart:.4f}", "mean difference {apart:.4f}"),
    "place-size": ("大小不同", "another size"),
    "place-only": ("字节不同，{only}相同", "other bytes, equal in {only}"),
    "only-numbers": ("数值", "numbers"),
    "only-pixels": ("画面", "pixels"),
    "only-words": ("文字", "words"),
    "only-derived": ("派生内容", "what it is derived from"),
    "none-placeholder": (
        "本网站还没有证书。在项目中运行下面的命令，即可由原始数据表重新生成本站并得到证书：",
        "This site has no certificate yet. Run this command in the project to make the site again "
        "from its raw tables and get one:",
    ),
}  # fmt: skip


def tell(language: str, key: str, /, **values: object) -> str:
    """Return the certificate's own words for `key` in `language`, with `values` filled in."""
    text = _WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def specimen(language: str) -> str:
    """Return all words that a certificate may be written in, as HTML, for a font's subset.

    A site has the fonts for its certificate before it has the certificate.
    """
    words = [text[LANGUAGES.index(language)] for text in _WORDS.values()]
    return "".join(f"<p>{text}</p><h2>{text if len(text) < 16 else ''}</h2>" for text in words)

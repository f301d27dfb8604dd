"""The words of the interface, in every language of the site."""

from __future__ import annotations

from anew.project.errors import unknown
from anew.project.language import LANGUAGES

_WORDS: dict[str, tuple[str, str]] = {
    # the shell
    "skip": ("跳到正文", "Skip to the text"),
    "main-menu": ("主导航", "Main"),
    "report": ("报告", "Report"),
    "data": ("数据", "Data"),
    "notebooks": ("计算过程", "Notebooks"),
    "pdf": ("PDF", "PDF"),
    "reproduction": ("复现", "Reproduction"),
    "changes": ("变化", "Changes"),
    # the page on what changed between two editions
    "changes-title": (
        "从 {old} 年度版到 {new} 年度版有什么变化",
        "What changed from edition {old} to edition {new}",
    ),
    "changes-lead": (
        "两个年度版用同样的代码各算一遍，逐点、逐数、逐句比较。过去年份的修订与新增的年份分开列出；"
        "换了来源的数据是序列中断，不算变化。",
        "Both editions are computed with the same code and compared point by point, fact by fact, "
        "sentence by sentence. Revisions of past years stand apart from new years; data of another "
        "source are a break in the series, not a change.",
    ),
    "changes-none": ("没有变化。", "Nothing changed."),
    "changes-scoreboard": ("变化一览", "Changes at a glance"),
    "changes-rule": (
        "变化占前后两值中较大者的十分之一及以上为大，百分之一及以上为中，其余为小。"
        "出现、消失、论断翻转、图题换了说法都算大；年份推移、新增年份、图题换了数字至少算中。",
        "A change of a tenth and more of the larger of the two values is large, of a hundredth and "
        "more moderate, of less small. What comes or goes, a claim that turns and a title that "
        "says something else are large; a year that moves, new years and other numbers in a title "
        "are at least moderate.",
    ),
    "size-large": ("大", "large"),
    "size-moderate": ("中", "moderate"),
    "size-small": ("小", "small"),
    "size-break": ("中断", "break"),
    "size-equal": ("不变", "unchanged"),
    "changed-figures": ("图", "Figures"),
    "changed-facts": ("正文的数值", "Facts in the text"),
    "changed-claims": ("论断", "Claims"),
    "changed-statements": ("论文的陈述", "The study’s statements"),
    "changes-marks": (
        "实线圈：印出的值与另一版不同。虚线圈：只有这一版才有的点。",
        "A ring marks a point whose printed value is another one in the other edition, a dashed "
        "ring a point that only this edition has.",
    ),
    "changes-unchanged": ("没有变化的图：{figures}。", "Unchanged: {figures}."),
    "changes-break-head": ("序列中断", "Break in the series"),
    "changes-break": (
        "{table}：{old} 年度版用的是 {before}，{new} 年度版用的是 {after}。"
        "两份数据不能相减，这里只并列，不比较。",
        "{table}: edition {old} reads {before}, edition {new} {after}. One cannot be subtracted "
        "from the other, so both are shown and not compared.",
    ),
    "changes-redrawn": ("数据没有变，图的画法变了。", "The same data, drawn differently."),
    "values-revised": ("修订了 {count} 个值", "{count} values revised"),
    "values-shifted": (
        "{count} 个值只因年份范围不同而变",
        "{count} values moved by other years alone",
    ),
    "values-broken": (
        "{count} 个值来自另一来源，不比较",
        "{count} values of another source, not compared",
    ),
    "values-new_years": ("{years} 年新增 {count} 个值", "{count} values of new years ({years})"),
    "values-new": ("另外新增 {count} 个值", "{count} values more"),
    "values-gone": ("{count} 个值不再有", "{count} values gone"),
    "table-revised": ("{figure}：修订的 {count} 个值", "{figure}: the {count} values revised"),
    "table-shifted": (
        "{figure}：因年份范围不同而变的 {count} 个值",
        "{figure}: the {count} values that other years moved",
    ),
    "changes-value": ("值", "Value"),
    "changes-absolute": ("差", "Difference"),
    "changes-relative": ("相对变化", "Relative"),
    "changes-prints-same": ("印出来相同", "prints the same"),
    "changes-fact": ("数值", "Fact"),
    "changes-facts-lead": (
        "每个数值旁边是 {new} 年度版正文中第一次印出它的句子。",
        "Beside each fact is the sentence of edition {new} that prints it first.",
    ),
    "changes-in-text": ("正文", "In the text"),
    "changes-between": ("旧年份，新数据", "Old years, new data"),
    "cause-revision": ("同样的年份，数据修订了", "The same years, revised data"),
    "cause-both": ("数据修订了，年份也不同", "Revised data and other years"),
    "cause-years": ("数据没有变，年份不同", "The same data, other years"),
    "cause-unknown": (
        "新增、不再有，或原因未能分开",
        "New, gone, or of a cause that was not told apart",
    ),
    "cause-break": ("序列中断，不比较", "Across a break in the series, not compared"),
    "kind-new": ("新增", "new"),
    "kind-gone": ("不再有", "gone"),
    "turned-claims": ("翻转的论断", "Claims that turned"),
    "turned-statements": ("判定改变的陈述", "Statements with another verdict"),
    "turn-none": ("没有提出", "not made"),
    "turn-fails-when": ("不成立的情形：{when}", "It fails if: {when}"),
    "turn-broken": (
        "两版的数据来源不同，翻转可能只是来源之差。",
        "The editions read different sources, which alone may have turned it.",
    ),
    # the page on reproduction
    "reproduction-title": ("复现：论文的陈述与数据", "Reproduction: the study and the data"),
    "reproduction-lead": (
        "论文有 {total} 条可逐一核对的陈述。目录中有数据的，都由笔记本检验；判定由程序算出。",
        "The study makes {total} statements that can be checked one by one. Each is tested by a "
        "notebook where the catalogue has the data; the verdicts are computed.",
    ),
    "reproduction-scoreboard": ("{edition} 年度版的判定", "Verdicts in edition {edition}"),
    "reproduction-count": ("条数", "Statements"),
    "reproduction-meaning": ("含义", "What it means"),
    "reproduction-own": (
        "本报告自己的论断与依据见报告正文；全部判定（机器可读）：",
        "The report’s own claims and their evidence are in its text; all verdicts, for programs:",
    ),
    "reproduction-again": (
        "整份报告可以由原始数据表重新生成，再与本站逐个文件、逐个数值比较：",
        "The whole report can be rebuilt from its raw tables and compared with this site, file "
        "by file and number by number:",
    ),
    "reproduction-certificate": ("复现证书", "certificate of reproduction"),
    "verdict": ("判定", "Verdict"),
    "verdict-reproduced": ("已复现", "Reproduced"),
    "verdict-differs": ("与论文不一致", "Differs"),
    "verdict-indicative": ("仅供参考", "Indicative"),
    "verdict-not-testable": ("不可检验", "Not testable"),
    "verdict-reproduced-means": (
        "按论文印出的位数取整后相同，或检验成立。",
        "Equal when rounded as printed, or the test holds.",
    ),
    "verdict-differs-means": (
        "同一口径的公开数据给出另一个值，或检验不成立。",
        "Open data on the same measure give another value, or the test fails.",
    ),
    "verdict-indicative-means": (
        "只有替代口径或界限：方向一致或相反，都不构成证实或否定。",
        "Only a substitute measure or a bound: agreeing or not, it confirms and refutes nothing.",
    ),
    "verdict-not-testable-means": (
        "需要的数据表没有公开。",
        "The table that would be needed is not public.",
    ),
    "statement-printed": ("论文", "The study"),
    "statement-ours": ("本报告", "This report"),
    "statement-direction": ("方向", "Direction"),
    "statement-agrees": ("与论文一致", "agrees with the study"),
    "statement-disagrees": ("与论文不一致", "disagrees with the study"),
    "statement-test": ("检验", "Test"),
    "statement-depends": ("取决于", "Depends"),
    "statement-missing": ("缺少的数据", "Table needed"),
    "statement-place": ("论文{place}", "The study, {place}"),
    "section": ("第 {number} 部分", "part {number}"),
    "statement-figure": ("本报告的图 {number}", "Figure {number} of this report"),
    "notebook-plain": ("计算过程", "How this was computed"),
    "editions": ("年度版", "Editions"),
    "edition": ("{name} 年度版", "Edition {name}"),
    "edition-newest": ("{name}（最新）", "{name} (newest)"),
    "edition-old": (
        "这是 {name} 年度版。更新的是 {newest} 年度版：",
        "This is the {name} edition. There is a newer one, {newest}:",
    ),
    "edition-old-link": ("看新版的同一页", "the same page in the newer edition"),
    "language": ("语言", "Language"),
    "theme-dark": ("改用深色", "Switch to dark"),
    "theme-light": ("改用浅色", "Switch to light"),
    "contents": ("目录", "Contents"),
    "search": ("搜索", "Search"),
    "search-label": ("在全站中搜索", "Search this site"),
    "search-hint": ("输入词语，两个汉字即可", "Type a word, two letters are enough"),
    "search-none": ("没有找到“{query}”。", "Nothing found for “{query}”."),
    "search-count": ("找到 {count} 页。", "Pages found: {count}."),
    "search-file": (
        "直接从文件打开的页面不能搜索：浏览器不允许。用 anew serve 或任何网页服务器打开即可。",
        "Search does not work in a page opened from a file: browsers forbid it. "
        "Use anew serve or any web server.",
    ),
    "close": ("关闭", "Close"),
    "top": ("回到开头", "Back to the top"),
    "licence": ("许可", "Licence"),
    "licence-text": (
        "文字与图采用 {text}；代码采用 {code}。",
        "Text and figures: {text}. Code: {code}.",
    ),
    "data-terms": ("数据条款", "Data terms"),
    "data-terms-text": (
        "每张数据表按其机构的条款使用，见数据页。",
        "Each table is under its agency's own terms; see the data page.",
    ),
    "cite": ("引用本报告", "How to cite"),
    "cite-bibtex": ("BibTeX 格式", "As BibTeX"),
    "source-code": ("源代码", "Source code"),
    "built-from": (
        "本站由原始数据表重算而成；各文件的校验值见 {manifest}。",
        "Recomputed from raw tables; the checksum of every file is in {manifest}.",
    ),
    "manifest": ("清单", "the manifest"),
    # a report
    "abstract": ("摘要", "Abstract"),
    "keywords": ("关键词", "Keywords"),
    "date": ("日期", "Date"),
    "join": ("、", ", "),
    "read-pdf": ("下载 PDF", "Download PDF"),
    "read-docx": ("下载 Word 文档", "Download as a Word document"),
    # a figure
    "tools": ("图 {number} 的文件与数据", "Files and data of Figure {number}"),
    "download": ("下载", "Download"),
    "download-as": ("下载图 {number}，{kind} 格式", "Download Figure {number} as {kind}"),
    "download-csv": (
        "下载图 {number} 的数据，CSV 格式",
        "Download the data of Figure {number}, CSV",
    ),
    "how": ("如何算出", "How this was computed"),
    "how-label": ("图 {number} 是如何算出的", "How Figure {number} was computed"),
    "source-file": ("源文件", "Source file"),
    "source-label": ("图 {number} 的源文件 {path}", "Source file of Figure {number}, {path}"),
    "table-of": ("图 {number} 的数据表", "Data of Figure {number} as a table"),
    "table-caption": ("图 {number} 的数据", "Data of Figure {number}"),
    "rows": ("{count} 行", "{count} rows"),
    "rows-1": ("1 行", "1 row"),
    "measure": ("指标", "Measure"),
    "note": ("注", "Note"),
    "points": (
        "图 {number} 的数据点，用方向键逐个阅读",
        "Data points of Figure {number}; read them with the arrow keys",
    ),
    "points-hint": (
        "指向或点按图中的点可读数值。",
        "Point at or tap a mark to read its value.",
    ),
    "missing": ("缺失", "missing"),
    # claims
    "evidence": ("依据", "Evidence"),
    "evidence-lead": (
        "正文中带“{mark}”标记的句子都由数据检验。下面逐条列出决定它们的数值。",
        "Every sentence marked “{mark}” is tested against the data. "
        "These are the values that decide each of them.",
    ),
    "evidence-mark": ("这句话的依据：{id}", "Evidence for this sentence: {id}"),
    "evidence-again": ("又见", "also"),
    "evidence-from": ("由图 {number} 的计算得出", "Computed for Figure {number}"),
    "evidence-from-notebook": ("由笔记本 {address} 算出", "Computed in the notebook {address}"),
    "claim-holds": ("成立", "Holds"),
    "claim-fails": ("不成立", "Does not hold"),
    "claim-fails-mark": ("本年度版的数据不支持这句话", "not supported by this edition's data"),
    "claim-fails-when": ("不成立的情形", "It would fail if"),
    "claim-failed": ("数据显示", "What the data show"),
    "figure": ("图 {number}", "Figure {number}"),
    # notebooks
    "notebook-of": ("图 {number} 的计算", "How Figure {number} is computed"),
    "notebook-lead": (
        "这一页是执行后的笔记本：从原始数据表读数，算出图 {number} 和正文引用的数值。",
        "This is the notebook as it ran: it reads the raw tables and computes Figure {number} "
        "and the numbers that the text quotes.",
    ),
    "notebook-lead-plain": (
        "这一页是执行后的笔记本：从原始数据表读数，算出正文引用的数值。",
        "This is the notebook as it ran: it reads the raw tables and computes the numbers that "
        "the text quotes.",
    ),
    "notebook-download": ("下载笔记本（.ipynb）", "Download the notebook (.ipynb)"),
    "notebook-figure": ("在报告中看图 {number}", "See Figure {number} in the report"),
    "notebook-source": ("源文件 {path}", "Source file {path}"),
    "notebook-list": ("计算过程", "Notebooks"),
    "notebook-list-lead": (
        "每幅图由一个笔记本算出，从原始数据表一直到图。每页都可以阅读，也可以下载后重新运行。",
        "One notebook computes each figure, from the raw tables to the picture. "
        "Read them here, or download and run them again.",
    ),
    "in": ("代码 {number}", "Code {number}"),
    "out": ("结果 {number}", "Result {number}"),
    "code": ("代码", "Code"),
    "result": ("结果", "Result"),
    "other-picture": ("同一幅图的英文版", "The same figure in Chinese"),
    "picture": ("图", "Picture"),
    "table": ("表", "Table"),
    # data
    "data-title": ("数据", "Data"),
    "data-lead": (
        "报告的每个数值都由下列原始数据表算出。这里可以查看每张表是什么、来自哪里、按什么条款使用，"
        "并下载每个数据版本。",
        "Every number in the report is computed from the tables below. Here is what each table is, "
        "where it comes from and on what terms, with every vintage to download.",
    ),
    "data-package": (
        "全部数据表的机器可读描述：{package}，符合 {standard} 规范。",
        "A description of all tables for machines: {package}, following {standard}.",
    ),
    "data-cite": ("如何引用数据", "How to cite the data"),
    "data-cite-text": (
        "引用数据时请引用提供数据的机构，并写明数据版本：",
        "Please cite the agency that published the data, with the vintage:",
    ),
    "data-overview": ("数据表一览", "The tables at a glance"),
    "agency": ("机构", "Agency"),
    "agency-link": ("机构的数据页面", "The agency's page"),
    "code-id": ("指标代码", "Series code"),
    "vintages": ("数据版本", "Vintages"),
    "vintage": ("数据版本", "Vintage"),
    "published": ("发布", "Published"),
    "read": ("读取", "Read"),
    "row-count": ("行数", "Rows"),
    "size": ("大小", "Size"),
    "used-by": ("用于", "Used for"),
    "not-used": ("本年度版未用", "not in this edition"),
    "columns": ("列", "Columns"),
    "column": ("列名", "Column"),
    "type": ("类型", "Type"),
    "unit": ("单位", "Unit"),
    "meaning": ("含义", "Meaning"),
    "citation": ("引用", "Citation"),
    "download-vintage": ("下载 {table}，版本 {vintage}", "Download {table}, vintage {vintage}"),
    # front, errors
    "read-report": ("阅读报告", "Read the report"),
    "not-found": ("没有这一页", "No such page"),
    "not-found-text": (
        "地址可能有误，或者这一页在别的年度版里。",
        "The address may be wrong, or the page belongs to another edition.",
    ),
    "home": ("首页", "Start page"),
    "newest": ("最新", "newest"),
}

#: How each language calls itself, for the language switch.
NAMES = {"zh": "中文", "en": "English"}


def word(language: str, key: str, /, **values: object) -> str:
    """Return the interface's word for `key` in `language` with `values` filled in.

    Raises AnewError for a key that does not exist.
    """
    if key not in _WORDS:
        raise unknown("interface word", key, _WORDS)
    text = _WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def keys() -> tuple[str, ...]:
    """Return every key, for the test that each is used and given in each language."""
    return tuple(_WORDS)

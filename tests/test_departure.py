"""A report with parameters of its own: printed where its text can be, refused before it is set."""

from __future__ import annotations

import pytest
import tiny

from anew.build.departure import departs, refuse_unprintable, typed
from anew.build.plan import Request, make_plan
from anew.project.errors import AnewError

#: States the year and claims only when the last year is drawn, as a year of passing is stated only
#: where there is one.
DEPENDS = (
    'if p.last_year > 2020:\n    session.fact("rain_year", 2021, "year")\n'
    '    session.claim("rain-grows", True, evidence={"2021": 12.5},\n'
    '                  fails_when={"zh": "降水减少", "en": "rain falls"})\n'
    'session.fact("rain_last", frame["value"].iloc[-1], "mm")'
)


@pytest.fixture
def project(tmp_path):
    made = tiny.make(tmp_path / "p", text=True)
    tiny.notebook(made.analysis / "fig1_rain.ipynb", [*tiny.FIG1[:3], DEPENDS, tiny.DRAW])
    return made


def test_it_names_what_is_missing_and_how_to_see_the_figure(project, anew):
    done = anew("build", "-p", "fig1.last_year=2020", cwd=project.root)
    assert done.returncode == 2 and "typeset" not in done.stderr
    assert "cannot be printed with fig1.last_year=2020: no notebook states 2 of" in done.stderr
    assert "fact rain_year: report/zh/index.qmd:7 and 1 more" in done.stderr
    assert "claim rain-grows: report/zh/index.qmd:7 and 1 more" in done.stderr
    hint = "anew build --only fig1 -p fig1.last_year=2020"
    assert f"See the figures without the text: {hint}\n" in done.stderr
    assert not project.site.exists()
    assert anew(*hint.split()[1:], cwd=project.root).returncode == 0
    # a fact that the notebook names as absent is printed as a dash, and its sentence as failing
    named = DEPENDS.replace("if p.last_year > 2020:", "if p.last_year < 2021:").replace(
        'session.fact("rain_year", 2021, "year")', 'session.absent("rain_year")'
    )
    named = named.replace('"rain-grows", True', '"rain-grows", False')
    tiny.notebook(project.analysis / "fig1_rain.ipynb", [*tiny.FIG1[:3], named, tiny.DRAW])
    for language in tiny.TEXT:
        path = project.report / language / "index.qmd"
        year = f"{{{{< var {language}.rain_year >}}}}"
        text = path.read_text("utf-8").replace(year, "")
        path.write_text(
            text.replace(']{.claim ref="rain-grows"}', f' {year}]{{.claim ref="rain-grows"}}'),
            "utf-8",
        )
    done = anew("build", "-p", "fig1.last_year=2020", cwd=project.root)
    assert done.returncode == 0, done.stderr
    assert "rain-grows" in done.stdout
    assert "Rain grew to 11.0 mm —" in (project.site / "report/en/index.html").read_text("utf-8")


def test_only_a_whole_report_with_parameters_departs(project):
    def plan(**more):
        return make_plan(project, Request(**more))

    assert departs(plan(parameters=("last_year=2020",)))
    assert not departs(plan())
    assert not departs(plan(parameters=("last_year=2020",), only=("fig1",)))


def test_front_matter_counts_and_what_the_engine_states_does_not(project):
    path = project.report / "en" / "index.qmd"
    front = 'title: Rain\nsubtitle: "{{< var en.snow >}} of {{< var en.edition >}}"'
    path.write_text(path.read_text("utf-8").replace("title: Rain report", front), "utf-8")
    plan = make_plan(project, Request(parameters=("fig1.last_year=2020",)))
    with pytest.raises(AnewError) as caught:
        refuse_unprintable(plan, {"rain_last", "rain_year", "rain_total"}, {"rain-grows"})
    assert "states 1 of" in str(caught.value)
    assert "fact snow: report/en/index.qmd:3" in str(caught.value)


def test_parameters_are_told_as_they_are_typed():
    given = {"fig3": {"measure": "ict", "economies": ["CHN", "USA"]}, "fig7": {"last_year": 2018}}
    assert typed(given) == ("-p fig3.measure=ict -p fig3.economies=CHN,USA -p fig7.last_year=2018")

"""Names, numbers, dates and sums as agencies write them."""

from __future__ import annotations

from pathlib import Path

import pycountry
import pytest
from agency_files import BANK
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from anew.intake.names import Names
from anew.intake.quantities import number, written, year
from anew.project.paths import Project
from anew.tables.loading import load_catalog


@pytest.fixture(scope="module")
def names():
    return Names(load_catalog(Project(Path(__file__).parents[1])))


def test_every_country_resolves_by_its_chinese_and_english_name_and_codes(names):
    for country in pycountry.countries:
        for language in ("en", "zh_Hans"):
            name = Locale.parse(language).territories[country.alpha_2]
            assert names.resolve(name) == country.alpha_3, name
        if not names.ambiguous(country.name):  # Congo
            assert names.resolve(country.name) == country.alpha_3
        assert names.resolve(country.alpha_2) == names.resolve(country.alpha_3) == country.alpha_3


def test_the_world_banks_names_agree_with_its_codes(names):
    for name, code in BANK.items():
        assert names.resolve(name) in (code, None), name
    unresolved = {name for name in BANK if names.resolve(name) is None}
    assert {"China", "Korea, Rep.", "Hong Kong SAR, China", "European Union"}.isdisjoint(unresolved)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Turkey", "TUR"), ("Türkiye", "TUR"), ("South Korea", "KOR"), ("UK", "GBR"),
        ("Hong Kong", "HKG"), ("香港", "HKG"), ("China, Hong Kong SAR", "HKG"), ("世界", "WLD"),
        ("Czech Republic", "CZE"), ("Viet Nam", "VNM"), ("Côte d’Ivoire", "CIV"), ("EU", "EUU"),
        ("Netherlands (Kingdom of the)", "NLD"), ("  China ", "CHN"), ("united states", "USA"),
        ("中华人民共和国", "CHN"), ("大韩民国", "KOR"), ("香港特别行政区", "HKG"), ("U.K.", "GBR"),
        ("Hong Kong, China", "HKG"), ("Kosovo", "XKX"), ("EL", "GRC"), ("UK", "GBR"),
        ("U.S.A.", "USA"), ("Congo, Rep.", "COG"), ("Congo, Dem. Rep.", "COD"),
        ("Guinea", "GIN"), ("Papua New Guinea", "PNG"), ("Niger", "NER"), ("Dominica", "DMA"),
    ],
)  # fmt: skip
def test_variants_resolve(names, name, code):
    assert names.resolve(name) == code


@pytest.mark.parametrize(
    "name",
    ["", "Congo", "刚果", "Atlantis", "East Asia & Pacific", "chn", "Ch", "ZZZ", "Euro area"],
)
def test_what_is_no_economy_is_unknown(names, name):
    assert names.resolve(name) is None


@pytest.mark.parametrize(
    "name",
    """Africa Western and Central|Arab World|Caribbean small states|Central Europe and the Baltics|
    Early-demographic dividend|East Asia & Pacific (excluding high income)|Euro area|
    Europe & Central Asia|Fragile and conflict affected situations|Heavily indebted poor countries
    (HIPC)|High income|IBRD only|IDA & IBRD total|IDA blend|Latin America & Caribbean|
    Least developed countries: UN classification|Low & middle income|Lower middle income|
    Middle East, North Africa, Afghanistan & Pakistan|North America|OECD members|
    Other small states|Pacific island small states|Post-demographic dividend|Small states|
    South Asia|Sub-Saharan Africa|South America|Eastern Africa|Polynesia|Developing economies|
    Not classified|Upper middle income""".replace("\n    ", " ").split("|"),
)
def test_groups_of_the_agencies_are_not_taken_for_countries(names, name):
    assert names.resolve(name.strip()) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2021-07-01", 2021), ("7/1/2021", 2021), ("01.07.2021", 2021), ("13/4/2022", 2022),
        ("4/13/22", 2022), ("Jul 1, 2021", 2021), ("July 2021", 2021), ("1 July 2021", 2021),
        ("01-Jul-21", 2021), ("2021年7月1日", 2021), ("2021年", 2021), ("2021", 2021),
        ("2021/7", 2021), ("2021-07-01T00:00:00", 2021), ("31/31/2021", None), ("2021-02-30", None),
        ("Foo 1, 2021", None), ("soon", None), ("20211", None), ("", None),
    ],
)  # fmt: skip
def test_years_of_dates(text, value):
    assert year(text, 2000) == value


@pytest.mark.parametrize(
    ("place", "code", "doubt"),
    [
        ("Dublin, Ireland", "IRL", ""), ("Beijing, Beijing, China", "CHN", ""),
        ("Austin, Texas", "USA", ""), ("Austin, TX", "USA", ""), ("London, UK", "GBR", ""),
        ("San Francisco, CA, USA", "USA", ""), ("Hong Kong, China", "HKG", ""),
        ("San Francisco, CA", None, "California"), ("Atlanta, GA", None, "Gabon"),
        ("Indianapolis, IN", None, "India"), ("Atlanta, Georgia", None, "Georgia (GEO)"),
        ("Munich, DE", None, "Germany"), ("Toronto, ON", None, ""), ("Ireland", "IRL", ""),
    ],
)  # fmt: skip
def test_the_last_part_of_a_place_is_its_economy_or_a_question(names, place, code, doubt):
    found, why = names.place(place)
    assert found == code and doubt in why and bool(doubt) == bool(why)


@pytest.mark.parametrize(
    "text",
    ["", "1 000", "1,00", "١", "１", "0x1", "nan", "inf", "1.", ".5", "--1", "1e99", "1e-99"],
)
def test_what_is_no_number(text):
    assert number(text) is None


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15
    )
)
def test_numbers_are_written_as_they_were(value):
    assert number(written(value)) == value
    assert "E" not in written(value) and not written(value).endswith(".")

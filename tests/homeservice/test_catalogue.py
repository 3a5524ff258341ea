"""The message catalogue is complete, and refuses to be ambiguous."""

import gettext
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils.translation import gettext as django_gettext
from django.utils.translation import override

from homeservice.foundation import texts
from homeservice.foundation.texts import Text

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'


@pytest.fixture
def locale(tmp_path: Path, settings: LazySettings) -> Path:
    """An empty locale folder in the place of the product's."""
    settings.LOCALE_PATHS = [tmp_path]
    folder = tmp_path / texts.LANGUAGE
    folder.mkdir()
    return folder


def test_every_text_has_its_chinese_and_no_translation_is_left_over() -> None:
    assert texts.complaints() == []


def test_features_are_merged_into_the_file_that_django_loads(locale: Path) -> None:
    (locale / "a.po").write_text(HEADER + 'msgid "Rest"\nmsgstr "休息"\n')
    (locale / "b.po").write_text(
        HEADER
        + 'msgctxt "money"\nmsgid "Rest"\nmsgstr "余额"\n\n'
        + 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s 天"\n'
    )

    call_command("compile_catalogue")

    loaded = gettext.translation("django", str(locale.parent), [texts.LANGUAGE])
    assert loaded.gettext("Rest") == "休息"
    assert loaded.pgettext("money", "Rest") == "余额"
    assert loaded.ngettext("%(n)s day", "%(n)s days", 2) == "%(n)s 天"


def test_two_features_that_disagree_are_named(locale: Path) -> None:
    (locale / "a.po").write_text(HEADER + 'msgid "Rest"\nmsgstr "休息"\n')
    (locale / "b.po").write_text(HEADER + 'msgid "Rest"\nmsgstr "余额"\n')

    with pytest.raises(CommandError, match=r"“Rest”: a\.po says 休息, b\.po says 余额"):
        call_command("compile_catalogue")


def test_django_keeps_its_own_words() -> None:
    with override("zh-hans"):
        assert django_gettext("Sunday") == "星期日"


def test_texts_are_found_in_tags_blocks_and_attributes_of_components(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% translate "One" %}{{ _("Two") }}<c-field :label="_(\'Three\')" hint="{% translate \'Four\' %}">'
        "{% blocktranslate trimmed count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% translate "Rest" context "money" %}{{ value|default:_("Five (5)") }}'
    )

    assert set(texts.texts_of_template(page)) == {
        Text("One"), Text("Two"), Text("Three"), Text("Four"), Text("%(n)s day"), Text("Rest", "money"), Text("Five (5)")
    }  # fmt: skip


def test_what_is_missing_unused_or_differs_in_its_places_is_listed(locale: Path) -> None:
    (locale / "a.po").write_text(HEADER + 'msgid "Nobody says this %(name)s"\nmsgstr "没人这样说 %(nom)s"\n')

    listed = texts.complaints()

    assert "a.po: nobody uses “Nobody says this %(name)s”" in listed
    assert any(line.startswith("a.po: the places of “Nobody says this %(name)s” differ") for line in listed)
    assert any(line.endswith("no Chinese for “Resident”") for line in listed)

# SPDX-License-Identifier: MIT
"""What surrounds the window: its translations, and the files that desktops read."""
import glob
import os
import re
import subprocess

import pytest
from support.sandbox import ROOT

WINDOW = os.path.join(ROOT, "clients", "gtk")
DATA = os.path.join(WINDOW, "data")
MESSAGE = re.compile(r'^msgid "(.+)"', re.M)


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=60)


def marked_texts():
    sources = sorted(glob.glob(os.path.join(WINDOW, "*.cpp")))
    done = run(
        "xgettext",
        "--from-code=UTF-8",
        "--language=C++",
        "-k_",
        "-ktranslate_count:1,2",
        "--no-wrap",
        "-o",
        "-",
        *sources,
    )
    assert done.returncode == 0, done.stderr
    return set(MESSAGE.findall(done.stdout))


@pytest.mark.parametrize("catalogue", sorted(glob.glob(os.path.join(WINDOW, "po", "*.po"))))
def test_a_catalogue_is_complete(catalogue):
    with open(catalogue) as text:
        translated = set(MESSAGE.findall(text.read()))
    assert marked_texts() == translated
    done = run("msgfmt", "--check", "--statistics", "-o", os.devnull, catalogue)
    assert done.returncode == 0 and "untranslated" not in done.stderr and "fuzzy" not in done.stderr


@pytest.mark.parametrize("catalogue", sorted(glob.glob(os.path.join(WINDOW, "po", "*.po"))))
def test_a_translation_has_the_places_of_its_text(catalogue):
    with open(catalogue) as text:
        pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"', text.read(), re.M)
    assert pairs
    wrong = [
        text
        for text, said in pairs
        if sorted(re.findall(r"%\d", text)) != sorted(re.findall(r"%\d", said))
    ]
    assert not wrong


def test_the_desktop_entry_is_valid():
    done = run("desktop-file-validate", os.path.join(DATA, "org.forgelink.Forgelink.desktop"))
    assert done.returncode == 0 and not done.stdout, done.stdout


def test_the_appstream_metainfo_is_valid():
    done = run(
        "appstreamcli",
        "validate",
        "--no-net",
        os.path.join(DATA, "org.forgelink.Forgelink.metainfo.xml"),
    )
    assert done.returncode == 0, done.stdout


def test_libadwaita_is_called_from_one_file():
    sources = glob.glob(os.path.join(WINDOW, "*.?pp"))
    users = [path for path in sources if re.search(r"\badw_|<adwaita\.h>", open(path).read())]
    assert [os.path.basename(path) for path in users] == ["adwaita.cpp"]

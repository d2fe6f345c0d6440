#!/usr/bin/env python3
"""Opens a report in a headless Chromium, light, dark and as wide as a phone, tries its filter, and says what is wrong.

report_browser.py REPORT SHOTS [CHROMIUM]

A screenshot of each goes to SHOTS. Prints a line for each problem; the exit status is 1 if there is any.
"""
import os
import sys
import tempfile

from console_browser import DEVICES, LOOK, Browser

ROWS = "[...document.querySelectorAll('tr[data-weight]')]"


def main(report, shots, chromium="chromium"):
    os.makedirs(shots, exist_ok=True)
    problems = []
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    browser = Browser(chromium, profile.name)
    browser.home = "file://"
    try:
        for device, facts in DEVICES.items():
            browser.device(**facts)
            browser.go("file://" + os.path.abspath(report))
            browser.shot(f"{shots}/drift-report-{device}.png")
            for said in browser.complaints() + (browser.run(LOOK) or []):
                problems.append(f"{device}: {said}")
        for said in filtered(browser):
            problems.append(said)
    finally:
        browser.end()
        profile.cleanup()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def filtered(browser):
    """The filter hides what does not hold the words, and gives it back."""
    shown = lambda: browser.run(f"{ROWS}.filter((row) => row.checkVisibility()).length")
    word = lambda text: browser.run(
        f"(() => {{ const e = document.getElementById('find'); e.value = {text!r}; e.dispatchEvent(new Event('input', {{bubbles: true}})); }})()")
    whole = shown()
    if not whole:
        yield "nothing in it can be found"
    word("nothing is called so")
    if shown():
        yield "the filter hides nothing"
    word("AdministratorAccess")
    if not 0 < shown() < whole:
        yield f"the filter shows {shown()} of {whole}"
    word("")
    if shown() != whole:
        yield "the filter does not give back what it hid"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

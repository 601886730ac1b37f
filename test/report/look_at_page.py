#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Looks at a report as a reader does: look_at_page.py CASE PAGE DATABASE ISCC opens PAGE in headless Chromium and holds what it
shows against the database. Exit status 1 with what is wrong, 77 when browser, driver or selenium is missing."""
import base64
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select
except ImportError:
    sys.exit(77)

NONE = "\u2013"


def expect(holds, *what):
    if not holds:
        sys.exit("not as it should be: " + " ".join(str(one) for one in what))


class Page:
    def __init__(self, path, database, iscc, width=1200):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
            options.add_argument(argument)
        options.binary_location = shutil.which("chromium")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.database, self.iscc = database, iscc
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
        self.driver.get("file://" + os.path.abspath(path))

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def answer(self, name):
        """The table of a question, with its filter and the like."""
        return self.driver.find_element(
            By.XPATH, "//section[@id='tables']/h3[.='%s']/following-sibling::div[@class='answer'][1]" % name)

    def rows(self, name):
        """What can be seen of its rows: lists of (text, all digits of a number or None)."""
        return self.script("return [...arguments[0].querySelectorAll('tbody tr')].filter(row => row.offsetHeight > 0)"
                           ".map(row => [...row.cells].map(cell => [cell.textContent, cell.title || null]))", self.answer(name))

    def head(self, name, column):
        return next(head for head in self.answer(name).find_elements(By.TAG_NAME, "th") if head.text == column)

    def query(self, question):
        done = subprocess.run([self.iscc, "query", self.database, question, "--format=jsonl"], check=True, capture_output=True, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def sql(self, text, *values):
        with sqlite3.connect(self.database) as connection:
            return connection.execute(text, values).fetchall()

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]


def renders(page):
    expect(page.find("h1").text == os.path.basename(page.database), page.find("h1").text)
    titles = [title.text for title in page.driver.find_elements(By.TAG_NAME, "h2")]
    for title in ("Summary", "Schemes", "Comparisons", "Metrics of campaigns", "Tables", "Where the numbers come from"):
        expect(title in titles, title, "in", titles)
    drawn = page.script("return [...document.querySelectorAll('.plot canvas')].map(one =>"
                        " one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(Boolean))")
    expect(drawn.count(True) >= 2, "canvases with something on them:", drawn)
    expect(len(page.requests()) == 1, "requests:", page.requests())
    expect(not page.complaints(), page.complaints())


def tables_are_the_query(page):
    compared = 0
    for name in ("energy", "latency", "accuracy", "misses", "causes", "decisions", "plan", "solver", "lifetime", "runs", "failures"):
        wanted, seen = page.query(name), page.rows(name)
        expect(len(wanted) == len(seen) > 0, name, len(wanted), len(seen))
        for want, row in zip(wanted, seen):
            for value, (text, digits) in zip(want.values(), row):
                same = float(digits) == value if isinstance(value, (int, float)) else text == (NONE if value is None else value)
                expect(same, name, value, text, digits)
                compared += 1
    expect(compared > 200, compared)


def sorts(page):
    button = page.head("runs", "run_id").find_element(By.TAG_NAME, "button")
    def numbers():
        return [float(row[0][1]) for row in page.rows("runs") if row[0][1]]
    ascending = sorted(numbers())
    expect(max(ascending) >= 10, "no two digits:", ascending)  # else text would sort alike
    button.click()
    expect(numbers() == ascending, numbers())
    expect(page.head("runs", "run_id").get_attribute("aria-sort") == "ascending")
    button.click()
    expect(numbers() == ascending[::-1], numbers())
    expect(page.head("runs", "run_id").get_attribute("aria-sort") == "descending")
    expect(page.rows("runs")[-1][0][0] == NONE, "what is missing comes last", page.rows("runs")[-1])


def sorts_by_keys(page):
    page.answer("energy").find_element(By.XPATH, "preceding::summary[1]").click()  # the element before the table
    active = page.driver.switch_to.active_element
    for _ in range(10):
        active.send_keys(Keys.TAB)
        active = page.driver.switch_to.active_element
        if active.tag_name == "button" and active.text == "scheme":
            break
    expect(active.tag_name == "button", active.tag_name)
    expect(page.script("return getComputedStyle(arguments[0]).outlineStyle", active) == "solid", "focus cannot be seen")
    active.send_keys(Keys.ENTER)
    active.send_keys(Keys.ENTER)
    schemes = [row[0][0] for row in page.rows("energy")]
    expect(schemes == sorted(schemes, reverse=True) and len(schemes) > 1, schemes)


def filters(page):
    field, all_rows = page.answer("runs").find_element(By.TAG_NAME, "input"), page.rows("runs")
    field.send_keys("JCC done")
    wanted = [row for row in all_rows if any(text == "jcc" for text, _ in row) and any(text == "done" for text, _ in row)]
    expect(0 < len(wanted) < len(all_rows) and page.rows("runs") == wanted, page.rows("runs"))
    status = page.answer("runs").find_element(By.CSS_SELECTOR, "[role=status]").text
    expect(status == "%d of %d rows" % (len(wanted), len(all_rows)), status)
    field.clear()
    field.send_keys(" ")
    expect(page.rows("runs") == all_rows, "all are back")


def read_latency(page, readout):
    """Holds what is read from the distribution of latencies against the tasks themselves; how many values."""
    found = re.fullmatch(r"Latency (\S+) s: (.*)", readout)
    expect(found, readout)
    values = [one.rsplit(": ", 1) for one in found[2].split("; ")]
    for scheme, share in values:
        [(want,)] = page.sql("SELECT 1.0 * sum(latency_s <= ? * (1 + 1e-5)) / count(*) FROM task JOIN node USING (run_id, node_id)"
                             " JOIN run USING (run_id) WHERE status = 'done' AND scheme = ?", float(found[1]), scheme)
        expect(abs(float(share) - want) <= 1e-5, scheme, share, want)
    return dict(values)


def lines_of(page, section):
    return page.find("#%s .lines" % section)


def readout_of(lines):
    return lines.find_element(By.CLASS_NAME, "readout").text


def hover_reads_the_database(page):
    lines = lines_of(page, "plots")
    plot, seen = lines.find_element(By.CLASS_NAME, "plot"), set()
    page.script("arguments[0].scrollIntoView({block: 'center'})", plot)
    for place in (-300, -100, 150, 400):
        ActionChains(page.driver).move_to_element_with_offset(plot, place, 0).perform()
        read_latency(page, readout_of(lines))
        seen.add(readout_of(lines))
    expect(len(seen) > 2, seen)


def arrows_read_the_database(page):
    lines = lines_of(page, "plots")
    plot = lines.find_element(By.CLASS_NAME, "plot")
    plot.send_keys(Keys.ARROW_RIGHT)
    [(least,)] = page.sql("SELECT min(latency_s) FROM task JOIN run USING (run_id) WHERE status = 'done'")
    read_latency(page, readout_of(lines))
    expect(abs(float(readout_of(lines).split()[1]) - least) < 0.003 * least, readout_of(lines), least)  # the first bin
    Select(page.find("#metrics select")).select_by_visible_text("energy_per_task_j")
    lines = lines_of(page, "metrics")
    lines.find_element(By.CLASS_NAME, "plot").send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    found = dict(re.findall(r"(\w+): (\S+)", readout_of(lines).split(": ", 1)[1]))
    wanted = page.sql("SELECT json_extract(arguments, '$.scheme'), 1e3 * mean FROM v_point WHERE metric = 'energy_per_task_j'"
                      " AND json_extract(arguments, '$.\"max-latency\"') = '0.9'")
    expect(readout_of(lines).startswith("max-latency 0.9") and len(wanted) == 2, readout_of(lines))
    for scheme, mean in wanted:
        expect(abs(float(found[scheme]) - mean) <= 1e-5 * mean, scheme, found, mean)


def lines_hide_and_zoom(page):
    lines = lines_of(page, "plots")
    plot, box = lines.find_element(By.CLASS_NAME, "plot"), lines.find_element(By.CSS_SELECTOR, "input[type=checkbox]")
    scheme = box.find_element(By.XPATH, "..").text
    box.send_keys(Keys.SPACE)
    for _ in range(30):
        plot.send_keys(Keys.ARROW_RIGHT)
        expect(scheme not in read_latency(page, readout_of(lines)), "hidden, but read:", scheme)
    ticks = "return [...arguments[0].querySelectorAll('.dygraph-axis-label-x')].map(one => one.textContent)"
    whole = page.script(ticks, plot)
    ActionChains(page.driver).move_to_element_with_offset(plot, -300, 0).click_and_hold().move_by_offset(150, 0).release().perform()
    expect(page.script(ticks, plot) != whole, "a drag does not zoom", whole)
    lines.find_element(By.TAG_NAME, "button").click()
    expect(page.script(ticks, plot) == whole, "not all is back", page.script(ticks, plot))
    plot.send_keys("+")
    expect(page.script(ticks, plot) != whole, "the key does not zoom")


def words_of_strangers_are_text(page):
    evil = page.sql("SELECT DISTINCT scheme FROM node WHERE scheme LIKE '%<%' ORDER BY 1")
    expect(len(evil) == 2, evil)
    for [name] in evil:
        shown = name.replace("\u202e", "\\u202e").replace("\x1b", "\\u001b")
        expect(shown in [row[0][0] for row in page.rows("energy")], shown)
        expect(shown in page.find("#plots").text and shown in page.find("#summary").text, shown)
    expect("\u202e" not in page.script("return document.body.innerText + document.title"), "a mark turns the text")
    for metric in [option.text for option in Select(page.find("#metrics select")).options]:
        Select(page.find("#metrics select")).select_by_visible_text(metric)
    expect(any("<img" in option.text for option in Select(page.find("#metrics select")).options))
    page.script("document.querySelectorAll('details').forEach(one => one.open = true)")
    expect(page.find("h1").text == os.path.basename(page.database), page.find("h1").text)
    expect(page.script("return document.querySelectorAll('img, iframe, body script:not([id=data])').length") == 2, "elements of strangers")
    expect(page.script("return window.hurt") is None, "a script of strangers ran")
    expect(len(page.requests()) == 1, page.requests())
    expect(not page.complaints(), page.complaints())


def fits_a_phone(page):
    page.script("document.querySelectorAll('details').forEach(one => one.open = true)")
    over = page.script("return [...document.querySelectorAll('body *')].filter(one => !one.parentElement.closest('.scroll, pre, .plot, svg')"
                       " && one.getBoundingClientRect().right > 361).map(one => one.outerHTML.slice(0, 90))")
    wide = page.script("return document.documentElement.scrollWidth")
    expect(wide <= 360 and not over, wide, over)


def prints(page):
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    expect(page.script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", "paper is white")
    expect(not page.find("nav").is_displayed() and not page.find(".filter").is_displayed(), "what paper cannot do is shown")
    expect(page.script("return getComputedStyle(document.querySelector('.scroll')).maxHeight") == "none", "tables are cut")
    pdf = base64.b64decode(page.driver.execute_cdp_cmd("Page.printToPDF", {})["data"])
    expect(pdf.startswith(b"%PDF") and 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 40, "pages of the PDF")


def is_dark_in_the_dark(page):
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    paper, ink = (sum(map(int, re.findall(r"\d+", page.script("return getComputedStyle(document.body)[arguments[0]]", name))))
                  for name in ("backgroundColor", "color"))
    label = page.script("return getComputedStyle(document.querySelector('.dygraph-axis-label')).color")
    expect(paper < 150 and ink > 600 and sum(map(int, re.findall(r"\d+", label))) > 600, paper, ink, label)


def main():
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        sys.exit(77)
    case = sys.argv[1]
    if case == "missing":  # only asks whether all is there
        return
    page = Page(*sys.argv[2:], width=360 if case == "fits_a_phone" else 1200)
    try:
        globals()[case](page)
    finally:
        page.driver.quit()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Looks at every page of `martlet serve` in a headless Chromium, as a person would, and says what is wrong.

console_browser.py PROGRAM STATE SHOTS [CHROMIUM]

Each page is drawn light, dark and as wide as a phone; a screenshot of each goes to SHOTS. Anything that the browser
complains about (scripts, the content security policy, what cannot be loaded), a dialog, a field without a label, text of too
little contrast or a page wider than its window is a problem. Prints a line for each problem; the exit status is 1 if there is any.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile
import time

DEVICES = {
    "light": dict(width=1360, height=900, deviceScaleFactor=1, mobile=False, scheme="light"),
    "dark": dict(width=1360, height=900, deviceScaleFactor=1, mobile=False, scheme="dark"),
    "phone": dict(width=390, height=844, deviceScaleFactor=2, mobile=True, scheme="light"),
}

# What a page must have for whoever cannot see it well; runs in the page and returns a list of complaints.
LOOK = r"""
(() => {
  const complaints = [];
  const name = (e) => e.tagName.toLowerCase() + (e.className ? "." + String(e.className.baseVal ?? e.className).split(" ").join(".") : "");
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels?.length && !field.getAttribute("aria-label")) complaints.push("no label: " + name(field) + " " + field.name);
  for (const image of document.querySelectorAll("img")) if (!image.hasAttribute("alt")) complaints.push("no alt: " + image.src);
  if (document.querySelectorAll("h1").length !== 1) complaints.push(document.querySelectorAll("h1").length + " h1");
  if (!document.documentElement.lang) complaints.push("no language");
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) complaints.push("an id is there twice");
  for (const e of document.querySelectorAll("a, button")) if (!e.textContent.trim() && !e.getAttribute("aria-label")) complaints.push("no name: " + name(e));
  if (document.documentElement.scrollWidth > innerWidth + 1) complaints.push("wider than the window: " + document.documentElement.scrollWidth);
  const rgb = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; })
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0.99) return c; } return [255, 255, 255]; };
  const seen = new Set();
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5 && !seen.has(name(e))) { seen.add(name(e)); complaints.push("contrast " + contrast.toFixed(2) + ": " + name(e) + " “" + e.textContent.trim().slice(0, 30) + "”"); }
  }
  if (window.attacked) complaints.push("an attack has run");
  return complaints;
})()
"""

# What pages say where there is nothing to show; what they are tried with has something.
EMPTY = {"drift": ["Nothing got wider", "Nothing is to be undone"], "grants": ["No broker has told", "Every privileged act is covered"]}


class Browser:
    """Chromium, spoken to over a pipe."""

    def __init__(self, program, profile):
        (self.read, theirs), (ours, self.write) = os.pipe(), os.pipe()
        arguments = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank",
        ]

        def arrange():
            os.dup2(ours, 13)
            os.dup2(theirs, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            arguments, preexec_fn=arrange, pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(ours)
        os.close(theirs)
        self.rest, self.last, self.events = b"", 0, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def message(self, until):
        import select
        while b"\0" not in self.rest:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.read], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.read, 1 << 16)
            if not more:
                raise EOFError("the browser has ended")
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **values):
        self.last += 1
        request = {"id": self.last, "method": method, "params": values}
        if getattr(self, "session", None):
            request["sessionId"] = self.session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        until = time.monotonic() + 240
        while True:
            message = self.message(until)
            if message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.note(message)

    def note(self, message):
        self.events.append(message)
        if message.get("method") == "Page.javascriptDialogOpening":
            self.last += 1
            os.write(self.write, json.dumps({
                "id": self.last, "method": "Page.handleJavaScriptDialog", "params": {"accept": False}, "sessionId": self.session}).encode() + b"\0")

    def wait(self, method):
        """Until an event comes that has not been looked at."""
        until = time.monotonic() + 240
        while True:
            for place, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(place)
            self.note(self.message(until))

    def run(self, script):
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def go(self, url):
        self.events = [e for e in self.events if e.get("method") != "Page.loadEventFired"]
        self.ask("Page.navigate", url=url)
        self.wait("Page.loadEventFired")
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def click(self, selector):
        self.events = [e for e in self.events if e.get("method") != "Page.loadEventFired"]
        if not self.run(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); if (e) e.click(); return !!e; }})()"):
            raise RuntimeError(f"nothing to click at {selector} on {self.run('location.pathname')}")
        self.wait("Page.loadEventFired")

    def key(self, key):
        for kind in ("keyDown", "keyUp"):
            text = {"text": key} if len(key) == 1 and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, **text)

    def device(self, width, height, deviceScaleFactor, mobile, scheme):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=deviceScaleFactor, mobile=mobile)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def shot(self, path):
        height = min(3000, self.run("document.documentElement.scrollHeight"))
        width = self.run("innerWidth")
        picture = self.ask(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True,
            clip=dict(x=0, y=0, width=width, height=height, scale=1))
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def complaints(self):
        """What the browser has to say since it was last asked."""
        said = []
        for event in self.events:
            values = event.get("params", {})
            match event.get("method"):
                case "Log.entryAdded" if values["entry"]["level"] in ("error", "warning"):
                    said.append(f"{values['entry']['source']}: {values['entry']['text']}")
                case "Runtime.exceptionThrown":
                    said.append(f"exception: {values['exceptionDetails'].get('text')} {values['exceptionDetails'].get('exception', {}).get('description', '')}")
                case "Runtime.consoleAPICalled" if values["type"] in ("error", "warning", "assert"):
                    said.append(f"console: {values['args']}")
                case "Page.javascriptDialogOpening":
                    said.append(f"a dialog: {values['message']}")
                case "Network.loadingFailed" if not values.get("canceled"):
                    said.append(f"not loaded: {values['errorText']}")
                case "Network.requestWillBeSent":
                    url = values["request"]["url"]
                    if not url.startswith((self.home, "about:", "data:", "blob:")):
                        said.append(f"asks elsewhere: {url}")
        self.events = []
        return said

    def end(self):
        try:
            self.ask("Browser.close")
        except (EOFError, OSError, RuntimeError, TimeoutError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def main(program, state, shots, chromium="chromium"):
    os.makedirs(shots, exist_ok=True)
    problems = []
    server = subprocess.Popen(
        [program, "serve", "--state", state, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    browser = Browser(chromium, profile.name)
    try:
        link = server.stdout.readline().strip()
        browser.home = link.split("/sign-in")[0]
        look(browser, link, shots, problems)
    finally:
        browser.end()
        server.terminate()
        server.wait(20)
        profile.cleanup()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def look(browser, link, shots, problems):
    def check(name, device):
        for said in browser.complaints() + (browser.run(LOOK) or []):
            problems.append(f"{name} ({device}): {said}")

    def draw(name, path):
        for device, facts in DEVICES.items():
            browser.device(**facts)
            browser.go(browser.home + path)
            browser.shot(f"{shots}/{name}-{device}.png")
            check(name, device)

    browser.device(**DEVICES["light"])
    browser.go(browser.home + "/sign-in")
    draw("sign-in", "/sign-in")
    browser.device(**DEVICES["light"])
    browser.go(link)
    if browser.run("location.pathname") != "/":
        problems.append("the link does not sign in")
    check("after signing in", "light")
    places = dict(browser.run("[...document.querySelectorAll('nav a')].map((a) => [a.textContent.toLowerCase(), new URL(a.href).pathname])"))

    # From a finding to the human, to everything they did, to a case file.
    browser.click("table[data-list] a.go")
    finding = browser.run("location.pathname")
    browser.click(".behind a.button")
    entity = browser.run("location.pathname + location.search")
    check("the way from a finding", "light")
    browser.click("a.investigate")
    case = browser.run("location.pathname + location.search")
    check("the way to an investigation", "light")
    held = browser.run("""fetch(document.querySelector('a.case-file').href).then(async (answer) => [answer.status,
        answer.headers.get('Content-Disposition'), (await answer.text()).includes('name="martlet-case"')])""")
    if not (held[0] == 200 and held[1].startswith("attachment") and held[2]):
        problems.append(f"no case file comes of an investigation: {held}")
    browser.run("document.getElementById('filter').value = 'nothing is called so'; document.getElementById('filter').dispatchEvent(new Event('input'))")
    if browser.run("[...document.querySelectorAll('tr.step')].some((row) => !row.hidden)"):
        problems.append("the timeline's filter hides nothing")

    for name, path in places.items():
        draw(name, path)
        for empty in EMPTY.get(name, ()):
            if empty in browser.run("document.body.textContent"):
                problems.append(f"{name}: “{empty}”, though there is something to tell")
    draw("finding", finding)
    draw("entity", entity)
    draw("investigation", case)
    browser.device(**DEVICES["light"])
    browser.go(browser.home + entity)
    browser.click("td a[href^='/event?']")
    draw("event", browser.run("location.pathname + location.search"))
    draw("query-answer", "/query?status=failure&limit=50")
    draw("api", "/api")

    # Keys.
    browser.device(**DEVICES["light"])
    browser.go(browser.home + "/findings")
    browser.key("/")
    if browser.run("document.activeElement.id") != "search":
        problems.append("keys: / does not lead to the search")
    browser.key("Escape")
    browser.key("j")
    browser.key("j")
    if browser.run("[...document.querySelectorAll('tbody tr')].findIndex((r) => r.ariaSelected === 'true')") != 1 and browser.run("document.querySelectorAll('tbody tr').length") > 1:
        problems.append("keys: j does not choose the next row")
    browser.shot(f"{shots}/keys-light.png")
    browser.key("?")
    if not browser.run("document.getElementById('help').open"):
        problems.append("keys: ? opens no help")
    browser.shot(f"{shots}/help-light.png")
    browser.key("Escape")
    browser.key("t")
    if browser.run("document.documentElement.dataset.theme") != "dark":
        problems.append("keys: t does not turn the light off")
    check("keys", "light")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

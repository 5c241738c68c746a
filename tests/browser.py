"""The built site in a real browser: no page is wider than a desk's screen or a phone's.

``python tests/browser.py build/site``: Chromium opens every page at both widths, in frames of
a page of our own, which sends back what sticks out. ``nox -s browser`` runs it.
"""

import functools
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

#: Widths of a small notebook's window and of a phone, in CSS pixels.
WIDTHS = (1280, 390)
#: Seconds that all pages may take.
PATIENCE = 300

#: Opens each page in a frame of each width, and names what is wider: the page itself, which then
#: scrolls sideways, and at the desk also a block of code that does.
MEASURE = """<!doctype html><meta charset="utf-8"><body><script>
const [pages, widths] = JOB;
const load = (frame, page) => new Promise(done => { frame.onload = done; frame.src = page; });
const name = e => `${e.tagName.toLowerCase()}.${e.className} ${e.textContent.trim().slice(0, 50)}`;
const tell = found => fetch("/found", { method: "POST", body: JSON.stringify(found) });
const measure = async () => {
  const found = [];
  for (const width of widths) {
    const frame = document.createElement("iframe");
    frame.style = `width:${width}px;height:900px;border:0`;
    document.body.append(frame);
    for (const page of pages) {
      await load(frame, page);
      const inner = frame.contentDocument, root = inner.scrollingElement;
      await inner.fonts.ready;
      if (root.scrollWidth > root.clientWidth) {
        const out = [...inner.querySelectorAll("body *")].filter(
          e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.children.length);
        found.push([page, width, root.scrollWidth, out.slice(0, 3).map(name).join("; ")]);
      }
      if (width > 1000)
        for (const e of inner.querySelectorAll("article pre"))
          if (e.scrollWidth > e.clientWidth + 1) found.push([page, width, e.scrollWidth, name(e)]);
    }
    frame.remove();
  }
  return found;
};
measure().then(tell, error => tell([["/measure", 0, 0, String(error)]]));
</script>"""

Found = list[tuple[str, int, int, str]]


class _Site(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, the page that measures it, and takes what that finds."""

    job: tuple[list[str], tuple[int, ...]]
    found: "Queue[Found]"

    def do_GET(self) -> None:
        if self.path != "/measure":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(MEASURE.replace("JOB", json.dumps(self.job)).encode())
        return None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        self.found.put([tuple(entry) for entry in json.loads(body)])

    def log_message(self, *_: Any) -> None:
        pass


def measure(site: Path, browser: str) -> Found:
    """Return what is too wide in a built site: pages, widths of the window and of what is shown."""
    pages = sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))
    queue: Queue[Found] = Queue()
    handler = type("Site", (_Site,), {"job": (pages, WIDTHS), "found": queue})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile, server:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1600,1000"]
        options += [f"--user-data-dir={profile}", "--no-first-run"]
        opened = subprocess.Popen(
            [browser, *options, f"http://127.0.0.1:{server.server_port}/measure"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return queue.get(timeout=PATIENCE)
        except Empty:
            sys.exit(f"{browser} did not open {len(pages)} pages within {PATIENCE} s")
        finally:
            opened.terminate()
            opened.wait()
            server.shutdown()


def main() -> None:
    """Measure the site that the command line names."""
    site = Path(sys.argv[1] if len(sys.argv) > 1 else "build/site")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    browser = browser or shutil.which("google-chrome")
    if browser is None:
        print("skipped: no Chromium (Debian: apt-get install chromium)")
        return
    if not (site / "index.html").exists():
        sys.exit(f"{site}: no site was built there (nox -s docs builds it)")
    found = measure(site, browser)
    for page, width, wide, what in found:
        print(f"{page}: {wide} px wide in a window of {width}: {what}")
    pages = len(list(site.rglob("*.html")))
    print(f"{pages} pages at {' and '.join(map(str, WIDTHS))} px: {len(found)} too wide")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()

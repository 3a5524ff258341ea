"""Takes every picture: `python -m tests.shots [name part …]` with BASE_URL naming the running service."""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, path_of_chromium

django.setup()  # the faces stand on models
from tests.shots.faces import faces  # noqa: E402
from tests.shots.people import Face, session_of  # noqa: E402

TARGET = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WINDOWS = {"phone": (390, 844, 2), "desk": (1280, 860, 1)}  # width, height, pixels a point
COLOURS = 128
LOOKS = {"": ("zh-hans", "standard"), "-en": ("en", "standard"), "-elder": ("zh-hans", "elder")}


def main(wanted: list[str]) -> int:
    """0 when every picture is there; 1 without a browser or when a page did not answer with 200."""
    path = path_of_chromium()
    if path is None:
        sys.stderr.write("No Chromium found: install one, or name it by CHROMIUM_PATH.\n")
        return 1
    shown: list[Face] = [face for face in faces() if not wanted or any(part in face.name for part in wanted)]
    sessions = {role: session_of(role) for role in {face.role for face in shown}}
    TARGET.mkdir(parents=True, exist_ok=True)
    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for face in shown:
            for window, look in _variants(face.with_looks):
                name = f"{face.name}-{window}{look}"
                status, picture = take(browser, face.path, sessions[face.role], window, look)
                if status != 200:
                    failed.append(f"{name}: {status} for {face.path}")
                else:
                    size = save(picture, TARGET / f"{name}.png")
                    sys.stdout.write(f"{name}  {size // 1024} KB\n")
        browser.close()
    sys.stderr.writelines(f"{line}\n" for line in failed)
    return 1 if failed else 0


def _variants(with_looks: bool) -> Iterator[tuple[str, str]]:
    yield "phone", ""
    yield "desk", ""
    if with_looks:
        yield "phone", "-en"
        yield "phone", "-elder"


def take(browser: Browser, path: str, session: str, window: str, look: str) -> tuple[int, bytes]:
    """The page's answer and its picture, after what it loads later has come."""
    width, height, scale = WINDOWS[window]
    language, mode = LOOKS[look]
    context = browser.new_context(
        base_url=os.environ["BASE_URL"], viewport={"width": width, "height": height}, device_scale_factor=scale,
        timezone_id="Asia/Shanghai", locale="en" if language == "en" else "zh-CN", reduced_motion="reduce",
    )  # fmt: skip
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language, "mode": mode}
    context.add_cookies(
        [{"name": name, "value": value, "url": os.environ["BASE_URL"]} for name, value in cookies.items()]
    )
    page = context.new_page()
    answer = page.goto(path)
    page.wait_for_load_state("networkidle")
    picture = page.screenshot()
    context.close()
    return answer.status if answer else 0, picture


def save(picture: bytes, path: Path) -> int:
    """The picture with few colours, which halves it more than twice. Its size in bytes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

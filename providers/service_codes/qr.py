"""QR codes as pictures that a page with a strict Content-Security-Policy may show, and as files for print."""

from io import BytesIO

import segno

QUIET_ZONE = 4  # modules: scanners need them


def picture(text: str) -> str:
    """The QR code as a `data:` address of an SVG, black on white."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=QUIET_ZONE, light="#fff", omitsize=True))


def svg(text: str) -> bytes:
    """The QR code as the bytes of an SVG file."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=QUIET_ZONE, light="#fff", scale=4)
    return out.getvalue()

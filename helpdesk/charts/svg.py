"""Writing SVG: small functions that return escaped text, nothing else."""

from django.utils.html import escape


def place(number: float) -> str:
    """A coordinate with at most one decimal: a tenth of a pixel is finer than anybody sees."""
    return f"{round(number, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0: no minus zero


def element(tag: str, css: str = "", inner: str = "", **attributes: float | str) -> str:
    """One element. Attribute names use _ for -; numbers are rounded; `inner` is already SVG."""
    parts = [f"<{tag}"]
    if css:
        parts.append(f' class="{css}"')
    for name, value in attributes.items():
        written = escape(value) if isinstance(value, str) else place(value)
        parts.append(f' {name.replace("_", "-")}="{written}"')
    parts.append(f">{inner}</{tag}>" if inner else "/>")
    return "".join(parts)


def text(content: str, x: float, y: float, css: str = "ch-text", *, anchor: str = "start") -> str:
    attributes: dict[str, float | str] = {"x": x, "y": y}
    if anchor != "start":
        attributes["text_anchor"] = anchor
    return element("text", css, str(escape(content)), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return element("line", css, x1=x1, y1=y1, x2=x2, y2=y2)


def rect(x: float, y: float, width: float, height: float, css: str, radius: float = 2) -> str:
    return element("rect", css, x=x, y=y, width=max(width, 0), height=max(height, 0), rx=radius)


def circle(x: float, y: float, css: str, radius: float = 3) -> str:
    return element("circle", css, cx=x, cy=y, r=radius)


def path(points: list[tuple[float, float] | None], css: str) -> str:
    """A broken line; None leaves a gap, because what was not measured is not drawn."""
    commands, pen_down = [], False
    for point in points:
        if point is None:
            pen_down = False
            continue
        commands.append(f"{'L' if pen_down else 'M'}{place(point[0])} {place(point[1])}")
        pen_down = True
    return element("path", css, d="".join(commands)) if commands else ""


def area(upper: list[tuple[float, float]], lower: list[tuple[float, float]], css: str) -> str:
    corners = [*upper, *reversed(lower)]
    return element("path", css, d="M" + "L".join(f"{place(x)} {place(y)}" for x, y in corners) + "Z")


def mark(reading: str, drawing: str, url: str = "") -> str:
    """A mark that can be read (its title) and, with a URL, opened."""
    title = f"<title>{escape(reading)}</title>"
    if url:
        return f'<a href="{escape(url)}" class="ch-mark">{title}{drawing}</a>'
    return f'<g class="ch-mark">{title}{drawing}</g>'

// Words for scripts, in the viewer's language: written by design/_words.html.
const kept = document.getElementById("words")?.dataset ?? {};

/** The words called `name`, with {placeholders} filled from `values`. */
export function words(name, values = {}) {
  return (kept[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** An element with a class and children; text stays text. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** An icon of the sprite; the address of the sprite is taken from one that the server drew. */
export function icon(name, className = "i") {
  const drawn = document.querySelector("svg.i > use, svg.mark > use");
  const sprite = (drawn?.getAttribute("href") ?? "/static/design/vendor/icons.svg").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** The CSRF token of a staff page; empty on public pages. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** True while a Hangul syllable (or any other text) is being composed: no shortcut may act then. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** True where a key writes text. */
export function isEditable(target) {
  return target instanceof Element
    && Boolean(target.closest('input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), textarea, select, [contenteditable=""], [contenteditable="true"]'));
}

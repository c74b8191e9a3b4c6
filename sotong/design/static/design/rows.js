// J and K walk through a list: data-rows on the list, data-row on each link in it, data-rows-more on what leafs on.
// Enter opens, as on every link.
import { addKey } from "./keys.js";

// At the end of what is there the list is leafed on; the focus then stands where the new rows begin.
function more(list) {
  const button = list.querySelector("[data-rows-more]");
  if (button && !button.matches(".htmx-request, :disabled")) button.click();
}

const listed = () => document.querySelector("[data-rows]");
const rowsOf = (list) => [...(list?.querySelectorAll("[data-row]") ?? [])];

/** Which row one is at: the one with the focus, else the one that is open; -1: none. */
function placeIn(rows) {
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
}

function step(by) {
  const list = listed();
  const rows = rowsOf(list);
  if (!rows.length) return;
  const place = placeIn(rows);
  const at = place < 0 && gap ? gapIn(rows) - (by > 0 ? 1 : 0) : place;
  if (by > 0 && at === rows.length - 1) more(list);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

// A row may leave the list while one is at it: it was ended, or claimed. Then one stands in the gap: J goes to what took
// its place, K to what was above, and a focus that went with it, or with the button that did it, goes on there.
let gap = null;
let before = { rows: [], at: -1 };
let focused = null;
const isList = ({ detail }) => Boolean(detail?.ctx?.target?.matches?.("[data-rows]"));

/** Where the row stands, or would stand, that took the place of the one that left. */
function gapIn(rows) {
  const at = rows.findIndex((row) => row.href === gap.below);
  return at < 0 ? rows.length : at;
}

document.addEventListener("focusin", (event) => { focused = event.target; });
document.addEventListener("htmx:before:swap", (event) => {
  if (!isList(event)) return;
  const rows = rowsOf(listed());
  before = { rows: rows.map((row) => row.href), at: placeIn(rows), next: gap ? gapIn(rows) : -1 };
});
document.addEventListener("htmx:after:swap", (event) => {
  const rows = rowsOf(listed());
  if (isList(event)) {
    const left = new Set(rows.map((row) => row.href));
    const from = before.at < 0 ? before.next : left.has(before.rows[before.at]) ? -1 : before.at + 1;
    gap = from < 0 ? null : { below: before.rows.slice(from).find((href) => left.has(href)) };
  }
  if (!gap || document.activeElement !== document.body || !focused || (focused.isConnected && focused.checkVisibility())) return;
  const row = here();
  if (row?.checkVisibility()) row.focus();
});

/** The row that one is at, or that took its place, or the one above where it was the last. */
export function here() {
  const rows = rowsOf(listed());
  const place = placeIn(rows);
  return rows[place < 0 && gap ? Math.min(gapIn(rows), rows.length - 1) : place];
}

const list = listed();
if (list) {
  addKey("Enter", list.dataset.rowsOpen ?? "", null);
  addKey("KeyJ", list.dataset.rowsNext ?? "", () => step(1));
  addKey("KeyK", list.dataset.rowsPrevious ?? "", () => step(-1));
}

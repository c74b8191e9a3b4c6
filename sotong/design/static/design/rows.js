// J and K walk through a list: data-rows on the list, data-row on each link in it, data-rows-more on what leafs on.
// Enter opens, as on every link.
import { addKey } from "./keys.js";

// At the end of what is there the list is leafed on; the focus then stands where the new rows begin.
function more(list) {
  const button = list.querySelector("[data-rows-more]");
  if (button && !button.matches(".htmx-request, :disabled")) button.click();
}

function step(by) {
  const list = document.querySelector("[data-rows]");
  const rows = [...(list?.querySelectorAll("[data-row]") ?? [])];
  if (!rows.length) return;
  const from = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const at = from >= 0 ? from : rows.findIndex((row) => row.hasAttribute("aria-current"));
  if (by > 0 && at === rows.length - 1) more(list);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const list = document.querySelector("[data-rows]");
if (list) {
  addKey("Enter", list.dataset.rowsOpen ?? "", null);
  addKey("KeyJ", list.dataset.rowsNext ?? "", () => step(1));
  addKey("KeyK", list.dataset.rowsPrevious ?? "", () => step(-1));
}

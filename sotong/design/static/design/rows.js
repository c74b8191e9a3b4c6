// J and K walk through a list: data-rows on the list, data-row on each link in it. Enter opens, as on every link.
import { addKey } from "./keys.js";

function step(by) {
  const list = document.querySelector("[data-rows]");
  const rows = [...(list?.querySelectorAll("[data-row]") ?? [])];
  if (!rows.length) return;
  const from = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const at = from >= 0 ? from : rows.findIndex((row) => row.hasAttribute("aria-current"));
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

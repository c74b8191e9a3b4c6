// Many at once: a box beside each row; the bar and its dialogs act on what is ticked. X ticks the row one is on.
import { addKey } from "../design/keys.js";

const desk = () => document.querySelector(".desk");
const bar = () => document.getElementById("bulk");
const boxes = () => [...document.querySelectorAll("[data-pick]")];
const isPicking = () => Boolean(desk()?.hasAttribute("data-bulk"));

function count() {
  const there = boxes();
  const picked = there.filter((box) => box.checked).length;
  const words = bar().dataset.words.replace("{n}", picked);
  document.querySelectorAll("[data-picked]").forEach((place) => { if (place.textContent !== words) place.textContent = words; });
  bar().querySelectorAll("[data-needs-picked]").forEach((button) => { button.disabled = picked === 0; });
  const all = bar().querySelector("[data-pick-all]");
  all.checked = picked > 0 && picked === there.length;
  all.indeterminate = picked > 0 && picked < there.length;
}

function pick(isWanted) {
  boxes().forEach((box) => { box.checked = isWanted(box); });
  count();
}

function setPicking(isOn) {
  desk().toggleAttribute("data-bulk", isOn);
  bar().hidden = !isOn;
  if (!isOn) document.getElementById("bulk-said").replaceChildren();
  pick(() => false);
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-pick-all]")) pick(() => event.target.checked);
  else if (event.target.matches?.("[data-pick]")) count();
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-bulk-toggle]")) setPicking(!isPicking());
});
// What was done is let go; what was refused stays ticked, for another try. Later, for htmx gives the buttons back what
// they were before it asked.
document.addEventListener("sotong:picked-done", (event) => {
  const refused = new Set(event.detail?.refused ?? []);
  setTimeout(() => pick((box) => refused.has(Number(box.value))));
});
// Rows come and go while one is picking, and a dialog that comes says how many it is about.
document.addEventListener("htmx:after:swap", (event) => {
  if (["list", "bulk-dialog"].includes(event.detail?.ctx?.target?.id) || event.target.closest?.("#list")) count();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isPicking() || event.isComposing || event.defaultPrevented) return;
  if (document.querySelector("dialog[open], details.menu[open]") || event.target.closest?.("#panel")) return;
  event.preventDefault();
  setPicking(false);
});
if (bar()) {
  addKey("KeyX", bar().dataset.keyWords, () => {
    const row = document.activeElement?.closest?.(".conv-w") ?? document.querySelector(".conv[aria-current]")?.closest(".conv-w");
    if (!isPicking()) setPicking(true);
    const box = row?.querySelector("[data-pick]");
    if (box) box.click();
  });
  count();
}

// Short news at the bottom: stays at least five seconds, waits while it is looked at or focused, may be undone.
import { icon, make, words } from "./words.js";

const LEAST_SECONDS = 5;
const region = document.getElementById("toasts");

/** Show `text`; with `undoUrl` a button that takes it back (a POST), with `action` {label, run} or {label, url} (a POST) another button. */
export function toast(text, { seconds = 6, undoUrl = "", undoLabel = "", action = null } = {}) {
  if (!region) return;
  const box = make("div", "toast", make("span", "", text));
  box.dataset.toast = String(seconds);
  if (undoUrl) {
    const undo = make("button", "", undoLabel || words("undo"), make("span", "kbd", "Ctrl Z"));
    undo.type = "button";
    Object.assign(undo.dataset, { toastUndo: "", key: "KeyZ", keyLabel: undoLabel || words("undo") });
    undo.setAttribute("hx-post", undoUrl);
    undo.setAttribute("hx-swap", "none");
    box.append(undo);
  }
  if (action) {
    const button = make("button", "", action.label);
    button.type = "button";
    if (action.url) {
      button.dataset.toastClose = "";
      button.setAttribute("hx-post", action.url);
      button.setAttribute("hx-swap", "none");
    } else {
      button.addEventListener("click", () => { box.remove(); action.run(); });
    }
    box.append(button);
  }
  const close = make("button", "toast-x", icon("x", "i i-s"));
  close.type = "button";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", words("close"));
  box.append(close);
  region.append(box);
  window.htmx?.process(box);
}

function watch(box) {
  if (box.dataset.watched) return;
  box.dataset.watched = "1";
  let left = Math.max(LEAST_SECONDS, Number(box.dataset.toast) || 0);
  const deadline = Date.now() + Number(box.dataset.count || 0) * 1000;
  const tick = () => {
    if (!box.isConnected) return clearInterval(timer);
    if (box.dataset.count) count(box, Math.ceil((deadline - Date.now()) / 1000));
    if (box.matches(":hover") || box.contains(document.activeElement) || document.hidden) return undefined;
    left -= 1;
    return left <= 0 ? box.remove() : undefined;
  };
  const timer = setInterval(tick, 1000);
}

// data-count: seconds until it happens, which no hovering delays; data-count-text says "{n}초 뒤에 보내요".
function count(box, left) {
  const shown = box.querySelector("[data-count-words]");
  if (left > 0) {
    if (shown) shown.textContent = (box.dataset.countText ?? "").replace("{n}", left);
  } else {
    box.querySelector("[data-toast-undo]")?.remove();
    if (shown) shown.textContent = box.dataset.countAfter ?? "";
  }
}

if (region) {
  region.querySelectorAll("[data-toast]").forEach(watch);
  new MutationObserver(() => region.querySelectorAll("[data-toast]").forEach(watch)).observe(region, { childList: true });
  region.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toast-close], [data-toast-undo]");
    // An undo leaves after htmx has read its address.
    if (button) setTimeout(() => button.closest(".toast")?.remove());
  });
}

// A server says it with the header HX-Trigger: {"sotong:toast": {"text": …, "undoUrl": …}}.
document.addEventListener("sotong:toast", (event) => {
  if (event.detail?.text) toast(event.detail.text, event.detail);
});

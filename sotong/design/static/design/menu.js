// Menus are <details class="menu">: closed by Escape, a click elsewhere or a choice; arrows walk through them.
const openMenus = () => document.querySelectorAll("details.menu[open]");
const itemsOf = (menu) => [...menu.querySelectorAll(".menu-list :is(a, button, input):not([disabled])")].filter((item) => item.checkVisibility?.() !== false);
// The text that was being written when a key opened the menu.
const written = new WeakMap();

export const openedFrom = (menu, field) => written.set(menu, field);

function close(menu) {
  written.delete(menu);
  menu.open = false;
}

/** Closes it without a choice: back to the text, else to its button. */
export function leave(menu) {
  const text = written.get(menu);
  close(menu);
  (text?.isConnected ? text : menu.querySelector("summary")).focus();
}

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    const isInside = menu.contains(event.target);
    const isChoice = isInside && event.target.closest(".menu-list a, .menu-list button:not([aria-pressed])");
    if (!isInside || isChoice) close(menu);
  }
});
document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) close(menu);
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    leave(menu);
    event.preventDefault();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const items = itemsOf(menu);
    const at = items.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? items.length - 1 : at - 1;
    items[(next + items.length) % items.length]?.focus();
    event.preventDefault();
  }
});

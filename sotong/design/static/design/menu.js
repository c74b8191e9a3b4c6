// Menus are <details class="menu">: closed by Escape, a click elsewhere or a choice; arrows walk through them.
const openMenus = () => document.querySelectorAll("details.menu[open]");
const itemsOf = (menu) => [...menu.querySelectorAll(".menu-list :is(a, button, input):not([disabled])")].filter((item) => item.checkVisibility?.() !== false);

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    const isInside = menu.contains(event.target);
    const isChoice = isInside && event.target.closest(".menu-list a, .menu-list button:not([aria-pressed])");
    if (!isInside || isChoice) menu.open = false;
  }
});
document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const items = itemsOf(menu);
    const at = items.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? items.length - 1 : at - 1;
    items[(next + items.length) % items.length]?.focus();
    event.preventDefault();
  }
});

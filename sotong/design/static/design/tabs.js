// Tabs: arrows, Home and End move; the chosen one shows its panel and says so with the event sotong:tab.
function choose(tab) {
  for (const other of tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')) {
    const isChosen = other === tab;
    other.setAttribute("aria-selected", String(isChosen));
    other.tabIndex = isChosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (panel && panel.getAttribute("aria-labelledby") === other.id) panel.hidden = !isChosen;
  }
  tab.dispatchEvent(new CustomEvent("sotong:tab", { bubbles: true, detail: { value: tab.dataset.value ?? tab.id } }));
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest?.('[role="tab"]');
  if (tab && tab.getAttribute("aria-selected") !== "true") choose(tab);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.('[role="tab"]');
  if (!tab) return;
  const all = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]:not([disabled])')];
  const at = all.indexOf(tab);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const chosen = all[next % all.length];
  chosen.focus();
  choose(chosen);
});

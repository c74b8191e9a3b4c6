// The arrows walk through the hits as J and K do; from the field they go down into them.
document.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || event.isComposing || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const field = document.getElementById("q");
  const rows = [...document.querySelectorAll("#hits [data-row]")];
  const at = rows.indexOf(document.activeElement);
  const isInField = document.activeElement === field;
  if (!rows.length || !(isInField || at >= 0 || document.activeElement === document.body)) return;
  event.preventDefault();
  const next = at + by;
  if (next < 0) field.focus();
  else rows[Math.min(rows.length - 1, next)].focus();
});

// Chooses the browser's own time zone while the person has not chosen one.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const list of document.querySelectorAll("select[data-zone-guess]")) {
  const isFresh = !list.form.querySelector("[data-error-summary]");
  if (isFresh && zone && [...list.options].some((option) => option.value === zone)) list.value = zone;
}

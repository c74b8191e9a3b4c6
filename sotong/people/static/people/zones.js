// Chooses the browser's own time zone while the person has not chosen one.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// A zone has had several names, and browsers do not agree on one.
function isSame(name) {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone === zone;
  } catch {
    return false; // a zone that this browser does not know is not its own
  }
}

for (const list of document.querySelectorAll("select[data-zone-guess]")) {
  const isFresh = !list.form.querySelector("[data-error-summary]");
  const names = [...list.options].map((option) => option.value);
  const own = zone && (names.includes(zone) ? zone : names.find(isSame));
  if (isFresh && own) list.value = own;
}

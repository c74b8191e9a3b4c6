// Keeps what was typed while the language of the page changes. Passwords are not kept, nor is a choice that nobody made:
// what the page itself proposed (the language) is proposed anew.
const form = document.querySelector("form[data-kept]");
const place = form && `kept:${form.dataset.kept}`;
const fields = form ? [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "password") : [];

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-language]");
  if (!link || !form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const values = fields.filter((field) => field.type !== "radio" || (field.checked && !field.defaultChecked)).map((field) => [field.name, field.value]);
  sessionStorage.setItem(place, JSON.stringify(values));
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `language=${link.dataset.language}; path=/; max-age=31536000; samesite=lax${secure}`;
  location.assign(location.pathname);
}, { capture: true });

const kept = place && sessionStorage.getItem(place);
if (kept) {
  sessionStorage.removeItem(place);
  for (const [name, value] of JSON.parse(kept)) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
}

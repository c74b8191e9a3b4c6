// A text field marked data-autosize grows with its text, up to the limit that its style sets.
function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("textarea[data-autosize]")) fit(event.target);
});
const all = () => document.querySelectorAll("textarea[data-autosize]").forEach(fit);
document.addEventListener("htmx:after:swap", all);
// htmx writes the style of what leaves onto its successor of the same id, as markup, which the page's policy refuses.
document.addEventListener("htmx:before:swap", (event) => {
  if (event.defaultPrevented) return;
  event.detail?.ctx?.target?.querySelectorAll?.("textarea[data-autosize]").forEach((field) => field.removeAttribute("style"));
});
all();

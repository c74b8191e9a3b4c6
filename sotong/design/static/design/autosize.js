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
all();

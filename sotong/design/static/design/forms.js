// Guards of every form: sent once, kept when the line is down, focus on what went wrong, passwords that can be seen.
import { toast } from "./toast.js";
import { words } from "./words.js";

const RELEASE_MS = 20000;

function release(form) {
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  form.querySelectorAll("[data-held]").forEach((button) => {
    button.disabled = false;
    delete button.dataset.held;
  });
}

// htmx guards its own requests (swaps.js); this is for forms that load a page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || isHtmx(form)) return;
  if (form.dataset.busy) return event.preventDefault();
  if (!navigator.onLine) {
    event.preventDefault();
    return toast(words("offline"), { seconds: 10 });
  }
  form.dataset.busy = "1";
  form.setAttribute("aria-busy", "true");
  // After the browser has read the name and value of the button.
  setTimeout(() => form.querySelectorAll("button:not([type='button'], [disabled])").forEach((button) => {
    button.dataset.held = "1";
    button.disabled = true;
  }));
  setTimeout(() => release(form), RELEASE_MS);
  return undefined;
});
// A page that comes back from the cache of the browser must not stay locked.
addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(release));

function isHtmx(form) {
  return ["hx-post", "hx-put", "hx-patch", "hx-delete", "hx-get"].some((name) => form.hasAttribute(name));
}

document.addEventListener("click", (event) => {
  const eye = event.target.closest?.("[data-secret-toggle]");
  if (!eye) return;
  const field = eye.parentElement.querySelector("input");
  const isShown = field.type === "text";
  field.type = isShown ? "password" : "text";
  eye.setAttribute("aria-pressed", String(!isShown));
  const use = eye.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, isShown ? "#eye" : "#eye-off"));
});

const focusErrors = (root) => root.querySelector?.(":is([data-error-summary], .field [aria-invalid='true']):not([data-example] *)")?.focus();
document.addEventListener("htmx:after:swap", (event) => {
  const status = event.detail?.ctx?.response?.status;
  // The form itself may have been replaced: look in the whole page.
  if (status === 422 || status === 400) focusErrors(document);
});
// Where the page names the field to begin with, what went wrong is read there.
if (!document.querySelector(".form [autofocus]")) focusErrors(document);

// A refusal that a field was empty goes when it is filled. One that offers a way on stays, and so does what a password
// must be: it is read while one types.
document.addEventListener("input", ({ target }) => {
  if (!target.value?.trim() || target.type === "password") return;
  target.closest("dialog form")?.querySelector("[role='alert']:not(:has(button))")?.replaceChildren();
  if (target.defaultValue || target.getAttribute("aria-invalid") !== "true") return;
  target.removeAttribute("aria-invalid");
  target.closest(".field")?.removeAttribute("data-error");
  document.getElementById(`${target.id}_error`)?.remove();
});

// data-unsaved: leaving asks when something was typed and not sent.
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-unsaved]");
  if (form) form.dataset.dirty = "1";
});
document.addEventListener("submit", (event) => { delete event.target.dataset.dirty; });
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-unsaved][data-dirty]")) event.preventDefault();
});

// Ctrl+Enter or ⌘+Enter sends the form one is in, by its main button; nothing does while composing. In a form marked
// data-send Enter alone never does.
import { isComposing } from "./words.js";

// In a dialog it need not be a field that has the focus: what was opened by a key is also ended by one.
function formOf(target) {
  const dialog = document.querySelector("dialog[open]");
  return target.closest?.("form") ?? (dialog?.contains(target) || target === document.body ? dialog?.querySelector("form") : null);
}

// Where several buttons send a form, the one that looks like it; where one alone does, that one, whatever its look.
function mainOf(form) {
  const buttons = form.querySelectorAll("button:not([type='button'])");
  return buttons.length === 1 ? buttons[0] : form.querySelector(":is([data-send-button], .btn-ink):not([type='button'])");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || isComposing(event)) return;
  const form = formOf(event.target);
  if (!form) return;
  if (event.ctrlKey || event.metaKey) {
    // Whoever stands on a button means that button.
    if (event.target.matches("button, a")) return;
    const button = mainOf(form);
    if (!button) return;
    event.preventDefault();
    if (!button.disabled && !event.repeat) form.requestSubmit(button);
  } else if (form.matches("[data-send]") && event.target.matches("input")) {
    event.preventDefault();
  }
});

// Ctrl+Enter or ⌘+Enter sends a form marked data-send; Enter alone never does, and nothing does while composing.
import { isComposing } from "./words.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || isComposing(event)) return;
  const form = event.target.closest?.("form[data-send]");
  if (!form) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    const button = form.querySelector("[data-send-button]:not([disabled])");
    if (button) form.requestSubmit(button);
  } else if (event.target.matches("input")) {
    event.preventDefault();
  }
});

// Dialogs: opened by data-dialog-open="id", closed by data-dialog-close, Escape or a click beside them.
// The browser gives the focus back. One at a time: a new one closes the old.
import { make, words } from "./words.js";

const FIELDS = "input:not([type='hidden'], [disabled])";

export function open(dialog) {
  document.querySelectorAll("dialog[open]").forEach((other) => other !== dialog && other.close());
  if (dialog.open) return;
  dialog.showModal();
  // The browser would begin at the ✕: one begins at the first thing that is asked.
  dialog.querySelector(`.dialog-b :is(${FIELDS}):checked`)?.focus();
  if (!dialog.querySelector(".dialog-b :focus")) dialog.querySelector(`.dialog-b :is(${FIELDS}, select, textarea, button)`)?.focus();
}

/** Ask with a dialog that names what will happen; resolves to true or false. */
export function ask(text, yes) {
  return new Promise((resolve) => {
    const title = make("p", "fs-15 long", text);
    title.id = "ask-text";
    const no = make("button", "btn", words("confirmNo"));
    const go = make("button", "btn btn-ink", yes || words("confirmYes"));
    no.type = go.type = "button";
    const dialog = make("dialog", "dialog", make("div", "dialog-b", title), make("div", "dialog-f", no, go));
    dialog.setAttribute("aria-labelledby", "ask-text");
    let answer = false;
    no.addEventListener("click", () => dialog.close());
    go.addEventListener("click", () => { answer = true; dialog.close(); });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    document.body.append(dialog);
    open(dialog);
  });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog) open(dialog);
    return;
  }
  const dialog = event.target.closest?.("dialog");
  if (!dialog) return;
  if (event.target.closest("[data-dialog-close]") || (event.target === dialog && !("dialogKeep" in dialog.dataset) && isBeside(dialog, event))) dialog.close();
});

function isBeside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

// A dialog that the server sent opens itself: <dialog data-dialog-show>.
const show = () => document.querySelectorAll("dialog[data-dialog-show]:not([open])").forEach((dialog) => {
  delete dialog.dataset.dialogShow;
  open(dialog);
});
document.addEventListener("htmx:after:swap", show);
show();

// hx-confirm and data-confirm ask with our dialog. data-confirm-label names the button: "6곳에 알리기", never "확인".
document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  if (!ctx?.confirm) return;
  event.preventDefault();
  ask(ctx.confirm, ctx.sourceElement?.dataset.confirmLabel).then((isYes) => (isYes ? issueRequest() : dropRequest()));
});
document.addEventListener("submit", (event) => {
  const source = event.submitter?.dataset.confirm ? event.submitter : event.target;
  if (!source.dataset?.confirm || event.target.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(source.dataset.confirm, source.dataset.confirmLabel).then((isYes) => {
    if (!isYes) return;
    event.target.dataset.confirmed = "1";
    event.target.requestSubmit(event.submitter ?? undefined);
    delete event.target.dataset.confirmed;
  });
}, true);

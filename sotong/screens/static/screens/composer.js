// The composer: which kind of answer, how long it is, what happens when it was sent or refused.
// Nothing typed is lost: drafts.js keeps every tab here and on the server.
import { toast } from "../design/toast.js";
import { words as common } from "../design/words.js";
import { forget, restore, seenOf, watchDrafts } from "./drafts.js";
import { showPictures, watchPictures } from "./pictures.js";
import { saysTyping } from "./presence.js";
import { newToken } from "./tokens.js";

const segmenter = globalThis.Intl?.Segmenter ? new Intl.Segmenter("ko", { granularity: "grapheme" }) : null;
const NEAR = 0.9;

/** Length of a text as its network counts it. */
export function measure(text, unit) {
  const plain = text.normalize("NFC").trim();
  if (unit === "graphemes" && segmenter) return [...segmenter.segment(plain)].length;
  return [...plain].length;
}

const composer = () => document.getElementById("composer");
const panelOf = (form) => form.querySelector('[role="tabpanel"]:not([hidden])');

function count(form) {
  const panel = panelOf(form);
  const field = panel?.querySelector("textarea");
  const shown = form.querySelector("[data-count]");
  const send = form.querySelector("[data-send-button]");
  if (!field || !shown || !send) return;
  const limit = Number(panel.dataset.limit || 0);
  const length = measure(field.value, panel.dataset.unit);
  const over = limit ? length - limit : 0;
  shown.querySelector("b").textContent = String(length);
  shown.querySelector("[data-count-limit]").textContent = limit ? `/${limit}` : "";
  shown.classList.toggle("count-near", limit > 0 && over <= 0 && length >= limit * NEAR);
  shown.classList.toggle("count-over", over > 0);
  shown.querySelector("[data-count-over]").textContent = over > 0 ? (form.dataset.overWords ?? "").replace("{n}", over) : "";
  const arc = shown.querySelector("[data-ring-arc]");
  if (arc && limit) arc.setAttribute("stroke-dasharray", `${Math.min(1, length / limit) * 48.7} 48.7`);
  const isEmpty = !field.value.trim() && !panel.querySelector("[data-picture]");
  send.disabled = over > 0 || isEmpty;
}

function show(form) {
  const panel = panelOf(form);
  if (!panel) return;
  form.dataset.kind = panel.dataset.tab;
  form.setAttribute("hx-post", panel.dataset.url);
  window.htmx?.process(form);
  const send = form.querySelector("[data-send-label]");
  if (send) send.textContent = panel.dataset.sendWords;
  form.querySelector("[data-target-label]").textContent = panel.dataset.targetWords;
  form.querySelector(".attach")?.toggleAttribute("hidden", !panel.querySelector("[data-pictures]"));
  // Only the chosen tab's fields are sent.
  for (const other of form.querySelectorAll('[role="tabpanel"]')) {
    other.querySelectorAll("textarea, input").forEach((field) => { field.disabled = other !== panel; });
  }
  count(form);
}

// What was sent leaves the field; what was typed while it was on its way stays, as a new draft.
function sent(form, { panel, text }) {
  const field = panel.querySelector("textarea");
  forget(form, panel);
  panel.querySelectorAll("[data-picture]").forEach((picture) => picture.remove());
  panel.querySelector('input[name="token"]').value = newToken();
  if (field.value.startsWith(text)) field.value = field.value.slice(text.length).trimStart();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  form.querySelector("[data-said]").replaceChildren();
  // What is empty is no draft: nothing is kept, and nothing is said of one.
  if (!field.value) {
    forget(form, panel);
    form.querySelector("[data-draft-state]").replaceChildren();
  }
  count(form);
}

function ready() {
  const form = composer();
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "1";
  restore(form);
  show(form);
  form.querySelectorAll("textarea[data-autosize]").forEach((field) => field.dispatchEvent(new Event("input", { bubbles: true })));
}

// In a text that was here before (a draft), one goes on writing at its end, until one has put the cursor somewhere.
const entered = new WeakSet();
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("#composer textarea")) toEnd(event.target);
});
function toEnd(field) {
  if (entered.has(field)) return;
  entered.add(field);
  if (!field.selectionEnd) field.setSelectionRange(field.value.length, field.value.length);
}
const writeOn = (form) => panelOf(form)?.querySelector("textarea")?.focus();

document.addEventListener("sotong:tab", (event) => {
  const form = event.target.closest("#composer");
  if (!form) return;
  show(form);
  writeOn(form);
});
// Its key also leads into the tab that is chosen already.
document.addEventListener("click", (event) => {
  const tab = event.target.closest?.('#composer [role="tab"]');
  if (tab?.getAttribute("aria-selected") === "true") writeOn(composer());
});
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("#composer");
  if (!form) return;
  count(form);
  if (event.isTrusted && event.target.matches("textarea")) saysTyping(form);
});
document.addEventListener("sotong:pictures", () => { const form = composer(); if (form) count(form); });

// Answers of the server: 2xx means kept; what was typed stays in place for everything else.
const underway = new WeakMap();
document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (form?.id !== "composer") return;
  const panel = panelOf(form);
  underway.set(event.detail.ctx, { panel, text: panel.querySelector("textarea").value });
});
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (underway.has(ctx) && ctx.response?.raw?.ok) sent(ctx.sourceElement, underway.get(ctx));
});
// htmx gives the button back; whether there is something to send is ours to say.
document.addEventListener("htmx:finally:request", (event) => {
  if (underway.has(event.detail.ctx)) count(event.detail.ctx.sourceElement);
});
// An undone reply comes back into the composer: {"sotong:undone": {"text": …, "tab": …, "conversation": …, "token": …, "savedMs": …, "imagesUrl": …}}.
// Every window goes on with the token of the draft that it became.
document.addEventListener("sotong:undone", (event) => {
  const form = composer();
  const { text, tab = "public", conversation, token, savedMs, imagesUrl } = event.detail ?? {};
  if (!form || String(conversation) !== form.dataset.conversation) return;
  // Too long for a header: the server has it as the draft of the page.
  if (text === undefined) return void location.reload();
  const panel = form.querySelector(`[role="tabpanel"][data-tab="${CSS.escape(tab)}"]`);
  const field = panel?.querySelector("textarea");
  if (!field) return;
  field.value = field.value ? `${text}\n\n${field.value}` : text;
  panel.querySelector('input[name="token"]').value = token;
  seenOf(panel).value = savedMs;
  form.querySelector(`[role="tab"][data-value="${CSS.escape(tab)}"]`)?.click();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  if (imagesUrl) showPictures(panel, imagesUrl);
});
// A canned response is put where the cursor stands; nothing is sent.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest?.("[data-canned]");
  const form = composer();
  if (!chosen || !form) return;
  const field = panelOf(form).querySelector("textarea");
  toEnd(field);
  field.setRangeText(chosen.dataset.canned, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  chosen.closest("details")?.removeAttribute("open");
  chosen.closest("dialog")?.close();
  field.focus();
});

document.addEventListener("htmx:after:swap", ready);
watchDrafts(composer, panelOf);
watchPictures(composer, panelOf, (text) => toast(text || common("failed"), { seconds: 10 }));
ready();

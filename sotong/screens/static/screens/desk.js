// The desk: which conversation is open, and where the thread is scrolled to.
import { addKey } from "../design/keys.js";
import { here } from "../design/rows.js";
import { toast } from "../design/toast.js";
import { words } from "../design/words.js";
import "./offers.js";

const NEAR_BOTTOM_PX = 80;
const desk = () => document.querySelector(".desk");
const messages = () => document.getElementById("messages");
let wasAtBottom = true;
let known = new Set();
let unseen = 0;

function isAtBottom(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_BOTTOM_PX;
}

function toBottom(box) {
  box.scrollTop = box.scrollHeight;
  hideNewer();
}

const ids = (box) => new Set([...box.querySelectorAll("article[id]")].map((one) => one.id));
const newer = () => document.getElementById("newer");
function hideNewer() {
  unseen = 0;
  const button = newer();
  if (button) button.hidden = true;
}

// Every renewal brings the button hidden, as the server knows it: whether something is below is known here alone.
function showNewer(count) {
  unseen += count;
  const button = newer();
  if (!unseen || !button) return;
  button.hidden = false;
  button.querySelector("[data-newer-words]").textContent = button.dataset.words.replace("{n}", unseen);
}

function opened() {
  const box = messages();
  if (!box) return;
  known = ids(box);
  unseen = 0;
  const mark = box.querySelector("[data-first-unread]");
  if (mark) mark.scrollIntoView({ block: "center" });
  else toBottom(box);
}

// The list marks the open conversation itself, so that the mark does not wait for the server.
function markCurrent(path) {
  for (const row of document.querySelectorAll("#list .conv")) {
    if (new URL(row.href).pathname === path) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:before:swap", (event) => {
  const box = messages();
  if (event.detail?.ctx?.target?.id === "messages" && box) wasAtBottom = isAtBottom(box);
});
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target;
  if (target?.id === "panel") {
    desk()?.setAttribute("data-view", "thread");
    desk()?.removeAttribute("data-side");
    markCurrent(location.pathname);
    opened();
  }
  // Asked for before the conversation was open, answered after: the mark is ours to put back.
  if (target?.id === "list") markCurrent(location.pathname);
  if (target?.id !== "messages") return;
  const box = messages();
  const fresh = [...ids(box)].filter((id) => !known.has(id));
  known = ids(box);
  if (wasAtBottom) toBottom(box);
  else showNewer(fresh.length);
});
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("#list .conv");
  if (row && !event.defaultPrevented) markCurrent(new URL(row.href).pathname);
  if (event.target.closest?.("#newer")) toBottom(messages());
  if (event.target.closest?.("[data-side-toggle]")) {
    const box = desk();
    if (box.dataset.side === "open") box.removeAttribute("data-side");
    else box.dataset.side = "open";
    // On a phone the button itself has gone with what it stands in; its twin is where the focus goes on.
    [...box.querySelectorAll("[data-side-toggle]")].find((button) => button.offsetParent)?.focus();
  }
});
// Scrolling does not bubble; the box itself is another one for each conversation.
document.addEventListener("scroll", (event) => {
  if (event.target.id === "messages" && isAtBottom(event.target)) hideNewer();
}, { passive: true, capture: true });

// What is told while a conversation is on its way may be missing from it, and nothing on the page listens for it yet:
// it is told again once the conversation is there.
const onTheirWay = new Map();
const tell = (name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: {} }));
const keepTold = (name) => onTheirWay.forEach((told) => told.add(name));
document.addEventListener("sotong:conversation", ({ detail }) => keepTold(`sotong:conversation:${detail.id}`));
document.addEventListener("sotong:presence", ({ detail }) => keepTold(`sotong:presence:conversation:${detail.conversation}`));
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.getAttribute?.("hx-target") === "#panel") onTheirWay.set(ctx, new Set());
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const told = onTheirWay.get(ctx);
  onTheirWay.delete(ctx);
  told?.forEach(tell);
});

// A list that renews itself keeps as many rows as were leafed to, and the mark of the open one.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement?.id !== "list") return;
  ctx.request.body.set("size", document.querySelectorAll("#list .conv").length);
  const open = document.querySelector("#list .conv[aria-current]")?.closest("[id]").id.slice(1);
  if (open) ctx.request.body.set("current", open);
});

// The event log no longer reaches back: read everything again.
document.addEventListener("sotong:reload", () => {
  tell("sotong:conversation");
  const open = desk()?.dataset.conversation ?? document.getElementById("composer")?.dataset.conversation;
  if (open) tell(`sotong:conversation:${open}`);
});

// A dialog whose form was accepted has done its work; while the live connection is down, the page renews itself.
let isLive = true;
document.addEventListener("sotong:connection", (event) => { isLive = event.detail.state === "ok"; });
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.request.method === "GET" || !ctx.response?.raw?.ok) return;
  const dialog = ctx.sourceElement?.closest?.("dialog");
  dialog?.querySelector("[role='alert']")?.replaceChildren();
  dialog?.querySelectorAll("input:not([type='hidden'], [type='radio'], [type='checkbox'])").forEach((field) => { field.value = ""; });
  dialog?.close();
  // An offer to take something back ends when it was taken, wherever that was said.
  document.querySelectorAll("#toasts [data-toast-undo]").forEach((offer) => {
    if (offer.getAttribute("hx-post").replace(/\?undo=1$/, "") === ctx.request.action) offer.closest(".toast").remove();
  });
  if (!isLive) document.dispatchEvent(new CustomEvent("sotong:reload"));
});

// How a conversation ends as a rule, and who has it, is known to its head, which follows every answer; the dialog begins
// there, and follows it as long as nobody has chosen. Where only a person can say how it ends, nothing is chosen.
function begin(opener) {
  const { dialogOpen, outcome, person, team } = opener.dataset;
  document.querySelectorAll(`#${dialogOpen} [name="outcome"]`).forEach((one) => { one.checked = one.value === outcome; });
  for (const [name, value] of Object.entries({ person, team })) {
    const field = value !== undefined && document.querySelector(`#${dialogOpen} [name="${name}"]`);
    if (field) field.value = [...field.options].some((one) => one.value === value) ? value : "";
  }
}
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("#thread-head [data-dialog-open]");
  if (!opener) return;
  delete document.getElementById(opener.dataset.dialogOpen)?.dataset.chosen;
  begin(opener);
}, { capture: true });
document.addEventListener("change", (event) => {
  const dialog = event.target.closest?.("dialog");
  if (dialog) dialog.dataset.chosen = "";
});
document.addEventListener("htmx:after:swap", () => {
  const dialog = document.querySelector("#thread > dialog[open]:not([data-chosen])");
  const opener = dialog && document.querySelector(`#thread-head [data-dialog-open="${dialog.id}"]`);
  if (opener) begin(opener);
});

// C on what a colleague holds says so, and offers to take it over to whoever may. Keys that a control of the moment
// uses are listed under ? at all times.
addKey("KeyC", "", () => {
  const head = document.querySelector("#thread-head[data-held-words]");
  if (!head) return;
  const take = head.querySelector("[data-key='Shift+KeyC']");
  toast(head.dataset.heldWords, { action: take && { label: take.dataset.keyLabel, run: () => document.querySelector("#thread-head [data-key='Shift+KeyC']")?.click() } });
});
addKey("KeyZ", words("undo"), null);

// Esc goes back to the list: from a field first to the page, then to the row.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || document.querySelector("dialog[open], details.menu[open]")) return;
  const row = here() ?? document.querySelector("#list .conv");
  if (row?.checkVisibility?.()) row.focus();
  else document.querySelector("[data-back]")?.click();
});

opened();

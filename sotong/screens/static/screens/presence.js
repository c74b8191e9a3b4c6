// Tells colleagues that I am here, and that I am typing; renews my claim while I type.
import { csrfToken } from "../design/words.js";

const HERE_EVERY_MS = 10000;
const TYPING_EVERY_MS = 5000;
let typedAt = 0;
let toldAt = 0;
let toldTyping = false;

function tell(form, isTyping) {
  if (!form?.dataset.presenceUrl) return;
  toldAt = Date.now();
  toldTyping = isTyping;
  fetch(form.dataset.presenceUrl, {
    method: "POST",
    body: new URLSearchParams({ is_typing: isTyping ? "1" : "" }),
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
  }).catch((error) => console.warn("Presence was not told.", error));
}

/** Called at each key; tells that typing began at once, then at most every few seconds. */
export function saysTyping(form) {
  typedAt = Date.now();
  if (!toldTyping || Date.now() - toldAt > TYPING_EVERY_MS) tell(form, true);
}

setInterval(() => {
  const form = document.getElementById("composer");
  const isTyping = Date.now() - typedAt < TYPING_EVERY_MS;
  if (form && !document.hidden && (Date.now() - toldAt >= HERE_EVERY_MS || toldTyping && !isTyping)) tell(form, isTyping);
}, 2000);
// Going away: at once, so that nobody waits for someone who is not there. The old panel is gone when the new one shows.
let shownForm = null;
function leave() {
  if (!shownForm?.dataset.presenceUrl) return;
  fetch(shownForm.dataset.presenceUrl, {
    method: "POST", keepalive: true, body: new URLSearchParams({ is_leaving: "1" }),
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
  }).catch((error) => console.warn("Leaving was not told.", error));
}
addEventListener("pagehide", leave);
const here = () => {
  const form = document.getElementById("composer");
  if (shownForm && shownForm.dataset.conversation !== form?.dataset.conversation) leave();
  shownForm = form;
  if (form) tell(form, false);
};
document.addEventListener("htmx:after:swap", (event) => { if (event.detail?.ctx?.target?.id === "panel") here(); });
here();

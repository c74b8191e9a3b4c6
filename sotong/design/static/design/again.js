// A part of the page that was told to renew itself and could not is asked for again: soon, then after growing pauses,
// soon again when the line is back. Until it has succeeded, the page does not claim to be current (live.js).
const FIRST_MS = 1000;
const LONGEST_MS = 30000;
const SPREAD_MS = 2000;
const behind = new Map();

/** Whether an event or the clock asked for it, and not a person. */
export const isBackground = ({ request, sourceEvent }) => request.method === "GET" && !sourceEvent?.isTrusted && !(sourceEvent instanceof UIEvent);

/** Whether some part of the page is older than what the page was told. */
export function isBehind() {
  behind.forEach((part, element) => { if (!element.isConnected) forget(element); });
  return behind.size > 0;
}

/** Whether some part of the page is gone or refused: reading the page anew tells what there is instead. */
export const isGone = () => isBehind() && [...behind.values()].some((part) => isForGood(part.status));

/** Whether trying again most likely changes nothing. Otherwise later may be: no answer, a server that is away or busy, a sign-in that has ended. */
export const isForGood = (status) => status < 500 && ![401, 408, 429].includes(status);

/** Growing pauses between tries: 1, 2, 4 … 30 seconds, a little uneven so that not all pages come at once. */
export const pauseAfter = (tries) => Math.min(LONGEST_MS, FIRST_MS * 2 ** tries) * (0.8 + Math.random() * 0.4);

/** Calls `run` for each key of `waiting` soon after the server can probably be reached again: not all pages at once. */
export function whenBack(waiting, run) {
  const soon = () => waiting.forEach((_, one) => setTimeout(() => { if (waiting.has(one)) run(one); }, Math.random() * SPREAD_MS));
  addEventListener("online", soon);
  document.addEventListener("sotong:connection", ({ detail }) => { if (detail.state === "ok") soon(); });
}

function forget(element) {
  clearTimeout(behind.get(element)?.timer);
  behind.delete(element);
}

function ask(element) {
  const url = element.isConnected && element.getAttribute("hx-get");
  if (url) window.htmx.ajax("GET", url, { source: element });
  else forget(element);
}

/** Whether the answer says nothing about what was asked for: no line, a server that is away, or what is gone or refused. */
export const isFailed = ({ response, status }) => (response ? response.status >= 400 : status.startsWith("error"));

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const element = ctx.sourceElement;
  if (ctx.request.method !== "GET" || !(behind.has(element) || isBackground(ctx))) return;
  const tries = behind.get(element)?.tries ?? 0;
  const was = isBehind();
  forget(element);
  if (isFailed(ctx) && element.isConnected) behind.set(element, { tries: tries + 1, status: ctx.response?.status, timer: setTimeout(ask, pauseAfter(tries), element) });
  if (was !== isBehind()) document.dispatchEvent(new CustomEvent("sotong:behind"));
});
whenBack(behind, ask);

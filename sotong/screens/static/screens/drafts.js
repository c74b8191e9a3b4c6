// Drafts: what is typed is kept in this browser at once and on the server at every pause, which then has it alone.
// What the server could not be given it is given again: after growing pauses, soon when the line is back.
import { isForGood, pauseAfter, whenBack } from "../design/again.js";
import { csrfToken } from "../design/words.js";
import { newToken } from "./tokens.js";

const PAUSE_MS = 600;
const LONGEST_MS = 2000;
const PATIENCE_MS = 20000;
// Browsers refuse to outlive the page (keepalive) with more than 64 KiB; presence.js needs a little of it.
const OUTLIVES_BYTES = 60000;
const OLDEST_MS = 14 * 24 * 3600 * 1000;
const timers = new Map();
const waiting = new Map();
const missed = new Map();
const latest = new WeakMap();
const PAGE = newToken();

// Each open page keeps what it has typed under a name of its own: two windows do not write over each other.
const placeOf = (form, panel) => `sotong:draft:${form.dataset.person}:${form.dataset.conversation}:${panel.dataset.tab}`;
const keyOf = (form, panel) => `${placeOf(form, panel)}:${PAGE}`;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch (error) {
    console.warn("A kept draft could not be read.", error);
    return null;
  }
}

function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch (error) {
    console.warn("This browser does not keep drafts.", error);
  }
}

/** What pages before this one have typed and the server never got, the oldest first. */
function left(place) {
  const keys = Object.keys(localStorage).filter((key) => key === place || key.startsWith(`${place}:`));
  return keys.map((key) => ({ key, ...read(key) })).sort((one, other) => (one.savedAt ?? 0) - (other.savedAt ?? 0));
}

/** Bring back what this browser knows and the server does not: beside what the server has, never instead of it. */
export function restore(form) {
  form.querySelector('input[name="page"]').value = PAGE;
  for (const panel of form.querySelectorAll('[role="tabpanel"]')) {
    const field = panel.querySelector("textarea");
    let isNew = false;
    for (const { key, text, savedAt, token } of left(placeOf(form, panel))) {
      if (text && savedAt >= Date.now() - OLDEST_MS && !field.value.includes(text)) {
        if (!field.value && token) tokenOf(panel).value = token;
        field.value = text.startsWith(field.value) ? text : `${field.value}\n\n${text}`;
        isNew = true;
      }
      keep(key, null);
    }
    if (isNew) {
      keepHere(form, panel);
      save(form, panel);
    }
  }
}

const keepHere = (form, panel) => {
  const { value } = panel.querySelector("textarea");
  keep(keyOf(form, panel), value ? { text: value, savedAt: Date.now(), token: tokenOf(panel).value } : null);
};

/** The text left: it is no draft any more. */
export function forget(form, panel) {
  clearTimeout(timers.get(panel));
  missed.delete(panel);
  latest.delete(panel);
  keep(keyOf(form, panel), null);
}

async function save(form, panel, isLeaving = false) {
  clearTimeout(timers.get(panel));
  waiting.delete(panel);
  const body = new URLSearchParams({
    tab: panel.dataset.tab,
    text: panel.querySelector("textarea").value,
    token: tokenOf(panel).value,
    page: PAGE,
    seen: seenOf(panel).value,
  });
  latest.set(panel, body);
  // An empty tab that nobody sees has nothing to say.
  const shown = (body.get("text") || !panel.hidden) && form.querySelector("[data-draft-state]");
  try {
    const response = await fetch(form.dataset.draftUrl, {
      method: "POST", body, keepalive: isLeaving && String(body).length <= OUTLIVES_BYTES, signal: AbortSignal.timeout(PATIENCE_MS), headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    });
    if (!response.ok) throw new Error("not kept", { cause: response.status });
    if (latest.get(panel) === body) missed.delete(panel);
    const { state, token, saved_ms: savedMs } = await response.json();
    if (state === "sent") return clearSent(form, panel, body);
    if (state === "renewed") return renew(form, panel, body, token);
    if (state === "elsewhere") return void (shown && (shown.textContent = form.dataset.draftElsewhere));
    seenOf(panel).value = Math.max(savedMs, Number(seenOf(panel).value));
    // The server has it now; what stays in a browser stays there after signing out.
    if (read(keyOf(form, panel))?.text === body.get("text")) keep(keyOf(form, panel), null);
    const isAllThere = ![...missed.values()].some((one) => one.form === form && one.isSaid);
    if (shown && isAllThere) shown.textContent = body.get("text") ? form.dataset.draftSaved : "";
  } catch (error) {
    // A newer text is on its way, or this one has left as an answer.
    if (latest.get(panel) !== body) return undefined;
    // The browser still has it; say so instead of pretending.
    if (shown) shown.textContent = form.dataset.draftHere;
    if (isForGood(error.cause)) return void missed.delete(panel);
    const { tries = 0 } = missed.get(panel) ?? {};
    missed.set(panel, { form, tries: tries + 1, isSaid: Boolean(shown) });
    timers.set(panel, setTimeout(saveAgain, pauseAfter(tries), panel));
  }
  return undefined;
}

// Up to when this page knows the server's draft, in ms since 1970.
export const seenOf = (panel) => panel.querySelector('input[name="seen"]');

// The composer may have gone meanwhile, for another conversation: its text goes to the server all the same, unless the
// conversation was opened again and that composer took it over.
function saveAgain(panel) {
  const { form } = missed.get(panel) ?? {};
  if (!form) return;
  if (panel.isConnected || read(keyOf(form, panel))?.text === panel.querySelector("textarea").value) save(form, panel);
  else missed.delete(panel);
}

const tokenOf = (panel) => panel.querySelector('input[name="token"]');

// The browser closed before it heard that this text had left: it is no draft any more.
function clearSent(form, panel, body) {
  const field = panel.querySelector("textarea");
  if (field.value !== body.get("text") || tokenOf(panel).value !== body.get("token")) return;
  forget(form, panel);
  tokenOf(panel).value = newToken();
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Another window sent the draft that this one goes on with: from now on it is a new one.
function renew(form, panel, body, token) {
  if (tokenOf(panel).value !== body.get("token")) return undefined;
  tokenOf(panel).value = token;
  return save(form, panel);
}

/** Follow every tab of the composer. */
export function watchDrafts(composer, panelOf) {
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("#composer");
    const panel = event.target.closest?.('[role="tabpanel"]');
    if (!form || !panel || !event.target.matches("textarea")) return;
    keepHere(form, panel);
    // At every pause, and now and then where there is none.
    waiting.set(panel, waiting.get(panel) ?? Date.now());
    clearTimeout(timers.get(panel));
    const wait = Math.max(0, Math.min(PAUSE_MS, waiting.get(panel) + LONGEST_MS - Date.now()));
    timers.set(panel, setTimeout(() => save(form, panel), wait));
  });
  whenBack(missed, saveAgain);
  addEventListener("pagehide", () => {
    const form = composer();
    const panel = form && panelOf(form);
    // What does not get there any more stays in this browser and comes back with the next page.
    if (panel && read(keyOf(form, panel))) save(form, panel, true);
  });
}

// Drafts: what is typed is kept in this browser at once and on the server at every pause, which then has it alone.
import { csrfToken } from "../design/words.js";
import { newToken } from "./tokens.js";

const PAUSE_MS = 600;
const OLDEST_MS = 14 * 24 * 3600 * 1000;
const timers = new Map();

const keyOf = (form, panel) => `sotong:draft:${form.dataset.person}:${form.dataset.conversation}:${panel.dataset.tab}`;

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

/** Bring back what this browser knows and the server does not. */
export function restore(form) {
  for (const panel of form.querySelectorAll('[role="tabpanel"]')) {
    const kept = read(keyOf(form, panel));
    const field = panel.querySelector("textarea");
    if (!kept?.text || kept.savedAt < Date.now() - OLDEST_MS) continue;
    const isNewer = kept.savedAt > Number(panel.dataset.savedAt || 0);
    if (isNewer && kept.text !== field.value) {
      field.value = kept.text;
      if (kept.token) panel.querySelector('input[name="token"]').value = kept.token;
      save(form, panel);
    }
  }
}

/** The text left: it is no draft any more. */
export function forget(form, panel) {
  clearTimeout(timers.get(panel));
  keep(keyOf(form, panel), null);
}

async function save(form, panel) {
  const body = new URLSearchParams({
    tab: panel.dataset.tab,
    text: panel.querySelector("textarea").value,
    token: panel.querySelector('input[name="token"]').value,
  });
  const shown = form.querySelector("[data-draft-state]");
  try {
    const response = await fetch(form.dataset.draftUrl, {
      method: "POST", body, keepalive: true, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    });
    if (!response.ok) throw new Error(String(response.status));
    const { state, token } = await response.json();
    if (state === "sent") return clearSent(form, panel, body);
    if (state === "renewed") return renew(form, panel, body, token);
    // The server has it now; what stays in a browser stays there after signing out.
    if (read(keyOf(form, panel))?.text === body.get("text")) keep(keyOf(form, panel), null);
    if (shown) shown.textContent = body.get("text") ? form.dataset.draftSaved : "";
  } catch {
    // The browser still has it; say so instead of pretending.
    if (shown) shown.textContent = form.dataset.draftHere;
  }
  return undefined;
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
    const key = keyOf(form, panel);
    const { value } = event.target;
    keep(key, value ? { text: value, savedAt: Date.now(), token: panel.querySelector('input[name="token"]').value } : null);
    clearTimeout(timers.get(panel));
    timers.set(panel, setTimeout(() => save(form, panel), PAUSE_MS));
  });
  addEventListener("pagehide", () => {
    const form = composer();
    const panel = form && panelOf(form);
    if (panel && read(keyOf(form, panel))) save(form, panel);
  });
}

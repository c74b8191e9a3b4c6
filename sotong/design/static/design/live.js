// The live connection: one a page, opened at <body data-events>. Each event becomes a DOM event on <body>:
// sotong:NAME with detail {id, …}; sotong:NAME:ID and sotong:NAME:KEY:VALUE for elements that show one thing.
// Nothing is lost: after a break the server replays from the last id (Last-Event-ID), the first time from
// data-events-since. When it cannot reach back that far it says "reload".
import { isBehind, isGone } from "./again.js";
import { make, words } from "./words.js";
import { readEvents } from "./stream.js";

const SLOW_MS = 30000;
const DEAD_MS = 75000;
const HIDDEN_MS = 2000;
const LOST_BANNER_MS = 4000;
const url = document.body.dataset.events;

let cursor = document.body.dataset.eventsSince ?? "";
let state = "idle";
let seenAt = 0;
let lostAt = 0;
let tries = 0;
let controller = null;
let timer = 0;
let hiddenTimer = 0;

function announce(name, detail) {
  document.body.dispatchEvent(new CustomEvent(`sotong:${name}`, { bubbles: true, detail }));
  const { ids, id, cursor: _, name: __, ...rest } = detail;
  const said = [...(ids ?? (id === undefined ? [] : [id])), ...Object.entries(rest).map(([key, value]) => `${key}:${value}`)];
  for (const one of said) {
    document.body.dispatchEvent(new CustomEvent(`sotong:${name}:${one}`, { bubbles: true, detail }));
  }
}

// The page is too old to be patched. Reading it again must not eat what is being written, nor go round in circles.
function reload() {
  const key = "sotong-reloaded";
  const isWriting = [...document.querySelectorAll("textarea, input[type='text']")].some((field) => field.value !== field.defaultValue);
  if (isWriting || Date.now() - Number(sessionStorage.getItem(key) ?? 0) < 15000) {
    isStale = true;
    return draw();
  }
  sessionStorage.setItem(key, String(Date.now()));
  return location.reload();
}

function receive({ name, id, data }) {
  seenAt = Date.now();
  // An id without an event tells where the server is, not what we have seen: what lies between is still to come.
  if (id && (data || !cursor)) cursor = id;
  if (!data) return draw();
  let detail = {};
  try {
    detail = JSON.parse(data);
  } catch (error) {
    console.warn("An event was not JSON.", error);
  }
  const called = name || detail.name;
  if (called === "reload") return reload();
  return called ? announce(called, { ...detail, cursor: id }) : undefined;
}

async function connect() {
  clearTimeout(timer);
  controller?.abort();
  const mine = new AbortController();
  controller = mine;
  try {
    const headers = { Accept: "text/event-stream", ...(cursor ? { "Last-Event-ID": cursor } : {}) };
    const response = await fetch(url, { headers, signal: mine.signal, cache: "no-store" });
    if ([401, 403].includes(response.status) || response.redirected) return end();
    if (!response.ok || !response.body) throw new Error(`the live connection answered ${response.status}`);
    tries = 0;
    lostAt = 0;
    seenAt = Date.now();
    become("ok");
    for await (const event of readEvents(response.body)) receive(event);
    throw new Error("the live connection ended");
  } catch (error) {
    if (mine !== controller || mine.signal.reason === "hidden") return undefined;
    lostAt ||= Date.now();
    become("lost");
    tries += 1;
    const wait = Math.min(30000, 500 * 2 ** tries) * (0.7 + Math.random() * 0.6);
    timer = setTimeout(connect, wait);
    return undefined;
  }
}

function end() {
  become("ended");
}

function pause() {
  clearTimeout(timer);
  controller?.abort("hidden");
  state = "paused";
}

function become(next) {
  if (state === next) return;
  const before = state;
  state = next;
  document.body.dispatchEvent(new CustomEvent("sotong:connection", { bubbles: true, detail: { state, before } }));
  draw();
  if (["lost", "ended"].includes(next)) aloud(words("liveLost"));
  if (next === "ok" && before === "lost") aloud(words("back"));
}

function aloud(text) {
  document.querySelectorAll("[data-live-aloud]").forEach((place) => { place.textContent = text; });
}

/** Say honestly how the connection is: its state, and how old the last sign of life is. */
function draw() {
  const age = Date.now() - seenAt;
  if (state === "ok" && age > DEAD_MS) return connect();
  const late = isBehind() ? "behind" : age > SLOW_MS ? "slow" : "ok";
  const shown = state === "ok" ? late : { ended: "lost", paused: "idle" }[state] ?? state;
  const seconds = Math.floor(age / 5000) * 5;
  const spoken = seconds < 5 ? words("now") : seconds < 60 ? words("secondsAgo", { n: seconds }) : words("minutesAgo", { n: Math.floor(seconds / 60) });
  const text = { ok: words("liveOk", { age: spoken }), slow: words("liveSlow", { age: spoken }), behind: words("liveBehind"), lost: words("liveLost"), idle: words("liveIdle") }[shown];
  const dot = { ok: "dot", slow: "dot dot-warn", behind: "dot dot-warn", lost: "dot dot-danger", idle: "dot dot-idle" }[shown];
  for (const place of document.querySelectorAll("[data-live]")) {
    place.dataset.state = shown;
    place.querySelector(".dot").className = dot;
    const said = place.querySelector("[data-live-words]");
    if (said.textContent !== text) said.textContent = text;
  }
  const isLost = state === "lost" && lostAt && Date.now() - lostAt > LOST_BANNER_MS;
  banner(state === "ended" ? "ended" : isLost ? "lost" : isStale || isGone() ? "stale" : "");
  return undefined;
}

const BANNERS = {
  ended: { said: "signedOut", action: "signIn", run: () => window.open("/accounts/login/", "_blank", "noopener") },
  lost: { said: "liveLost", action: "reconnect", run: () => connect() },
  stale: { said: "stale", action: "reload", run: () => location.reload() },
};
let isStale = false;

function banner(kind) {
  const slot = document.getElementById("banner");
  const shown = slot?.querySelector("[data-live-banner]");
  if (!slot || (shown?.dataset.liveBanner ?? "") === kind) return;
  shown?.remove();
  if (!kind) return;
  const { said, action, run } = BANNERS[kind];
  const button = make("button", "", words(action));
  button.type = "button";
  button.addEventListener("click", run);
  const box = make("div", "banner banner-danger", make("span", "dot dot-danger"), make("span", "grow", words(said)), button);
  box.dataset.liveBanner = kind;
  slot.prepend(box);
}

if (url) {
  // A browser opens few connections to one server (six), and without one no page loads: a tab that nobody looks at
  // gives its own back, and one that opens behind the others takes none.
  if (document.hidden) pause();
  else connect();
  setInterval(draw, 1000);
  document.addEventListener("sotong:behind", draw);
  addEventListener("online", () => { if (state !== "paused") connect(); });
  addEventListener("pagehide", () => controller?.abort("hidden"));
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) {
      hiddenTimer = setTimeout(pause, HIDDEN_MS);
    } else if (state === "paused") {
      state = "idle";
      connect();
    }
  });
}

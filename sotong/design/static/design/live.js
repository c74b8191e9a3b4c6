// The live connection: one a page, opened at <body data-events>. Each event becomes a DOM event on <body>:
// sotong:NAME with detail {id, …}, and sotong:NAME:ID for elements that show one thing. Nothing is lost:
// after a break the server replays from the last id (Last-Event-ID), the first time from data-events-since.
import { make, words } from "./words.js";
import { readEvents } from "./stream.js";

const SLOW_MS = 30000;
const DEAD_MS = 75000;
const HIDDEN_MS = 60000;
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
  for (const id of detail.ids ?? (detail.id === undefined ? [] : [detail.id])) {
    document.body.dispatchEvent(new CustomEvent(`sotong:${name}:${id}`, { bubbles: true, detail }));
  }
}

function receive({ name, id, data }) {
  seenAt = Date.now();
  if (id) cursor = id;
  if (!data) return draw();
  let detail = {};
  try {
    detail = JSON.parse(data);
  } catch (error) {
    console.warn("An event was not JSON.", error);
  }
  const called = name || detail.name;
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
  const shown = state === "ok" && age > SLOW_MS ? "slow" : state === "ended" ? "lost" : state;
  const seconds = Math.floor(age / 5000) * 5;
  const spoken = seconds < 5 ? words("now") : seconds < 60 ? words("secondsAgo", { n: seconds }) : words("minutesAgo", { n: Math.floor(seconds / 60) });
  const text = { ok: words("liveOk", { age: spoken }), slow: words("liveSlow", { age: spoken }), lost: words("liveLost"), idle: words("liveIdle") }[shown];
  const dot = { ok: "dot", slow: "dot dot-warn", lost: "dot dot-danger", idle: "dot dot-idle" }[shown];
  for (const place of document.querySelectorAll("[data-live]")) {
    place.dataset.state = shown;
    place.querySelector(".dot").className = dot;
    const said = place.querySelector("[data-live-words]");
    if (said.textContent !== text) said.textContent = text;
  }
  banner(state === "ended" || (state === "lost" && lostAt && Date.now() - lostAt > LOST_BANNER_MS));
  return undefined;
}

function banner(isNeeded) {
  const slot = document.getElementById("banner");
  const shown = slot?.querySelector("[data-live-banner]");
  if (!slot || Boolean(shown) === Boolean(isNeeded)) return;
  if (shown) return shown.remove();
  const isOver = state === "ended";
  const action = isOver ? make("a", "", words("signIn")) : make("button", "", words("retry"));
  if (isOver) action.href = "/accounts/login/";
  else action.type = "button";
  action.addEventListener("click", () => isOver || connect());
  const box = make("div", "banner banner-danger", make("span", "dot dot-danger"), make("span", "grow", words(isOver ? "signedOut" : "liveLost")), action);
  box.dataset.liveBanner = "";
  slot.prepend(box);
}

if (url) {
  connect();
  setInterval(draw, 1000);
  addEventListener("online", connect);
  addEventListener("pagehide", () => controller?.abort("hidden"));
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  // A browser opens few connections to one server: a tab that nobody looks at gives its own back.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) {
      hiddenTimer = setTimeout(() => { controller?.abort("hidden"); state = "paused"; }, HIDDEN_MS);
    } else if (state === "paused") {
      state = "idle";
      connect();
    }
  });
}

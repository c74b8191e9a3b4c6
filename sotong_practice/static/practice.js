// What the pages do beyond plain HTML: sending with Ctrl+Enter, counting, image slots, drafts, and staying up to date.
// Every form works without any of it.

const POLL_MS = 3000;
const isComposing = (event) => event.isComposing || event.keyCode === 229;

function composer(form) {
  const text = form.querySelector("textarea");
  const count = form.querySelector("[data-count]");
  const limit = Number(text.dataset.limit);
  const draftName = `draft:${form.dataset.composer}`;

  const recount = () => {
    const length = [...text.value.normalize("NFC").replaceAll("\r\n", "\n").trim()].length;
    count.textContent = length;
    count.parentElement.dataset.state = length > limit ? "over" : length > limit * 0.9 ? "near" : "";
  };

  if (text.value.trim() === "") text.value = sessionStorage.getItem(draftName) ?? text.value;
  if (text.value.startsWith("@")) text.setSelectionRange(text.value.length, text.value.length);
  recount();
  text.addEventListener("input", () => {
    recount();
    sessionStorage.setItem(draftName, text.value);
  });
  text.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    sessionStorage.removeItem(draftName);
    form.querySelector("[data-send]").setAttribute("aria-disabled", "true");
  });
  slots(form);
}

// One image at a time: the button opens the next free slot.
function slots(form) {
  const free = [...form.querySelectorAll("[data-slot]")];
  const add = form.querySelector("[data-add-image]");
  for (const slot of free) slot.hidden = true;
  add.hidden = free.length === 0;
  add.addEventListener("click", () => {
    const next = free.shift();
    if (!next) return;
    next.hidden = false;
    next.querySelector("input[type=file]").focus();
    add.hidden = free.length === 0;
  });
}

// A button that was pressed twice sends once more at most: the form's key makes it the same post. Likes stay on the page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-quiet]")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.url.endsWith("/join")) location.assign("/join");
    else await refresh();
  } catch {
    form.submit();
  } finally {
    button.removeAttribute("aria-disabled");
  }
});

// Times in the reader's zone and words: with the day unless that is today, with the year unless that is this one.
function localise(root) {
  const language = document.documentElement.lang;
  const now = new Date();
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const day = { month: language === "en" ? "short" : "long", day: "numeric" };
  for (const time of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    const isToday = moment.toDateString() === now.toDateString();
    const year = moment.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
    const words = moment.toLocaleString(language, isToday ? clock : { ...year, ...day, ...clock });
    if (time.textContent !== words) time.textContent = words;
    time.title = moment.toLocaleString(language, { year: "numeric", ...day, ...clock, timeZoneName: "long" });
  }
}

// Staying up to date: ask for the number of the latest change, and fetch this page again when it grew.
let effects = Number(document.body.dataset.live ?? -1);
const isLive = effects >= 0;

async function poll() {
  if (document.hidden) return;
  localise(document); // what was today when the page came may be yesterday by now
  try {
    const answer = await fetch("/live", { headers: { Accept: "application/json" } });
    const latest = (await answer.json()).effects;
    if (latest > effects) await refresh();
  } catch {
    // The network is away; the next round asks again.
  }
}

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  effects = Number(fresh.body.dataset.live ?? effects);
  localise(fresh);
  const symbols = document.querySelector(".sprite");
  for (const symbol of fresh.querySelectorAll(".sprite symbol")) {
    if (!document.getElementById(symbol.id)) symbols.append(symbol);
  }
  for (const part of document.querySelectorAll("[data-replace]")) {
    const other = fresh.querySelector(`[data-replace="${part.dataset.replace}"]`);
    if (other && !part.contains(document.activeElement)) part.replaceWith(other);
  }
  const list = document.querySelector("[data-merge]");
  const freshList = fresh.querySelector("[data-merge]");
  if (list && freshList) merge(list, freshList);
}

// Things with the same id and another version are replaced, unknown ones are put where they belong.
function merge(list, freshList) {
  const added = [];
  let before = null;
  for (const item of [...freshList.children]) {
    const known = document.getElementById(item.id);
    if (!known) {
      added.push(item);
      if (before) before.after(item);
      else list.prepend(item);
      before = item;
    } else if (known.dataset.version !== item.dataset.version) {
      const active = known.contains(document.activeElement) ? document.activeElement.className : "";
      known.replaceWith(item);
      if (active) item.querySelector(`.${active.split(" ").join(".")}`)?.focus();
      before = item;
    } else {
      before = known;
    }
  }
  if (added.length === 0) return;
  document.querySelector("main > .empty")?.remove();
  say(document.body.dataset.newPost.replace("%n", added.length));
  if (list.dataset.merge === "top" && scrollY > 240) offer(added);
}

// Somebody who is reading further down is told, not moved.
const waiting = new Set();
function offer(added) {
  added.forEach((item) => waiting.add(item));
  document.querySelector(".new-posts")?.remove();
  const bar = document.createElement("div");
  bar.className = "new-posts";
  const button = document.createElement("button");
  button.className = "btn btn-ink";
  button.textContent = document.body.dataset.newPosts.replace("%n", waiting.size);
  button.addEventListener("click", () => {
    waiting.clear();
    bar.remove();
    scrollTo({ top: 0 });
  });
  bar.append(button);
  document.querySelector("main").prepend(bar);
}

function say(words) {
  let place = document.getElementById("said");
  if (!place) {
    place = document.createElement("p");
    place.id = "said";
    place.className = "sr";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = words;
}

localise(document);
for (const form of document.querySelectorAll("[data-composer]")) composer(form);
if (isLive) {
  setInterval(poll, POLL_MS);
  document.addEventListener("visibilitychange", poll);
}
